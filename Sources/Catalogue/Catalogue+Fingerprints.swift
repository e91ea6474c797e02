import Foundation
internal import GRDB

extension Catalogue {
  /// Calls `body` with each fingerprint of a version, in the order of the tracks, and whether it was compared with those
  /// before it.
  public func forEachFingerprint(
    version: Int, _ body: (_ track: TrackID, _ data: Data, _ isCompared: Bool) -> Void
  ) throws(CatalogueError) {
    try read("read the fingerprints") { db in
      let sql = "SELECT track, data, isCompared FROM fingerprint WHERE version = ? ORDER BY track"
      let rows = try Row.fetchCursor(db, sql: sql, arguments: [version])
      while let row = try rows.next() {
        let (track, isCompared): (Int64, Bool) = (try row.checked(0), try row.checked(2))
        try row.withUnsafeData(atIndex: 1) { body(TrackID(rawValue: track), $0 ?? Data(), isCompared) }
      }
    }
  }

  /// How many tracks have no fingerprint of a version, and how many fingerprints of it were not compared yet.
  public func unfinishedFingerprints(
    version: Int
  ) throws(CatalogueError) -> (missing: Int, notCompared: Int) {
    try read("count the fingerprints") { db in
      let sql = """
        SELECT (SELECT COUNT(*) FROM track) - (SELECT COUNT(*) FROM fingerprint WHERE version = ?),
          (SELECT COUNT(*) FROM fingerprint WHERE isCompared = 0 AND version = ?)
        """
      guard let row = try Row.fetchOne(db, sql: sql, arguments: [version, version]) else { return (0, 0) }
      return (try row.checked(0), try row.checked(1))
    }
  }

  /// What is known of the files of tracks beside their fingerprints; tracks without one are left out.
  public func fingerprints(of ids: some Sequence<TrackID>) throws(CatalogueError) -> [TrackID: StoredFingerprint] {
    try read("read the fingerprints") { db in
      let statement = try db.cachedStatement(
        sql: "SELECT version, data, codec, sampleRate, channelCount FROM fingerprint WHERE track = ?")
      var found: [TrackID: StoredFingerprint] = [:]
      for id in ids {
        guard let row = try Row.fetchOne(statement, arguments: [id.rawValue]) else { continue }
        found[id] = StoredFingerprint(
          version: try row.checked(0), data: try row.checked(1), codec: try row.checked(2),
          sampleRate: try row.checked(3), channelCount: try row.checked(4))
      }
      return found
    }
  }

  /// Forgets the fingerprints of tracks, and which recordings they are.
  public func forgetFingerprints(of ids: some Sequence<TrackID>) throws(CatalogueError) {
    try write("forget fingerprints") { db in
      for id in ids { try Self.forgetFingerprint(db, of: id.rawValue) }
    }
  }

  /// Stores a fingerprint, unless there is one of the same version.
  static func store(_ db: Database, _ fingerprint: StoredFingerprint, of track: Int64) throws {
    let search = try db.cachedStatement(sql: "SELECT 1 FROM fingerprint WHERE track = ? AND version = ?")
    guard try Row.fetchOne(search, arguments: [track, fingerprint.version]) == nil else { return }
    try forgetFingerprint(db, of: track)
    try db.cachedStatement(
      sql: "INSERT INTO fingerprint (track, version, data, codec, sampleRate, channelCount) VALUES (?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [
      track, fingerprint.version, fingerprint.data, fingerprint.codec, fingerprint.sampleRate,
      fingerprint.channelCount,
    ])
  }

  static func forgetFingerprint(_ db: Database, of track: Int64) throws {
    for table in ["fingerprint", "copy", "recording"] {
      try db.cachedStatement(sql: "DELETE FROM \(table) WHERE track = ?").execute(arguments: [track])
    }
    try db.cachedStatement(sql: "DELETE FROM copy WHERE other = ?").execute(arguments: [track])
  }
}
