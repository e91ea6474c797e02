internal import GRDB
import Tags

extension Catalogue {
  /// A name, in its most frequent spelling, and how many tracks have it.
  public struct Name: Sendable, Hashable {
    /// The spelling that most tracks have; of equally frequent ones the first by its bytes.
    public let name: String
    /// The number of tracks, whatever their spelling.
    public let count: Int
  }

  /// All artists, album artists, albums or genres, the most frequent first; spellings with one `NameKey` are one name.
  public func names(_ kind: TrackNameKind) throws(CatalogueError) -> [Name] {
    let sql = """
      SELECT name, total FROM (
        SELECT name, SUM(COUNT(*)) OVER (PARTITION BY key) AS total,
          ROW_NUMBER() OVER (PARTITION BY key ORDER BY COUNT(*) DESC, name) AS place
        FROM trackName WHERE kind = ? GROUP BY key, name
      ) WHERE place = 1 ORDER BY total DESC, name
      """
    return try read("list the names") { db in
      try Row.fetchAll(db, sql: sql, arguments: [kind.rawValue]).map {
        Name(name: try $0.checked(0), count: try $0.checked(1))
      }
    }
  }

  /// The titles of all tracks that have one, each once, in no particular order.
  public func titles() throws(CatalogueError) -> [String] {
    try read("list the titles") { db in
      try Row.fetchAll(db, sql: "SELECT DISTINCT title FROM track WHERE title IS NOT NULL").map { try $0.checked(0) }
    }
  }

  /// The tracks that have a name among their artists, album artists, albums or genres, in the order of their paths. Spellings
  /// with one `NameKey` are one name.
  public func tracks(_ kind: TrackNameKind, named name: String) throws(CatalogueError) -> [Track] {
    let sql = """
      SELECT \(TrackColumns.selected) FROM track
      WHERE id IN (SELECT track FROM trackName WHERE kind = ? AND key = ?) ORDER BY path
      """
    return try read("look up a name") { db in
      try Row.fetchAll(db, sql: sql, arguments: [kind.rawValue, NameKey.key(of: name)]).map(Track.init)
    }
  }
}
