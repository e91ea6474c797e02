internal import GRDB

extension Catalogue {
  /// What a user was listening to, to go on elsewhere.
  public struct PlayQueue: Sendable, Hashable {
    /// The songs, those that were forgotten left out.
    public var songs: [TrackID]
    /// Which of them is playing, from 0 on; nil if none is.
    public var current: Int?
    /// How far, in milliseconds.
    public var position: Int
    /// When it was stored, in seconds since 1970.
    public var changed: Double
    /// The player that stored it.
    public var changedBy: String

    /// A queue.
    public init(songs: [TrackID], current: Int?, position: Int, changed: Double, changedBy: String) {
      self.songs = songs
      self.current = current
      self.position = position
      self.changed = changed
      self.changedBy = changedBy
    }
  }

  private static let songsOfQueues = KeptSongs(table: "playQueueSong", key: "owner")

  /// The queue of a user; nil if none was stored.
  public func playQueue(of owner: String) throws(CatalogueError) -> PlayQueue? {
    try read("look up a queue") { db in
      let sql = "SELECT current, position, changed, changedBy FROM playQueue WHERE owner = ?"
      guard let row = try Row.fetchOne(db, sql: sql, arguments: [owner]) else { return nil }
      let (songs, place): ([KeptSongs.Song], Int?) = (try Self.songsOfQueues.all(of: owner, in: db), try row.checked(0))
      // Its place among those that are still there; if it is gone itself, the next.
      let current = place.map { songs.prefix($0).count { $0.track != nil } }
      let known = songs.compactMap(\.track)
      return PlayQueue(
        songs: known, current: current.flatMap { known.indices.contains($0) ? $0 : nil }, position: try row.checked(1),
        changed: try row.checked(2), changedBy: try row.checked(3))
    }
  }

  /// Stores the queue of a user in the place of the one before; nil for none.
  public func store(_ queue: PlayQueue?, of owner: String) throws(CatalogueError) {
    try write("store a queue") { db in
      try db.execute(sql: "DELETE FROM playQueue WHERE owner = ?", arguments: [owner])
      guard let queue else { return }
      try db.execute(
        sql: "INSERT INTO playQueue (owner, current, position, changed, changedBy) VALUES (?, ?, ?, ?, ?)",
        arguments: [owner, queue.current, queue.position, queue.changed, queue.changedBy])
      try Self.songsOfQueues.replace(owner, by: queue.songs.map { .track($0) }, in: db)
    }
  }
}
