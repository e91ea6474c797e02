import Foundation
internal import GRDB

extension Catalogue {
  /// Gives all paths below some folders the places where the folders lie now, as one transaction: those of tracks, of
  /// what is said of files, of what was indexed, heard and blocked, and those in mixes.
  ///
  /// - Returns: How many tracks have other paths now.
  /// - Throws: `CatalogueError` with the reason `takenPath` if two tracks would have one path.
  @discardableResult
  public func move(_ map: PathMap) throws(CatalogueError) -> Int {
    guard !map.places.isEmpty else { return 0 }
    let action = "change the paths"
    return try write(action) { db in
      for (table, column) in Self.pathColumns { try Self.move(db, map, table: table, column: column) }
      try Self.moveWishes(db, map)
      // Last: what is said of a track follows it, and would be moved twice.
      return try moveTracks(db, map, action: action)
    }
  }

  /// Lets what a listener said of files and folders follow those that have moved: folders on the block list, and the
  /// seeds, filters and playlists of mixes.
  ///
  /// A folder has moved if it is gone, and all songs that were in it and have moved lie below one other folder now.
  ///
  /// - Parameter moves: The absolute paths of songs, before and now.
  package func follow(_ moves: [(old: String, new: String)]) throws(CatalogueError) {
    let blocked = try blocks().compactMap { if case .folder(let path) = $0 { path } else { nil } }
    var named = Set(blocked)
    for mix in try mixes() {
      named.insert((mix.file as NSString).deletingLastPathComponent)
      _ = JSONStrings.replaced(mix.request) { text in
        if text.hasPrefix("/") { named.insert(text) }
        return nil
      }
    }
    let map = PathMap(named.compactMap { path in PathMap.Place(old: path, following: moves) })
    guard !map.places.isEmpty else { return }
    try write("change the paths of what is blocked and mixed") { db in
      try Self.moveWishes(db, map)
      try Self.move(db, map, table: "mix", column: "file")
    }
  }

  /// Changes the paths on the block list, and those that mixes ask for.
  private static func moveWishes(_ db: Database, _ map: PathMap) throws {
    for column in ["key", "name"] {
      try move(db, map, table: "block", column: column, where: "kind IN ('folder', 'song')")
    }
    for row in try Row.fetchAll(db, sql: "SELECT name, request FROM mix") {
      let (name, request): (String, String) = (try row.checked(0), try row.checked(1))
      try db.execute(
        sql: "UPDATE mix SET request = ? WHERE name = ?",
        arguments: [JSONStrings.replaced(request, by: map.moved), name])
    }
  }

  /// Where paths lie as they are, beside those of tracks, which have checksums, and of the block list.
  private static let pathColumns = [
    ("root", "path"), ("mountPoint", "path"), ("fileRemark", "path"), ("eventSong", "path"), ("mix", "file"),
    ("playlistSong", "path"), ("playQueueSong", "path"), ("star", "path"), ("bookmark", "path"),
    ("otherServerSong", "path"),
  ]

  private func moveTracks(_ db: Database, _ map: PathMap, action: String) throws -> Int {
    let ids = try Row.fetchAll(db, sql: "SELECT id, path FROM track").compactMap { row -> (Int64, String)? in
      let path: String = try row.checked(1)
      return try map.moved(path).map { (try row.checked(0), $0) }
    }
    // Out of each other's way first: two folders may change places.
    let parting = try db.cachedStatement(sql: "UPDATE track SET path = '' || id WHERE id = ?")
    let search = try db.cachedStatement(sql: "SELECT \(TrackColumns.selected), tagVersion FROM track WHERE id = ?")
    let update = try db.cachedStatement(sql: TrackColumns.update)
    var moved: [(id: Int64, track: IndexedTrack)] = []
    for (id, path) in ids {
      guard let row = try Row.fetchOne(search, arguments: [id]) else { continue }
      let track = try Track(row)
      var changed = IndexedTrack(
        path: path, fileSize: track.fileSize, modificationTime: track.modificationTime, tags: track.tags,
        duration: track.duration,
        source: SongSource(file: map.moved(track.source.file) ?? track.source.file, bounds: track.source.bounds))
      changed.tagVersion = try row.checked(row.count - 1)
      moved.append((id, changed))
      try parting.execute(arguments: [id])
    }
    for (id, track) in moved {
      do { try update.execute(arguments: TrackColumns.values(of: track) + [id]) } catch let error as DatabaseError
        where error.resultCode == .SQLITE_CONSTRAINT
      {
        throw CatalogueError(.takenPath(track.path), path: path, action: action)
      }
    }
    return moved.count
  }

  private static func move(
    _ db: Database, _ map: PathMap, table: String, column: String, where condition: String = "1"
  ) throws {
    let paths = try Row.fetchAll(db, sql: "SELECT DISTINCT \(column) FROM \(table) WHERE \(condition)")
    // What lies under two names is one: of a root that is there already, and of one that moves there.
    let mark = "\u{1}"
    var moved: [(old: String, new: String)] = []
    for row in paths {
      let path: String = try row.checked(0)
      if let new = map.moved(path) { moved.append((path, new)) }
    }
    let sql = "UPDATE OR REPLACE \(table) SET \(column) = ? WHERE \(column) = ? AND \(condition)"
    for (old, _) in moved { try db.execute(sql: sql, arguments: [mark + old, old]) }
    for (old, new) in moved { try db.execute(sql: sql, arguments: [new, mark + old]) }
  }
}

extension PathMap.Place {
  /// Where a file or folder lies now from which songs have moved; nil if it is still there, or if they went apart.
  fileprivate init?(old path: String, following moves: [(old: String, new: String)]) {
    var found: Set<String> = []
    for move in moves {
      guard let rest = PathMap.rest(of: move.old, below: path) else { continue }
      // A song that got another name as well says nothing of its folder.
      if move.new.utf8.count > rest.utf8.count, move.new.hasSuffix(rest) {
        found.insert(String(move.new.dropLast(rest.count)))
      }
    }
    guard found.count == 1, let new = found.first, !FileManager.default.fileExists(atPath: path) else { return nil }
    self.init(old: path, new: new)
  }
}

/// The strings of a JSON text.
enum JSONStrings {
  /// The text with some of its strings replaced; all else stays as it is written, numbers to the last digit.
  static func replaced(_ text: String, by replacement: (String) -> String?) -> String {
    var (result, rest) = ("", text[...])
    while let start = rest.firstIndex(of: "\"") {
      var end = rest.index(after: start)
      while end < rest.endIndex, rest[end] != "\"" {
        if rest[end] == "\\" { end = rest.index(after: end) }
        if end < rest.endIndex { end = rest.index(after: end) }
      }
      guard end < rest.endIndex else { break }
      let literal = rest[start...end]
      result += rest[..<start]
      let value = try? JSONDecoder().decode([String].self, from: Data("[\(literal)]".utf8))
      if let new = value.flatMap({ replacement($0[0]) }), let encoded = encoded(new) {
        result += encoded
      } else {
        result += literal
      }
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private static func encoded(_ string: String) -> String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let data = try? encoder.encode([string]) else { return nil }
    return String(String(decoding: data, as: UTF8.self).dropFirst().dropLast())
  }
}
