/// What the evaluation knows about a song, as a query or as a reference.
public struct RetrievalSong: Sendable, Hashable {
  /// The class, as an index of the classes' names; nil if it has none: then it is relevant to no query, and is
  /// skipped as a query.
  public var classIndex: Int?
  /// Any number that songs by the same artist share; nil if unknown: then the artist filter does not apply.
  public var artist: Int?

  /// Creates a song.
  public init(classIndex: Int?, artist: Int? = nil) {
    self.classIndex = classIndex
    self.artist = artist
  }
}
