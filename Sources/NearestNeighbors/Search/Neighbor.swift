/// A result of a search: what was found, and its similarity to the query.
public struct Neighbor<ID: Sendable>: Sendable {
  /// What was found.
  public let id: ID
  /// The similarity, larger when nearer: the cosine of the angle between the two vectors, from -1 to 1, or the
  /// similarity that `MutualProximityCorrection` or `CosineScale` makes of it.
  public let similarity: Float

  /// The item `id` with its similarity to a query.
  public init(id: ID, similarity: Float) {
    self.id = id
    self.similarity = similarity
  }
}

extension Neighbor: Equatable where ID: Equatable {}
extension Neighbor: Hashable where ID: Hashable {}
