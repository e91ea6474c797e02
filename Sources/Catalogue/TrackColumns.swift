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
    .value("title", \.title), .list("artist", \.artists), .value("album", \.album),
    .list("albumArtist", \.albumArtists), .list("genre", \.genres), .value("date", \.date),
    .value("trackNumber", \.track), .list("composer", \.composers), .value("originalDate", \.originalDate),
    .value("trackTotal", \.trackTotal), .value("discNumber", \.disc), .value("discTotal", \.discTotal),
    .value("compilation", \.isCompilation), .list("isrc", \.isrcs),
    .value("musicBrainzRecording", \.musicBrainz.recording), .value("musicBrainzTrack", \.musicBrainz.track),
    .value("musicBrainzRelease", \.musicBrainz.release),
    .value("musicBrainzReleaseGroup", \.musicBrainz.releaseGroup),
    .list("musicBrainzArtist", \.musicBrainz.artists), .list("musicBrainzAlbumArtist", \.musicBrainz.albumArtists),
    .value("trackGain", \.replayGain.track), .value("trackPeak", \.replayGain.trackPeak),
    .value("albumGain", \.replayGain.album), .value("albumPeak", \.replayGain.albumPeak),
  ]

  private static let stored = file + tags.map(\.name)

  /// What is stored beside, and never read with a track.
  private static let derived = ["searchText", "tagVersion"]

  /// Replaces what a track is found by; its arguments are ``TrackWords`` and the track's number.
  static let wordsUpdate = "UPDATE track SET searchText = ? WHERE id = ?"

  /// What a statement selects for `Track.init`.
  static let selected = (["id"] + stored).joined(separator: ", ")

  /// Adds a track; its arguments are those of `values(of:)`.
  static let insertion: String = {
    let columns = stored + derived
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    return "INSERT INTO track (\(columns.joined(separator: ", "))) VALUES (\(marks))"
  }()

  /// Replaces all that is known of a track; its arguments are those of `values(of:)`, and the track's number.
  static let update: String = {
    let changes = (stored + derived).map { "\($0) = ?" }.joined(separator: ", ")
    return "UPDATE track SET \(changes) WHERE id = ?"
  }()

  /// What `insertion` and `update` store.
  static func values(of track: IndexedTrack) -> StatementArguments {
    let file: StatementArguments = [track.path, track.duration, track.fileSize, track.modificationTime]
    return file + values(of: track.tags) + [TrackWords.make(tags: track.tags, path: track.path), track.tagVersion]
  }

  /// Replaces a track's tags; its arguments are those of `tagValues(_:path:)`, and the track's number.
  static let tagUpdate: String = {
    let changes = (tags.map(\.name) + derived).map { "\($0) = ?" }.joined(separator: ", ")
    return "UPDATE track SET \(changes) WHERE id = ?"
  }()

  /// What `tagUpdate` stores.
  static func tagValues(_ tags: AudioTags, path: String) -> StatementArguments {
    values(of: tags) + [TrackWords.make(tags: tags, path: path), AudioTags.readingVersion]
  }

  private static func values(of tags: AudioTags) -> StatementArguments {
    StatementArguments(Self.tags.map { $0.value(tags) })
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

  static func value(_ name: String, _ tag: any WritableKeyPath<AudioTags, String?> & Sendable) -> TagColumn {
    TagColumn(name: name, value: { $0[keyPath: tag] }, read: { $2[keyPath: tag] = try $0.checked($1) })
  }

  static func value(_ name: String, _ tag: any WritableKeyPath<AudioTags, Int?> & Sendable) -> TagColumn {
    TagColumn(name: name, value: { $0[keyPath: tag] }, read: { $2[keyPath: tag] = try $0.checked($1) })
  }

  static func value(_ name: String, _ tag: any WritableKeyPath<AudioTags, Double?> & Sendable) -> TagColumn {
    TagColumn(name: name, value: { $0[keyPath: tag] }, read: { $2[keyPath: tag] = try $0.checked($1) })
  }

  static func value(_ name: String, _ tag: any WritableKeyPath<AudioTags, Bool?> & Sendable) -> TagColumn {
    TagColumn(name: name, value: { $0[keyPath: tag] }, read: { $2[keyPath: tag] = try $0.checked($1) })
  }

  /// Several texts in one, with the character that is made for that between them.
  static func list(_ name: String, _ tag: any WritableKeyPath<AudioTags, [String]> & Sendable) -> TagColumn {
    let separator: Character = "\u{1F}"
    return TagColumn(
      name: name,
      value: { tags in
        let values = tags[keyPath: tag]
        return values.isEmpty ? nil : values.map { $0.filter { $0 != separator } }.joined(separator: String(separator))
      },
      read: { row, index, tags in
        let text: String? = try row.checked(index)
        tags[keyPath: tag] = text?.split(separator: separator).map(String.init) ?? []
      })
  }
}
