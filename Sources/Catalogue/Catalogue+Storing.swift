internal import GRDB
import Tags

extension Catalogue {
  /// Stores what an indexer found, as one transaction: all of the batch, or nothing.
  ///
  /// A track that is known by its path keeps its number and gets the new tags. If its file's size or modification
  /// time, or the part of the file that it is, differs from the stored one, the vectors that other models made of the old
  /// file are dropped, and so are its fingerprint and what was measured of it. A fingerprint of the same version that is
  /// already there stays. Tags are read in the code page that was remembered for the track, if one was.
  ///
  /// Larger batches are faster; a kill loses at most the batch that was not yet stored.
  ///
  /// - Returns: The numbers of the tracks, in the order of the batch.
  /// - Throws: `CatalogueError` with the reason `unknownModel` or `malformedEmbedding`, or one of SQLite's.
  @discardableResult
  public func store(_ tracks: [IndexedTrack]) throws(CatalogueError) -> [TrackID] {
    let action = "store tracks"
    return try write(action) { db in
      try tracks.map { track in
        precondition(track.path.utf8.first == UInt8(ascii: "/"), "the path \(track.path) is not absolute")
        let id = try Self.upsert(db, track)
        if let measures = track.measures { try Self.store(measures, of: id.rawValue, in: db) }
        for (identifier, vector) in track.embeddings {
          let model = try modelKey(db, identifier: identifier, action: action)
          guard vector.count == model.dimension, vector.allSatisfy(\.isFinite) else {
            throw CatalogueError(
              .malformedEmbedding(track: track.path), path: path, action: action,
              detail: "\(vector.count) values for a dimension of \(model.dimension), or a value that is not finite")
          }
          try Self.store(vector, at: .init(model: model.id, track: id.rawValue), in: db)
        }
        if let fingerprint = track.fingerprint { try Self.store(db, fingerprint, of: id.rawValue) }
        return id
      }
    }
  }

  static func store(_ vector: [Float], at place: EmbeddingBlob.Place, in db: Database) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO embedding (model, track, vector) VALUES (?, ?, ?)")
      .execute(arguments: [place.model, place.track, EmbeddingBlob.encode(vector, at: place)])
  }

  /// Adds a track, or brings the one of its path up to date; of a file that changed, the vectors are dropped.
  static func upsert(_ db: Database, _ track: IndexedTrack) throws -> TrackID {
    let search = try db.cachedStatement(
      sql: "SELECT id, fileSize, modificationTime, charset, file, startTime, endTime FROM track WHERE path = ?")
    guard let known = try Row.fetchOne(search, arguments: [track.path]) else {
      try db.cachedStatement(sql: TrackColumns.insertion).execute(arguments: TrackColumns.values(of: track))
      let id = TrackID(rawValue: db.lastInsertedRowID)
      try TrackNames.store(track.tags, of: id.rawValue, in: db)
      try store(soundDigest: track.soundDigest, of: id, in: db)
      try store(track.sheetEntry, of: id, in: db)
      return id
    }
    let id = TrackID(rawValue: try known.checked(0))
    let bounds = track.source.bounds
    let isSamePart =
      try known.checked(4) == bounds.map { _ in track.source.file } && known.checked(5) == bounds?.start
      && known.checked(6) == bounds?.end
    if try !isSamePart || known.checked(1) != track.fileSize || known.checked(2) != track.modificationTime {
      try db.cachedStatement(sql: "DELETE FROM embedding WHERE track = ?").execute(arguments: [id.rawValue])
      try db.cachedStatement(sql: "DELETE FROM trackMeasure WHERE track = ?").execute(arguments: [id.rawValue])
      try forgetFingerprint(db, of: id.rawValue)
    }
    try replace(id, by: track, charset: try known.checked(3), in: db)
    return id
  }

  /// Replaces all that is known of a track but its vectors; its tags are read in the code page of that name.
  static func replace(_ id: TrackID, by track: IndexedTrack, charset: String?, in db: Database) throws {
    var track = track
    track.tags = track.tags.decoded(byName: charset)
    try db.cachedStatement(sql: TrackColumns.update).execute(arguments: TrackColumns.values(of: track) + [id.rawValue])
    try TrackNames.store(track.tags, of: id.rawValue, in: db)
    try store(soundDigest: track.soundDigest, of: id, in: db)
    try store(track.sheetEntry, of: id, in: db)
  }

  private static func store(_ entry: SheetEntry?, of id: TrackID, in db: Database) throws {
    try db.cachedStatement(sql: "UPDATE track SET sheetDigest = ?, songCount = ? WHERE id = ?")
      .execute(arguments: [entry?.digest, entry?.songCount, id.rawValue])
  }

  /// The digest is no part of the row's checksum: one that has changed on the disk is like no other.
  static func store(soundDigest: String?, of id: TrackID, in db: Database) throws {
    try db.cachedStatement(sql: "UPDATE track SET soundDigest = ? WHERE id = ?")
      .execute(arguments: [soundDigest, id.rawValue])
  }
}
