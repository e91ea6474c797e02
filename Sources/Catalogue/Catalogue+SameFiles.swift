internal import GRDB

/// Tracks that may be one file under several names: their sizes and modification times are equal. Whether they are, only
/// the file system can tell.
extension Catalogue {
  /// The tracks whose files had this size and modification time, and whether each has a vector of a model; those that
  /// were indexed first come first.
  ///
  /// - Throws: `CatalogueError` with the reason `unknownModel`, or one of SQLite's.
  public func fileStates(
    fileSize: Int64, modificationTime: Int64, model: String?
  ) throws(CatalogueError) -> [FileState] {
    let action = "look up files"
    return try read(action) { db in
      let key = try model.map { try modelKey(db, identifier: $0, action: action).id }
      let sql = "SELECT \(FileState.selected) FROM track WHERE fileSize = ? AND modificationTime = ? ORDER BY id"
      return try Row.fetchAll(
        db.cachedStatement(sql: sql), arguments: [key, fileSize, modificationTime]
      ).map(FileState.init)
    }
  }

  /// How long files play that hold several songs, up to the end of the last one that is known, in seconds.
  public func durations(ofFiles files: some Sequence<String>) throws(CatalogueError) -> [String: Double] {
    try read("look up the songs of a file") { db in
      let statement = try db.cachedStatement(sql: "SELECT MAX(startTime + duration) FROM track WHERE file = ?")
      var found: [String: Double] = [:]
      for file in files { found[file] = try Row.fetchOne(statement, arguments: [file])?.checked(0) }
      return found
    }
  }

  /// The groups of two tracks or more whose files had the same size and modification time, each in the order of
  /// indexing.
  public func tracksOfEqualFiles() throws(CatalogueError) -> [[(id: TrackID, path: String)]] {
    let sql = """
      SELECT fileSize, modificationTime, id, path FROM track AS one
      WHERE file IS NULL AND EXISTS (
        SELECT 1 FROM track AS other
        WHERE other.file IS NULL AND other.id != one.id
          AND other.fileSize = one.fileSize AND other.modificationTime = one.modificationTime
      )
      ORDER BY fileSize, modificationTime, id
      """
    return try read("look for files with several names") { db in
      var groups: [[(id: TrackID, path: String)]] = []
      var last: [Int64] = []
      let rows = try Row.fetchCursor(db, sql: sql)
      while let row = try rows.next() {
        let stamp: [Int64] = [try row.checked(0), try row.checked(1)]
        if stamp != last { groups.append([]) }
        last = stamp
        groups[groups.count - 1].append((TrackID(rawValue: try row.checked(2)), try row.checked(3)))
      }
      return groups
    }
  }
}
