/// A query: a song for which similar references are sought.
public struct RetrievalQuery: Sendable, Hashable {
  /// The song.
  public var song: RetrievalSong
  /// The song's own index among the references, so that it is not an answer to itself; nil if it is not among them.
  public var referenceIndex: Int?

  /// Creates a query.
  public init(song: RetrievalSong, referenceIndex: Int?) {
    self.song = song
    self.referenceIndex = referenceIndex
  }
}
