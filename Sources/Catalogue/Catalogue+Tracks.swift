internal import GRDB
import Tags

extension Catalogue {
  /// The track at an absolute path, compared byte by byte; nil if there is none.
  public func track(path: String) throws(CatalogueError) -> Track? {
    try read("look up a track") { db in
      try Row.fetchOne(db, sql: "SELECT \(TrackColumns.selected) FROM track WHERE path = ?", arguments: [path])
        .map(Track.init)
    }
  }

  /// The numbers of the tracks at absolute paths, compared byte by byte; a path without a track is left out.
  public func ids(paths: some Sequence<String>) throws(CatalogueError) -> [String: TrackID] {
    try read("look up tracks") { db in
      let statement = try db.cachedStatement(sql: "SELECT id FROM track WHERE path = ?")
      var ids: [String: TrackID] = [:]
      for path in paths {
        ids[path] = try Int64.fetchOne(statement, arguments: [path]).map(TrackID.init)
      }
      return ids
    }
  }

  /// The tracks with these numbers; a number that the catalogue does not (or no longer) know is left out.
  public func tracks(ids: some Sequence<TrackID>) throws(CatalogueError) -> [TrackID: Track] {
    try read("look up tracks") { db in
      let statement = try db.cachedStatement(sql: "SELECT \(TrackColumns.selected) FROM track WHERE id = ?")
      var tracks: [TrackID: Track] = [:]
      for id in ids {
        tracks[id] = try Row.fetchOne(statement, arguments: [id.rawValue]).map(Track.init)
      }
      return tracks
    }
  }

  /// All tracks, in the order of indexing.
  public func tracks() throws(CatalogueError) -> [Track] {
    try read("list the tracks") { db in
      var tracks: [Track] = []
      let rows = try Row.fetchCursor(db, sql: "SELECT \(TrackColumns.selected) FROM track ORDER BY id")
      while let row = try rows.next() { tracks.append(try Track(row)) }
      return tracks
    }
  }

  /// The tracks whose title, artist or album artist contain every word of `text`; if a file has no title, its name
  /// stands for it.
  ///
  /// Words are compared as ``SearchText`` has them: neither case, nor accents, nor marks matter. Titles that are `text` come first, then those that
  /// begin with it, then the others, each in the order of their paths.
  public func search(_ text: String, limit: Int = 20) throws(CatalogueError) -> [Track] {
    precondition(limit >= 0, "the limit of a search is \(limit); it must not be negative")
    let text = SearchText.fold(text)
    guard !text.isEmpty else { return [] }
    // instr rather than LIKE: nothing in the words has a meaning of its own.
    let words = text.split(separator: " ").map(String.init)
    let condition = words.map { _ in "instr(searchText, ?) > 0" }.joined(separator: " AND ")
    let sql = """
      SELECT \(TrackColumns.selected) FROM track
      WHERE id IN (SELECT id FROM track INDEXED BY trackSearchText WHERE \(condition))
      ORDER BY CASE 1 WHEN instr(searchText, ?) THEN 0 WHEN instr(searchText, ?) THEN 1 ELSE 2 END, path
      LIMIT ?
      """
    return try read("search") { db in
      let arguments = StatementArguments(words) + [text + TrackWords.separator, text, limit]
      return try Row.fetchAll(db, sql: sql, arguments: arguments).map(Track.init)
    }
  }

  /// Removes tracks and all of their vectors, as one transaction.
  ///
  /// - Returns: How many of them were there.
  @discardableResult
  public func forget(_ ids: some Sequence<TrackID>) throws(CatalogueError) -> Int {
    try write("forget tracks") { db in
      let statement = try db.cachedStatement(sql: "DELETE FROM track WHERE id = ?")
      var count = 0
      for id in ids {
        try statement.execute(arguments: [id.rawValue])
        count += db.changesCount
      }
      return count
    }
  }
}
