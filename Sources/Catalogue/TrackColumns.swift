internal import GRDB
import Tags

/// The columns of the table `track`, and what each of them holds. Every statement takes them from here.
///
/// Another column is a migration in `Schema` and, here, a line of `tags` if it holds a tag, or else its name in `file`
/// and its value in `values(of:)` and `Track.init`.
enum TrackColumns {
  /// What is known of the file itself, in the order in which `values(of:)` and `Track.init` have it.
  private static let file = ["path", "duration", "fileSize", "modificationTime"]

  /// A column for each tag that is kept.
  private static let tags: [TagColumn] = [
    .text("title", \.title), .text("artist", \.artist), .text("album", \.album),
    .text("albumArtist", \.albumArtist), .text("genre", \.genre), .text("date", \.date),
    .number("trackNumber", \.track),
  ]

  private static let stored = file + tags.map(\.name)

  /// What a statement selects for `Track.init`.
  static let selected = (["id"] + stored).joined(separator: ", ")

  /// Adds a track; its arguments are those of `values(of:)`.
  static let insertion: String = {
    let columns = stored + ["searchText"]
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    return "INSERT INTO track (\(columns.joined(separator: ", "))) VALUES (\(marks))"
  }()

  /// Replaces all that is known of a track; its arguments are those of `values(of:)`, and the track's number.
  static let update: String = {
    let changes = (stored + ["searchText"]).map { "\($0) = ?" }.joined(separator: ", ")
    return "UPDATE track SET \(changes) WHERE id = ?"
  }()

  /// What `insertion` and `update` store.
  static func values(of track: IndexedTrack) -> StatementArguments {
    let file: StatementArguments = [track.path, track.duration, track.fileSize, track.modificationTime]
    let tags = StatementArguments(tags.map { $0.value(track.tags) })
    return file + tags + [SearchText.make(tags: track.tags, path: track.path)]
  }

  /// The tags in a row of `selected`.
  fileprivate static func tags(in row: Row) throws -> AudioTags {
    var found = AudioTags()
    for (index, column) in tags.enumerated() { try column.read(row, 1 + file.count + index, &found) }
    return found
  }
}

extension Track {
  /// The track in a row of `TrackColumns.selected`.
  init(_ row: Row) throws {
    self.init(
      id: TrackID(rawValue: try row.checked(0)), path: try row.checked(1), tags: try TrackColumns.tags(in: row),
      duration: try row.checked(2), fileSize: try row.checked(3), modificationTime: try row.checked(4))
  }
}

/// A column that holds a tag.
private struct TagColumn: Sendable {
  let name: String
  let value: @Sendable (AudioTags) -> (any DatabaseValueConvertible)?
  let read: @Sendable (Row, _ index: Int, inout AudioTags) throws -> Void

  static func text(_ name: String, _ tag: any WritableKeyPath<AudioTags, String?> & Sendable) -> TagColumn {
    TagColumn(name: name, value: { $0[keyPath: tag] }, read: { $2[keyPath: tag] = try $0.checked($1) })
  }

  static func number(_ name: String, _ tag: any WritableKeyPath<AudioTags, Int?> & Sendable) -> TagColumn {
    TagColumn(name: name, value: { $0[keyPath: tag] }, read: { $2[keyPath: tag] = try $0.checked($1) })
  }
}
