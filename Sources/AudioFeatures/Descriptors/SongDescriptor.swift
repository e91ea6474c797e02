/// What a song sounds like, as numbers that need no training: ``DescriptorPart`` after part, 1703 values.
///
/// The values are what the song is, and are stored so; what depends on the collection, standardising each value over it,
/// happens when searching, and ``searchVector(ofStandardised:)`` does the rest. The cosine between two such vectors says how
/// alike two songs sound.
public struct SongDescriptor: Sendable, Hashable {
  /// The number of values of every descriptor.
  public static let count = DescriptorPart.fluctuationPattern.range.upperBound

  /// All parts, one after another: ``count`` finite values.
  public let values: [Float]

  /// Wraps values in the order of ``DescriptorPart``.
  public init(values: [Float]) {
    precondition(values.count == Self.count, "A descriptor has \(Self.count) values, not \(values.count)")
    self.values = values
  }

  /// One part's values.
  public subscript(part: DescriptorPart) -> ArraySlice<Float> { values[part.range] }
}
