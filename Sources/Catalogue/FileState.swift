/// What a catalogue holds of one file, for an indexer to decide whether the file is new, changed or done.
public struct FileState: Sendable, Hashable {
  /// The file's absolute path.
  public let path: String
  /// The track that the file is.
  public let id: TrackID
  /// The file's size in bytes when it was indexed.
  public let fileSize: Int64
  /// The file's modification time when it was indexed, in nanoseconds since 1970.
  public let modificationTime: Int64
  /// Whether the file, as it was then, has a vector of the model that was asked about.
  public let hasEmbedding: Bool
}
