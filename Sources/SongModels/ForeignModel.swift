/// A model that is known by its vectors alone: another program made them, and they are compared by the cosine.
public struct ForeignModel: Sendable, Hashable {
  /// What the listener calls it.
  public let name: String
  /// The length of its vectors.
  public let dimension: Int

  /// Names the stored vectors.
  public var identifier: String { "vectors-" + name }

  /// A model of this name; nil if it is not one to be typed: letters, digits, -, _ and . only, and none of a built-in
  /// model.
  public init?(name: String, dimension: Int) {
    let allowed = name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.numericType != nil || "-_.".unicodeScalars.contains($0)
    }
    guard !name.isEmpty, allowed, name.first != "-", name.first != ".", dimension > 0,
      EmbeddingModel(builtIn: Excerpts.split(name)?.base ?? name) == nil
    else { return nil }
    self.name = name
    self.dimension = dimension
  }
}
