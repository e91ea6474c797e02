internal import GRDB

/// Files whose sound is known: moved, tagged anew, or copied.
extension Catalogue {
  /// A track whose sound is as it was heard, and whose file has another path, time, size or tags.
  public struct Relocation: Sendable {
    /// The track.
    public var id: TrackID
    /// The path by which the catalogue knows it so far.
    public var oldPath: String
    /// What its file is now.
    public var track: IndexedTrack

    /// The track `id`, known by `oldPath`, whose file is `track` now.
    public init(id: TrackID, oldPath: String, track: IndexedTrack) {
      self.id = id
      self.oldPath = oldPath
      self.track = track
    }
  }

  /// Removes tracks whose files are gone, and all of their vectors, as one transaction. What another process has moved
  /// meanwhile is kept.
  ///
  /// - Returns: How many of them were there.
  @discardableResult
  package func forget(_ states: [FileState]) throws(CatalogueError) -> Int {
    try write("forget tracks") { db in
      let statement = try db.cachedStatement(sql: "DELETE FROM track WHERE id = ? AND path = ?")
      var count = 0
      for state in states {
        try statement.execute(arguments: [state.id.rawValue, state.path])
        count += db.changesCount
      }
      return count
    }
  }

  /// Which of these tracks are known by another path by now, or not at all, since another process was here.
  package func changed(since states: [FileState]) throws(CatalogueError) -> Set<TrackID> {
    try read("look up tracks") { db in
      let statement = try db.cachedStatement(sql: "SELECT 1 FROM track WHERE id = ? AND path = ?")
      return Set(
        try states.filter { try Row.fetchOne(statement, arguments: [$0.id.rawValue, $0.path]) == nil }.map(\.id))
    }
  }

  /// Whether there is any track.
  package func isEmpty() throws(CatalogueError) -> Bool {
    try read("look for tracks") { db in try Row.fetchOne(db, sql: "SELECT 1 FROM track LIMIT 1") == nil }
  }

  /// The tracks whose sound has this digest, and whether each has a vector of a model; those that were indexed first
  /// come first.
  ///
  /// - Throws: `CatalogueError` with the reason `unknownModel`, or one of SQLite's.
  public func fileStates(soundDigest: String, model: String?) throws(CatalogueError) -> [FileState] {
    let action = "look up a sound"
    return try read(action) { db in
      let key = try model.map { try modelKey(db, identifier: $0, action: action).id }
      let sql = "SELECT \(FileState.selected) FROM track WHERE soundDigest = ? ORDER BY id"
      return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [key, soundDigest]).map(FileState.init)
    }
  }

  /// The tracks below a folder, or of a file, that have no digest that begins with `prefix`; without vectors.
  package func statesWithoutDigest(under root: String, prefix: String) throws(CatalogueError) -> [FileState] {
    let sql = """
      SELECT \(FileState.selected) FROM track
      WHERE \(Self.isUnderRoot) AND (soundDigest IS NULL OR substr(soundDigest, 1, ?) != ?) ORDER BY path
      """
    // Mostly there is none, which the index tells at once.
    let exists = """
      SELECT EXISTS (SELECT 1 FROM track WHERE soundDigest IS NULL) OR EXISTS (SELECT 1 FROM track WHERE soundDigest < ?)
        OR EXISTS (SELECT 1 FROM track WHERE soundDigest >= ?)
      """
    return try read("list the sounds") { db in
      guard try Bool.fetchOne(db, sql: exists, arguments: [prefix, prefix + "\u{10FFFF}"]) == true else { return [] }
      let arguments = [nil] + Self.arguments(under: root) + [prefix.unicodeScalars.count, prefix]
      return try Row.fetchAll(db, sql: sql, arguments: arguments).map(FileState.init)
    }
  }

  /// Stores the digests of tracks that are still there, as one transaction.
  package func store(soundDigests: [TrackID: String]) throws(CatalogueError) {
    try write("store digests of sounds") { db in
      for (id, digest) in soundDigests { try Self.store(soundDigest: digest, of: id, in: db) }
    }
  }

  /// Gives tracks the paths, times, sizes and tags that their files have now, as one transaction. They keep their
  /// numbers, their vectors and what was said of them; tags are read in the code page that was remembered.
  ///
  /// Tracks may take each other's paths. A track that is known by a new path and does not move itself is forgotten: its
  /// file was replaced. What another process has moved or forgotten meanwhile is left as it is.
  ///
  /// - Returns: the tracks that were changed.
  @discardableResult
  public func relocate(_ relocations: [Relocation]) throws(CatalogueError) -> Set<TrackID> {
    try write("move tracks") { db in
      let known = try relocations.filter { relocation in
        let sql = "SELECT 1 FROM track WHERE id = ? AND path = ?"
        let statement = try db.cachedStatement(sql: sql)
        return try Row.fetchOne(statement, arguments: [relocation.id.rawValue, relocation.oldPath]) != nil
      }
      // Paths are unique: all moves leave their old ones before any takes a new one.
      for relocation in known where !relocation.isInPlace {
        try db.execute(
          sql: "UPDATE track SET path = ? WHERE id = ?", arguments: [relocation.wayPath, relocation.id.rawValue])
        try Self.moveNotes(from: relocation.oldPath, to: relocation.wayPath, relocation, in: db)
      }
      for relocation in known {
        let charset = try Row.fetchOne(
          db, sql: "SELECT charset FROM track WHERE id = ?", arguments: [relocation.id.rawValue])
        if !relocation.isInPlace {
          try db.execute(sql: "DELETE FROM track WHERE path = ?", arguments: [relocation.track.path])
          try db.execute(sql: "DELETE FROM fileRemark WHERE path = ?", arguments: [relocation.track.path])
        }
        try Self.replace(relocation.id, by: relocation.track, charset: charset?.checked(0), in: db)
        let begin = relocation.isInPlace ? relocation.oldPath : relocation.wayPath
        try Self.moveNotes(from: begin, to: relocation.track.path, relocation, in: db)
      }
      return Set(known.map(\.id))
    }
  }

  /// Notes go with a file; that it was refused, or left out, is true no longer.
  private static func moveNotes(from path: String, to new: String, _ relocation: Relocation, in db: Database) throws {
    try db.execute(
      sql: "UPDATE fileRemark SET path = ?, fileSize = ?, modificationTime = ? WHERE path = ? AND kind = ?",
      arguments: [
        new, relocation.track.fileSize, relocation.track.modificationTime, path, FileRemark.Kind.note.rawValue,
      ])
    try db.execute(
      sql: "DELETE FROM fileRemark WHERE path = ? AND kind != ?", arguments: [path, FileRemark.Kind.note.rawValue])
  }

  /// Stores a file whose sound is that of a track which keeps its own: with all vectors of that track, and the notes on
  /// it.
  ///
  /// - Throws: `CatalogueError` with the reason `malformedEmbedding` if a vector of the original is damaged.
  @discardableResult
  public func store(_ track: IndexedTrack, asCopyOf original: TrackID) throws(CatalogueError) -> TrackID {
    let action = "store a copy"
    return try write(action) { db in
      let id = try Self.upsert(db, track)
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT vector, model.id, dimension FROM embedding JOIN model ON model.id = embedding.model
          WHERE track = ?
          """,
        arguments: [original.rawValue])
      for row in rows {
        let (model, dimension): (Int64, Int) = (try row.checked(1), try row.checked(2, in: Model.dimensions))
        var vector = [Float](repeating: 0, count: dimension)
        try vector.withUnsafeMutableBufferPointer { values in
          try decode(
            db, row, column: 0, at: .init(model: model, track: original.rawValue), into: values, action: action)
        }
        try Self.store(vector, at: .init(model: model, track: id.rawValue), in: db)
      }
      try db.execute(sql: "DELETE FROM fileRemark WHERE path = ?", arguments: [track.path])
      try db.execute(
        sql: """
          INSERT INTO fileRemark (path, kind, reason, fileSize, modificationTime, software)
          SELECT ?, kind, reason, ?, ?, software FROM fileRemark
          WHERE path = (SELECT path FROM track WHERE id = ?) AND kind = ?
          """,
        arguments: [
          track.path, track.fileSize, track.modificationTime, original.rawValue, FileRemark.Kind.note.rawValue,
        ])
      return id
    }
  }
}

extension Catalogue.Relocation {
  /// Whether only the file's content has changed.
  fileprivate var isInPlace: Bool { oldPath.utf8.elementsEqual(track.path.utf8) }

  /// A path that no file has, for the time between the old one and the new one.
  fileprivate var wayPath: String { "//\(id.rawValue)" }
}
