/// An answer to a search: what was found, and how much it is like the query.
public struct Neighbor<ID: Sendable>: Sendable {
  /// What was found.
  public let id: ID
  /// The cosine of the angle between the two vectors, from -1 to 1; larger is nearer.
  public let similarity: Float

  /// The item `id` with its similarity to a query.
  public init(id: ID, similarity: Float) {
    self.id = id
    self.similarity = similarity
  }
}

extension Neighbor: Equatable where ID: Equatable {}
extension Neighbor: Hashable where ID: Hashable {}
