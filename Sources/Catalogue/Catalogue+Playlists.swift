internal import GRDB

extension Catalogue {
  /// A playlist that a user keeps here.
  public struct KeptPlaylist: Sendable, Hashable {
    /// The catalogue's number for it.
    public var id: Int64
    /// The user whose it is; empty if there was no user.
    public var owner: String
    /// What the user calls it.
    public var name: String
    /// What the user says of it.
    public var comment: String
    /// Whether others may hear it, too.
    public var isPublic: Bool
    /// In seconds since 1970.
    public var created, changed: Double
    /// Its songs, those that were forgotten left out.
    public var songs: [TrackID]
  }

  /// What is changed of a playlist; nil stays as it is.
  public struct PlaylistChange: Sendable, Hashable {
    /// Its name.
    public var name: String?
    /// What is said of it.
    public var comment: String?
    /// Whether others may hear it, too.
    public var isPublic: Bool?
    /// The songs in the place of all that it has.
    public var songs: [TrackID]?
    /// The places, from 0 on, of songs that leave it.
    public var removed: Set<Int> = []
    /// The songs that come at its end.
    public var added: [TrackID] = []

    /// No change.
    public init() {}
  }

  /// All playlists, in the order of their names.
  public func playlists() throws(CatalogueError) -> [KeptPlaylist] {
    try read("list the playlists") { db in try Self.playlists(db, where: "1 ORDER BY name, id") }
  }

  /// The playlist of a number; nil if there is none.
  public func playlist(_ id: Int64) throws(CatalogueError) -> KeptPlaylist? {
    try read("look up a playlist") { db in try Self.playlists(db, where: "id = ?", [id]).first }
  }

  /// Makes a playlist.
  ///
  /// - Returns: Its number.
  public func addPlaylist(
    owner: String, name: String, songs: [TrackID], time: Double
  ) throws(CatalogueError) -> Int64 {
    try write("store a playlist") { db in
      try db.execute(
        sql: "INSERT INTO playlist (owner, name, created, changed) VALUES (?, ?, ?, ?)",
        arguments: [owner, name, time, time])
      let id = db.lastInsertedRowID
      try Self.songsOfPlaylists.replace(id, by: songs.map { .track($0) }, in: db)
      return id
    }
  }

  /// Changes a playlist. Songs that were forgotten keep their places in it.
  ///
  /// - Returns: Whether there is one of that number.
  @discardableResult
  public func change(playlist id: Int64, _ change: PlaylistChange, time: Double) throws(CatalogueError) -> Bool {
    try write("change a playlist") { db in
      try db.execute(
        sql: """
          UPDATE playlist SET name = COALESCE(?, name), comment = COALESCE(?, comment),
            isPublic = COALESCE(?, isPublic), changed = ? WHERE id = ?
          """, arguments: [change.name, change.comment, change.isPublic, time, id])
      guard db.changesCount > 0 else { return false }
      var songs = try change.songs.map { $0.map { .track($0) } } ?? Self.songsOfPlaylists.all(of: id, in: db)
      var place = -1
      songs.removeAll { song in
        guard case .track = song else { return false }
        place += 1
        return change.removed.contains(place)
      }
      try Self.songsOfPlaylists.replace(id, by: songs + change.added.map { .track($0) }, in: db)
      return true
    }
  }

  /// Removes a playlist.
  ///
  /// - Returns: Whether there was one of that number.
  @discardableResult
  public func removePlaylist(_ id: Int64) throws(CatalogueError) -> Bool {
    try write("remove a playlist") { db in
      try db.execute(sql: "DELETE FROM playlist WHERE id = ?", arguments: [id])
      return db.changesCount > 0
    }
  }

  private static let songsOfPlaylists = KeptSongs(table: "playlistSong", key: "playlist")

  private static func playlists(
    _ db: Database, where condition: String, _ arguments: StatementArguments = []
  ) throws -> [KeptPlaylist] {
    let sql = "SELECT id, owner, name, comment, isPublic, created, changed FROM playlist WHERE \(condition)"
    return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
      let id: Int64 = try row.checked(0)
      return KeptPlaylist(
        id: id, owner: try row.checked(1), name: try row.checked(2), comment: try row.checked(3),
        isPublic: try row.checked(4), created: try row.checked(5), changed: try row.checked(6),
        songs: try songsOfPlaylists.all(of: id, in: db).compactMap(\.track))
    }
  }
}

/// Songs in an order that a table keeps for each value of a key.
struct KeptSongs {
  let table: String
  let key: String

  /// A song of the catalogue; or the path of one that was forgotten, and may come back.
  enum Song {
    case track(TrackID)
    case forgotten(path: String)

    var track: TrackID? { if case .track(let id) = self { id } else { nil } }
  }

  func all(of value: some DatabaseValueConvertible, in db: Database) throws -> [Song] {
    let sql = """
      SELECT COALESCE(kept.track, track.id), kept.path FROM \(table) AS kept
      LEFT JOIN track ON kept.track IS NULL AND track.path = kept.path
      WHERE kept.\(key) = ? ORDER BY kept.position
      """
    return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [value]).map { row in
      if let track: Int64 = try row.checked(0) { return .track(TrackID(rawValue: track)) }
      return .forgotten(path: try row.checked(1))
    }
  }

  /// Tracks that the catalogue does not know are left out.
  func replace(_ value: some DatabaseValueConvertible, by songs: [Song], in db: Database) throws {
    try db.execute(sql: "DELETE FROM \(table) WHERE \(key) = ?", arguments: [value])
    let known = try db.cachedStatement(
      sql: "INSERT INTO \(table) (\(key), position, track, path) SELECT ?, ?, id, path FROM track WHERE id = ?")
    let forgotten = try db.cachedStatement(sql: "INSERT INTO \(table) (\(key), position, path) VALUES (?, ?, ?)")
    for (position, song) in songs.enumerated() {
      switch song {
      case .track(let id): try known.execute(arguments: [value, position, id.rawValue])
      case .forgotten(let path): try forgotten.execute(arguments: [value, position, path])
      }
    }
  }
}
