/// A song that asks which references sound like it.
public struct RetrievalQuery: Sendable, Hashable {
  /// The song that asks.
  public var song: RetrievalSong
  /// Where the song itself is among the references, so that it is no answer to itself; nil where it is not.
  public var referenceIndex: Int?

  /// Creates a query.
  public init(song: RetrievalSong, referenceIndex: Int?) {
    self.song = song
    self.referenceIndex = referenceIndex
  }
}
