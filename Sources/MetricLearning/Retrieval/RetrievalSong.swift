/// What evaluation knows of a song, whether it asks or answers.
public struct RetrievalSong: Sendable, Hashable {
  /// The class, as an index of the classes' names; nil where it has none: then it is relevant to no query, and as a
  /// query it is skipped.
  public var classIndex: Int?
  /// Any number that songs by the same artist share; nil where unknown: then the artist filter lets it pass.
  public var artist: Int?

  /// Creates a song.
  public init(classIndex: Int?, artist: Int? = nil) {
    self.classIndex = classIndex
    self.artist = artist
  }
}
