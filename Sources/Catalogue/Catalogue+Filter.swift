internal import GRDB
import Tags

extension Catalogue {
  /// The tracks of which a clause holds, each once, in no particular order.
  public func tracks(where clause: TrackFilter.Clause) throws(CatalogueError) -> [TrackID] {
    let (sql, arguments) = Self.selection(clause)
    return try read("filter the tracks") { db in
      var found: [TrackID] = []
      let ids = try Row.fetchCursor(db, sql: sql, arguments: arguments)
      while let row = try ids.next() { found.append(TrackID(rawValue: try row.checked(0))) }
      return found
    }
  }

  private static func selection(_ clause: TrackFilter.Clause) -> (sql: String, arguments: StatementArguments) {
    let named = "SELECT track FROM trackName WHERE kind = ? AND key = ?"
    switch clause {
    case .genre(let name):
      return (named, [TrackNameKind.genre.rawValue, NameKey.key(of: name)])
    case .artist(let name):
      let key = NameKey.key(of: name)
      return (
        "\(named) UNION \(named)", [TrackNameKind.artist.rawValue, key, TrackNameKind.albumArtist.rawValue, key]
      )
    case .album(let name):
      return (named, [TrackNameKind.album.rawValue, NameKey.key(of: name)])
    case .folder(let path):
      // From "/music/" up to, but without, "/music0": what follows "/" is "0".
      let folder = path.utf8.last == UInt8(ascii: "/") ? String(path.dropLast()) : path
      return (
        "SELECT id FROM track WHERE path > ? AND path < ? UNION SELECT id FROM track WHERE file = ?",
        [folder + "/", folder + "0", folder]
      )
    case .song(let path):
      return ("SELECT id FROM track WHERE path = ?", [path])
    case .years(let years):
      return ("SELECT id FROM track WHERE year BETWEEN ? AND ?", [years.lowerBound, years.upperBound])
    case .seconds(let range):
      return ("SELECT id FROM track WHERE duration BETWEEN ? AND ?", [range.lowerBound, range.upperBound])
    case .shorter(let limit):
      return ("SELECT id FROM track WHERE duration < ?", [limit])
    case .longer(let limit):
      return ("SELECT id FROM track WHERE duration > ?", [limit])
    case .tempo(let range):
      return ("SELECT track FROM trackMeasure WHERE tempo BETWEEN ? AND ?", [range.lowerBound, range.upperBound])
    case .loudness(let range):
      return ("SELECT track FROM trackMeasure WHERE loudness BETWEEN ? AND ?", [range.lowerBound, range.upperBound])
    case .stars(let range):
      let sql = """
        SELECT track FROM (
          SELECT eventSong.track AS track, value, ROW_NUMBER() OVER (PARTITION BY eventSong.track ORDER BY time DESC, id DESC)
            AS place
          FROM event JOIN eventSong ON eventSong.event = event.id
          WHERE kind = ? AND undone IS NULL AND eventSong.track IS NOT NULL
        ) WHERE place = 1 AND value BETWEEN ? AND ?
        """
      return (sql, [Event.Kind.rating.rawValue, range.lowerBound, range.upperBound])
    }
  }
}
