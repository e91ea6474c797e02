/// What a song sounds like, in 1703 values that need no training: one ``DescriptorPart`` after another.
///
/// A descriptor depends on the song alone, and is what is stored. Standardising, which depends on the collection,
/// happens in the search; ``searchVector(ofStandardised:)`` then gives the vectors whose cosine says how alike two
/// songs sound.
public struct SongDescriptor: Sendable, Hashable {
  /// The number of values of every descriptor.
  public static let count = DescriptorPart.allCases.reduce(0) { $0 + $1.count }

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
