internal import GRDB
import Tags

/// What a catalogue holds of one song, for an indexer to decide whether the file is new, changed or done.
public struct FileState: Sendable, Hashable {
  /// The file's absolute path; for a part of a file, see ``Track/path``.
  public let path: String
  /// The file that holds the song, and which part of it the song is.
  public let source: SongSource
  /// What a CUE sheet said of the song; nil for a file that is one song.
  package let sheetEntry: SheetEntry?
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
    path, id, fileSize, modificationTime, soundDigest, file, startTime, endTime, sheetDigest, songCount,
      EXISTS (SELECT 1 FROM embedding WHERE embedding.model = ? AND embedding.track = track.id)
    """

  /// The state in a row of `selected`.
  init(_ row: Row) throws {
    let path: String = try row.checked(0)
    let source = try TrackColumns.source(in: row, at: 5, path: path)
    let (digest, count): (Int64?, Int?) = (try row.checked(8), try row.checked(9))
    let entry = source.bounds.map { _ in SheetEntry(digest: digest ?? 0, songCount: count ?? 0) }
    self.init(
      path: path, source: source, sheetEntry: entry, id: TrackID(rawValue: try row.checked(1)),
      fileSize: try row.checked(2),
      modificationTime: try row.checked(3), hasEmbedding: try row.checked(10), soundDigest: try row.checked(4))
  }
}
