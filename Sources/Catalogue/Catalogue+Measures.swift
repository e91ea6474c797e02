internal import GRDB

extension Catalogue {
  /// What was measured of a track; nil if nothing was.
  public func measures(of track: TrackID) throws(CatalogueError) -> TrackMeasures? { try measures(of: [track])[track] }

  /// What was measured of tracks; those of which nothing was are left out.
  public func measures(of tracks: some Sequence<TrackID>) throws(CatalogueError) -> [TrackID: TrackMeasures] {
    try read("look up measures") { db in
      let statement = try db.cachedStatement(
        sql: "SELECT version, tempo, loudness, brightness FROM trackMeasure WHERE track = ?")
      var found: [TrackID: TrackMeasures] = [:]
      for track in tracks {
        guard let row = try Row.fetchOne(statement, arguments: [track.rawValue]) else { continue }
        found[track] = TrackMeasures(
          version: try row.checked(0), tempo: try row.checked(1), loudness: try row.checked(2),
          brightness: try row.checked(3))
      }
      return found
    }
  }

  /// How many tracks were not measured, by whatever version.
  public func notMeasuredCount() throws(CatalogueError) -> Int {
    try read("count what was measured") { db in
      let sql = "SELECT (SELECT COUNT(*) FROM track) - (SELECT COUNT(*) FROM trackMeasure)"
      return try Row.fetchOne(db, sql: sql)?.checked(0) ?? 0
    }
  }

  /// Replaces what was measured of a track.
  static func store(_ measures: TrackMeasures, of track: Int64, in db: Database) throws {
    try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO trackMeasure (track, version, tempo, loudness, brightness) VALUES (?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      track, measures.version, measures.tempo, measures.loudness, measures.brightness,
    ])
  }
}
