internal import GRDB

extension Catalogue {
  /// Keeps what a listener did.
  ///
  /// - Parameter songs: Tracks of this catalogue; those that it does not know are left out.
  /// - Returns: The event's number.
  @discardableResult
  public func record(
    _ kind: Event.Kind, songs: [TrackID], value: Double? = nil, source: String, time: Double
  ) throws(CatalogueError) -> Int64 {
    try write("keep what was heard") { db in
      try Self.record(kind, songs: songs, value: value, source: source, time: time, in: db)
    }
  }

  /// Keeps what a listener did, as a part of a transaction.
  static func record(
    _ kind: Event.Kind, songs: [TrackID], value: Double?, source: String, time: Double, in db: Database
  ) throws -> Int64 {
    try db.execute(
      sql: "INSERT INTO event (time, source, kind, value) VALUES (?, ?, ?, ?)",
      arguments: [time, source, kind.rawValue, value])
    let id = db.lastInsertedRowID
    for (position, song) in songs.enumerated() {
      try db.execute(
        sql: "INSERT INTO eventSong (event, position, track, path) SELECT ?, ?, id, path FROM track WHERE id = ?",
        arguments: [id, position, song.rawValue])
    }
    return id
  }

  /// Takes an event back. It stays in the table, but counts no more.
  ///
  /// - Returns: Whether there is such an event that was not undone before.
  @discardableResult
  public func undo(event id: Int64, time: Double) throws(CatalogueError) -> Bool {
    try write("undo an event") { db in
      try db.execute(sql: "UPDATE event SET undone = ? WHERE id = ? AND undone IS NULL", arguments: [time, id])
      return db.changesCount > 0
    }
  }

  /// The events that stand, the oldest first.
  ///
  /// - Parameters:
  ///   - kinds: Which.
  ///   - since: The earliest, in seconds since 1970.
  public func events(
    _ kinds: Set<Event.Kind> = Set(Event.Kind.allCases), since: Double = -.infinity
  ) throws(CatalogueError) -> [Event] {
    let kinds = kinds.map(\.rawValue).sorted()
    let marks = kinds.map { _ in "?" }.joined(separator: ", ")
    let sql = """
      SELECT event.id, time, source, kind, value, track
      FROM event LEFT JOIN eventSong ON eventSong.event = event.id
      WHERE kind IN (\(marks)) AND time >= ? AND undone IS NULL
      ORDER BY time, event.id, position
      """
    return try read("read what was heard") { db in
      var events: [Event] = []
      let rows = try Row.fetchCursor(
        db, sql: sql,
        arguments: StatementArguments(kinds) + [since == -.infinity ? -Double.greatestFiniteMagnitude : since])
      while let row = try rows.next() {
        let id: Int64 = try row.checked(0)
        if events.last?.id != id {
          guard let kind = Event.Kind(rawValue: try row.checked(3)) else { continue }
          events.append(
            Event(
              id: id, time: try row.checkedTime(1), source: try row.checked(2), kind: kind, value: try row.checked(4),
              songs: [], undone: nil))
        }
        if let song: Int64 = try row.checked(5) { events[events.count - 1].songs.append(TrackID(rawValue: song)) }
      }
      return events
    }
  }
}
