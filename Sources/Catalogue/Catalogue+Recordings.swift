internal import GRDB

extension Catalogue {
  /// Two tracks that are copies of one recording.
  public struct Copy: Sendable, Hashable {
    /// The one.
    public var track: TrackID
    /// The other.
    public var other: TrackID
    /// The share of bits in which their fingerprints differ.
    public var errorRate: Double

    /// Two tracks.
    public init(track: TrackID, other: TrackID, errorRate: Double) {
      self.track = track
      self.other = other
      self.errorRate = errorRate
    }
  }

  /// Stores what comparing fingerprints found, as one transaction; copies of which a track is gone are left out.
  ///
  /// - Parameter compared: the tracks whose fingerprints were compared with all others.
  public func store(copies: [Copy], compared: [TrackID]) throws(CatalogueError) {
    try write("store copies") { db in
      let insertion = try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO copy (track, other, errorRate)
          SELECT one.track, other.track, ? FROM fingerprint AS one, fingerprint AS other
          WHERE one.track = ? AND other.track = ?
          """)
      for copy in copies {
        try insertion.execute(arguments: [copy.errorRate, copy.track.rawValue, copy.other.rawValue])
      }
      let mark = try db.cachedStatement(sql: "UPDATE fingerprint SET isCompared = 1 WHERE track = ?")
      for track in compared { try mark.execute(arguments: [track.rawValue]) }
    }
  }

  /// Replaces the groups of tracks that are one recording by those that `group` makes of all copies, as one
  /// transaction.
  public func replaceRecordings(by group: ([Copy]) -> [[TrackID]]) throws(CatalogueError) {
    try write("store recordings") { db in
      let copies = try Row.fetchAll(db, sql: "SELECT track, other, errorRate FROM copy ORDER BY track, other").map {
        Copy(
          track: TrackID(rawValue: try $0.checked(0)), other: TrackID(rawValue: try $0.checked(1)),
          errorRate: try $0.checked(2))
      }
      var recordings: [Int64: Int64] = [:]
      for tracks in group(copies) {
        for track in tracks { recordings[track.rawValue] = tracks[0].rawValue }
      }
      var stored: [Int64: Int64] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT track, recording FROM recording") {
        stored[try row.checked(0)] = try row.checked(1)
      }
      guard recordings != stored else { return }
      try db.execute(sql: "DELETE FROM recording")
      let insertion = try db.cachedStatement(sql: "INSERT INTO recording (track, recording) VALUES (?, ?)")
      for (track, recording) in recordings.sorted(by: { $0.key < $1.key }) {
        try insertion.execute(arguments: [track, recording])
      }
    }
  }

  /// The groups of two tracks or more that are one recording, each in the order of indexing, in the order of their first
  /// tracks.
  public func recordings() throws(CatalogueError) -> [[TrackID]] {
    try read("list the recordings") { db in
      var groups: [[TrackID]] = []
      var last: Int64?
      let rows = try Row.fetchCursor(db, sql: "SELECT recording, track FROM recording ORDER BY recording, track")
      while let row = try rows.next() {
        let (recording, track): (Int64, Int64) = (try row.checked(0), try row.checked(1))
        if recording != last { groups.append([]) }
        last = recording
        groups[groups.count - 1].append(TrackID(rawValue: track))
      }
      return groups.filter { $0.count > 1 }
    }
  }

  /// A number for each of some tracks that is the same for all copies of one recording; tracks of which no copy is known
  /// are left out. One look-up by key for each track, however many the catalogue holds.
  public func recordings(of ids: some Sequence<TrackID>) throws(CatalogueError) -> [TrackID: Int64] {
    try read("look up recordings") { db in
      let statement = try db.cachedStatement(sql: "SELECT recording FROM recording WHERE track = ?")
      var found: [TrackID: Int64] = [:]
      for id in ids { found[id] = try Row.fetchOne(statement, arguments: [id.rawValue])?.checked(0) }
      return found
    }
  }
}
