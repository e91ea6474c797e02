internal import GRDB
import Tags

/// The columns of the table `track`, and what each of them holds. Every statement takes them from here.
///
/// Another column is a migration in `Schema` and, here, a line of `tags` if it holds a tag, or else its name in `file`
/// and its value in `values(of:)` and `Track.init`.
enum TrackColumns {
  /// What is known of the file itself, in the order in which `values(of:)` and `Track.init` have it.
  private static let file = ["path", "duration", "fileSize", "modificationTime"]

  /// Where a track lies in a file of several songs; nothing for a file that is one song.
  private static let place = ["file", "startTime", "endTime"]

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
    .value("undeclaredText", \.undeclaredBits),
  ]

  private static let stored = file + tags.map(\.name)

  /// What is stored beside: what a track is found by, the version of how its tags were read, and the checksum of all
  /// that `stored` names.
  private static let derived = place + ["searchText", "tagVersion", "checksum"]

  /// Replaces what a track is found by; its arguments are ``TrackWords`` and the track's number.
  static let wordsUpdate = "UPDATE track SET searchText = ? WHERE id = ?"

  /// What a statement selects for `Track.init`.
  static let selected = (["id"] + stored + ["checksum"] + place).joined(separator: ", ")

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
    let file: [(any DatabaseValueConvertible)?] = [
      track.path, track.duration, track.fileSize, track.modificationTime,
    ]
    let values = (file + tags.map { $0.value(track.tags) }).map { $0?.databaseValue ?? .null }
    let bounds = track.source.bounds
    let place: [DatabaseValue] = [
      bounds.map { _ in track.source.file }.databaseValue, (bounds?.start).databaseValue,
      (bounds?.end).databaseValue,
    ]
    let derived: StatementArguments = [
      TrackWords.make(tags: track.tags, path: track.path), track.tagVersion, checksum(of: values, place: place),
    ]
    return StatementArguments(values + place) + derived
  }

  /// Where the track of a path lies, by the columns of `place` from one on.
  static func source(in row: Row, at first: Int, path: String) throws -> SongSource {
    guard let file: String = try row.checked(first) else { return SongSource(file: path) }
    let (start, end): (Double?, Double?) = (try row.checked(first + 1), try row.checked(first + 2))
    return SongSource(file: file, bounds: SongBounds(start: start ?? 0, end: end))
  }

  /// Where `place` begins in a row of `selected`.
  fileprivate static var firstOfPlace: Int { 2 + stored.count }

  /// The tags in a row of `selected`.
  fileprivate static func tags(in row: Row) throws -> AudioTags {
    var found = AudioTags()
    for (index, column) in tags.enumerated() { try column.read(row, 1 + file.count + index, &found) }
    return found
  }

  // MARK: - Damage

  /// Checks that a row of `selected` is as it was stored: SQLite does not notice a bit that flipped on the disk. Rows
  /// that earlier versions stored have no checksum.
  fileprivate static func check(_ row: Row) throws {
    guard let checksum: Int64 = try row.checked(1 + stored.count) else { return }
    let values = (1...stored.count).map { row[$0] as DatabaseValue }
    let place = (firstOfPlace..<firstOfPlace + place.count).map { row[$0] as DatabaseValue }
    guard checksum == Self.checksum(of: values, place: place) else {
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT,
        message: "the row of track \(row[0] as DatabaseValue) has changed since it was stored")
    }
  }

  /// The checksum of what `stored` names, and of where the track lies if that is in a file of several songs: that of a file
  /// that is one song is what it was before there were others.
  private static func checksum(of values: [DatabaseValue], place: [DatabaseValue]) -> Int64 {
    checksum(of: place.allSatisfy(\.isNull) ? values : values + place)
  }

  /// FNV-1a over all values and their types.
  private static func checksum(of values: [DatabaseValue]) -> Int64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ bytes: some Sequence<UInt8>) { for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 } }
    func add(_ word: UInt64) { add((0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }) }
    for value in values {
      switch value.storage {
      case .null: add([0])
      case .int64(let number): add([1]); add(UInt64(bitPattern: number))
      // SQLite gives -0 back as 0.
      case .double(let number): add([2]); add(number == 0 ? 0 : number.bitPattern)
      // SQLite gives text back up to its first zero.
      case .string(let text): add([3]); add(text.utf8.prefix { $0 != 0 })
      case .blob(let data): add([4]); add(data)
      }
    }
    return Int64(bitPattern: hash)
  }
}

extension Track {
  /// The track in a row of `TrackColumns.selected`.
  ///
  /// - Throws: `DatabaseError` with SQLite's code for damage if the row is not as it was stored.
  init(_ row: Row) throws {
    try TrackColumns.check(row)
    let path: String = try row.checked(1)
    self.init(
      id: TrackID(rawValue: try row.checked(0)), path: path,
      source: try TrackColumns.source(in: row, at: TrackColumns.firstOfPlace, path: path),
      tags: try TrackColumns.tags(in: row), duration: try row.checked(2, in: 0...1e11), fileSize: try row.checked(3),
      modificationTime: try row.checked(4))
  }
}

extension AudioTags {
  /// `undeclared` as a number; nil for nothing.
  fileprivate var undeclaredBits: Int? {
    get { undeclared.isEmpty ? nil : undeclared.rawValue }
    set { undeclared = UndeclaredText(rawValue: newValue ?? 0) }
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
