internal import GRDB

extension Catalogue {
  /// What a user has said of songs, albums and artists, and how often songs were played.
  public struct Marks: Sendable {
    /// When songs were starred, in seconds since 1970.
    public var starredSongs: [TrackID: Double] = [:]
    /// When albums and artists were starred, by the identifiers that whoever stored them gave.
    public var starredGroups: [String: Double] = [:]
    /// The last ratings of songs, whoever rated them, 1 to 5.
    public var ratings: [TrackID: Double] = [:]
    /// Ratings of albums and artists, 1 to 5.
    public var groupRatings: [String: Int] = [:]
    /// How often songs were played, and when last, in seconds since 1970, whoever played them.
    public var plays: [TrackID: (count: Int, last: Double)] = [:]

    /// No marks.
    public init() {}
  }

  /// What a user has said, and what was played.
  public func marks(of owner: String) throws(CatalogueError) -> Marks {
    try read("read what was starred and played") { db in
      var marks = Marks()
      let stars = """
        SELECT COALESCE(star.track, track.id), time FROM star
        LEFT JOIN track ON star.track IS NULL AND track.path = star.path WHERE owner = ?
        """
      for row in try Row.fetchAll(db, sql: stars, arguments: [owner]) {
        if let track: Int64 = try row.checked(0) { marks.starredSongs[TrackID(rawValue: track)] = try row.checked(1) }
      }
      for row in try Row.fetchAll(
        db, sql: "SELECT id, starred, rating FROM groupMark WHERE owner = ?", arguments: [owner])
      {
        let id: String = try row.checked(0)
        marks.starredGroups[id] = try row.checked(1)
        marks.groupRatings[id] = try row.checked(2)
      }
      for row in try Row.fetchAll(db, sql: Self.songs(of: .rating, "value, MAX(time)")) {
        guard let track: Int64 = try row.checked(0), let value: Double = try row.checked(1), value > 0 else { continue }
        marks.ratings[TrackID(rawValue: track)] = value
      }
      for row in try Row.fetchAll(db, sql: Self.songs(of: .played, "COUNT(*), MAX(time)")) {
        guard let track: Int64 = try row.checked(0) else { continue }
        marks.plays[TrackID(rawValue: track)] = (try row.checked(1), try row.checked(2))
      }
      return marks
    }
  }

  /// What events of a kind say of each song. (With MAX, SQLite takes bare columns from the row that has it.)
  private static func songs(of kind: Event.Kind, _ columns: String) -> String {
    """
    SELECT COALESCE(eventSong.track, track.id) AS song, \(columns) FROM event
    JOIN eventSong ON eventSong.event = event.id
    LEFT JOIN track ON eventSong.track IS NULL AND track.path = eventSong.path
    WHERE kind = '\(kind.rawValue)' AND undone IS NULL GROUP BY song
    """
  }

  /// The condition that a row is of an owner (1) and a song (2), which may have been away meanwhile.
  private static let isOwnersSong = "owner = ?1 AND (track = ?2 OR path = (SELECT path FROM track WHERE id = ?2))"

  /// Gives a song a star, and records that it was liked; one that has it keeps its own.
  public func star(_ song: TrackID, of owner: String, source: String, time: Double) throws(CatalogueError) {
    try write("star a song") { db in
      let known = try Row.fetchOne(
        db, sql: "SELECT 1 FROM star WHERE \(Self.isOwnersSong)", arguments: [owner, song.rawValue])
      guard known == nil else { return }
      let event = try Self.record(.liked, songs: [song], value: nil, source: source, time: time, in: db)
      try db.execute(
        sql: "INSERT INTO star (owner, track, path, time, event) SELECT ?, id, path, ?, ? FROM track WHERE id = ?",
        arguments: [owner, time, event, song.rawValue])
    }
  }

  /// Takes a star away, and back that the song was liked.
  public func unstar(_ song: TrackID, of owner: String, time: Double) throws(CatalogueError) {
    try write("take a star away") { db in
      try db.execute(
        sql: """
          UPDATE event SET undone = ?3 WHERE undone IS NULL AND id IN (SELECT event FROM star WHERE \(Self.isOwnersSong))
          """, arguments: [owner, song.rawValue, time])
      try db.execute(sql: "DELETE FROM star WHERE \(Self.isOwnersSong)", arguments: [owner, song.rawValue])
    }
  }

  /// Gives an album or artist a star, or takes it away with nil.
  public func star(group id: String, of owner: String, time: Double?) throws(CatalogueError) {
    try write("star an album or an artist") { db in
      try db.execute(
        sql: """
          INSERT INTO groupMark (owner, id, starred) VALUES (?, ?, ?)
          ON CONFLICT DO UPDATE SET starred = CASE WHEN excluded.starred IS NULL THEN NULL
            ELSE COALESCE(starred, excluded.starred) END
          """, arguments: [owner, id, time])
    }
  }

  /// Rates an album or artist, or takes its rating away with nil.
  public func rate(group id: String, _ rating: Int?, of owner: String) throws(CatalogueError) {
    try write("rate an album or an artist") { db in
      try db.execute(
        sql: """
          INSERT INTO groupMark (owner, id, rating) VALUES (?, ?, ?)
          ON CONFLICT DO UPDATE SET rating = excluded.rating
          """, arguments: [owner, id, rating])
    }
  }

  // MARK: - Bookmarks

  /// A place in a song, to go on from.
  public struct Bookmark: Sendable, Hashable {
    /// The song.
    public var song: TrackID
    /// The place, in milliseconds.
    public var position: Int
    /// What the user says of it.
    public var comment: String
    /// In seconds since 1970.
    public var created, changed: Double
  }

  /// The bookmarks of a user, the last first; those in songs that were forgotten left out.
  public func bookmarks(of owner: String) throws(CatalogueError) -> [Bookmark] {
    try read("list the bookmarks") { db in
      let sql = """
        SELECT COALESCE(bookmark.track, track.id), position, bookmark.comment, created, changed FROM bookmark
        LEFT JOIN track ON bookmark.track IS NULL AND track.path = bookmark.path WHERE owner = ? ORDER BY changed DESC
        """
      return try Row.fetchAll(db, sql: sql, arguments: [owner]).compactMap { row in
        guard let track: Int64 = try row.checked(0) else { return nil }
        return Bookmark(
          song: TrackID(rawValue: track), position: try row.checked(1), comment: try row.checked(2),
          created: try row.checked(3), changed: try row.checked(4))
      }
    }
  }

  /// Stores a bookmark in the place of one in the same song.
  public func storeBookmark(
    in song: TrackID, at position: Int, comment: String, of owner: String, time: Double
  ) throws(CatalogueError) {
    try write("store a bookmark") { db in
      try db.execute(
        sql: """
          INSERT INTO bookmark (owner, track, path, position, comment, created, changed)
          SELECT ?1, id, path, ?2, ?3, ?4, ?4 FROM track WHERE id = ?5
          ON CONFLICT DO UPDATE SET track = excluded.track, position = excluded.position, comment = excluded.comment,
            changed = excluded.changed
          """, arguments: [owner, position, comment, time, song.rawValue])
    }
  }

  /// Removes a bookmark.
  ///
  /// - Returns: Whether there was one in that song.
  @discardableResult
  public func removeBookmark(in song: TrackID, of owner: String) throws(CatalogueError) -> Bool {
    try write("remove a bookmark") { db in
      try db.execute(
        sql: "DELETE FROM bookmark WHERE \(Self.isOwnersSong)", arguments: [owner, song.rawValue])
      return db.changesCount > 0
    }
  }
}
