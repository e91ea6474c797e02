internal import GRDB

extension Catalogue {
  /// Another server that has songs of this library, under names of its own.
  public struct OtherServer: Sendable, Hashable {
    /// The catalogue's number for it.
    public var id: Int64
    /// Its address, as it was given.
    public var address: String
    /// What it is, such as "subsonic".
    public var kind: String
    /// When its songs were matched last, in seconds since 1970.
    public var synced: Double
    /// How many of its songs are in this library.
    public var songCount: Int
  }

  /// The other servers, the one that was matched last first.
  public func otherServers() throws(CatalogueError) -> [OtherServer] {
    try read("list other servers") { db in
      let sql = """
        SELECT id, address, kind, synced,
          (SELECT COUNT(*) FROM otherServerSong JOIN track ON track.path = otherServerSong.path WHERE server = otherServer.id)
        FROM otherServer ORDER BY synced DESC, id DESC
        """
      return try Row.fetchAll(db, sql: sql).map { row in
        OtherServer(
          id: try row.checked(0), address: try row.checked(1), kind: try row.checked(2), synced: try row.checkedTime(3),
          songCount: try row.checked(4))
      }
    }
  }

  /// What another server has of this catalogue, by its names.
  public struct OtherNames: Sendable {
    /// Songs.
    public var songs: [String: TrackID]
    /// Artists, as the server spells them.
    public var artists: [String: String]

    /// Names.
    public init(songs: [String: TrackID] = [:], artists: [String: String] = [:]) {
      self.songs = songs
      self.artists = artists
    }
  }

  /// Stores which songs another server has, in the place of what was stored of it before.
  ///
  /// - Parameters:
  ///   - address: The server.
  ///   - kind: What it is.
  ///   - names: What it has; a song that is not of this catalogue is left out.
  ///   - time: Now, in seconds since 1970.
  public func store(
    otherServer address: String, kind: String, names: OtherNames, time: Double
  ) throws(CatalogueError) {
    try write("store the songs of another server") { db in
      try db.execute(
        sql: """
          INSERT INTO otherServer (address, kind, synced) VALUES (?, ?, ?)
          ON CONFLICT DO UPDATE SET kind = excluded.kind, synced = excluded.synced
          """, arguments: [address, kind, time])
      let server = try Int64.fetchOne(db, sql: "SELECT id FROM otherServer WHERE address = ?", arguments: [address])
      for table in ["otherServerSong", "otherServerArtist"] {
        try db.execute(sql: "DELETE FROM \(table) WHERE server = ?", arguments: [server])
      }
      let insertion = try db.cachedStatement(
        sql: "INSERT INTO otherServerSong (server, id, path) SELECT ?, ?, path FROM track WHERE id = ?")
      for (id, song) in names.songs { try insertion.execute(arguments: [server, id, song.rawValue]) }
      for (id, name) in names.artists {
        try db.execute(
          sql: "INSERT INTO otherServerArtist (server, id, name) VALUES (?, ?, ?)", arguments: [server, id, name])
      }
    }
  }

  /// Forgets another server.
  ///
  /// - Returns: Whether there was one of that address.
  @discardableResult
  public func forgetOtherServer(_ address: String) throws(CatalogueError) -> Bool {
    try write("forget another server") { db in
      try db.execute(sql: "DELETE FROM otherServer WHERE address = ?", arguments: [address])
      return db.changesCount > 0
    }
  }

  /// What another server has of this catalogue.
  public func names(inOtherServer id: Int64) throws(CatalogueError) -> OtherNames {
    try read("look up the songs of another server") { db in
      let sql = """
        SELECT otherServerSong.id, track.id FROM otherServerSong JOIN track ON track.path = otherServerSong.path
        WHERE server = ?
        """
      var names = OtherNames()
      let rows = try Row.fetchCursor(db, sql: sql, arguments: [id])
      while let row = try rows.next() { names.songs[try row.checked(0)] = TrackID(rawValue: try row.checked(1)) }
      let artists = try Row.fetchCursor(
        db, sql: "SELECT id, name FROM otherServerArtist WHERE server = ?", arguments: [id])
      while let row = try artists.next() { names.artists[try row.checked(0)] = try row.checked(1) }
      return names
    }
  }
}
