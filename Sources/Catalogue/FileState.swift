internal import GRDB

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
  /// The digest of its sound; nil if none was made yet.
  public let soundDigest: String?
}

extension FileState {
  /// What a statement on `track` selects for a state; its first argument is the key of the model that is asked about.
  static let selected = """
    path, id, fileSize, modificationTime, soundDigest,
      EXISTS (SELECT 1 FROM embedding WHERE embedding.model = ? AND embedding.track = track.id)
    """

  /// The state in a row of `selected`.
  init(_ row: Row) throws {
    self.init(
      path: try row.checked(0), id: TrackID(rawValue: try row.checked(1)), fileSize: try row.checked(2),
      modificationTime: try row.checked(3), hasEmbedding: try row.checked(5), soundDigest: try row.checked(4))
  }
}
