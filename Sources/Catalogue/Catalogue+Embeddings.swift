import Foundation
internal import GRDB

extension Catalogue {
  /// All vectors of a model; those of other models are never among them.
  ///
  /// - Throws: `CatalogueError` with the reason `unknownModel`, or `malformedEmbedding` if a stored vector has another
  ///   length than the model's.
  public func embeddings(model identifier: String) throws(CatalogueError) -> Embeddings {
    let action = "read the vectors"
    return try read(action) { db in
      let model = try modelKey(db, identifier: identifier, action: action)
      let sql = "SELECT COUNT(*) FROM embedding WHERE model = ?"
      let count = try Int.fetchOne(db, sql: sql, arguments: [model.id]) ?? 0
      // Damaged pages may lose rows without a word from SQLite. An index has its own pages, which tell.
      let missing = DatabaseError(resultCode: .SQLITE_CORRUPT, message: "vectors are missing")
      let counted = try Row.fetchOne(
        db,
        sql: """
          SELECT (SELECT COUNT(*) FROM embedding INDEXED BY embeddingTrack WHERE track >= 0),
            (SELECT TOTAL(n) FROM (SELECT (SELECT COUNT(*) FROM embedding WHERE model = model.id) AS n FROM model))
          """)
      guard let counted, try counted.checked(0, as: Double.self) == counted.checked(1, as: Double.self) else {
        throw missing
      }
      // Before room is made for all of them.
      if count > 0 { try checkFirst(db, model, action: action) }
      var ids: [TrackID] = []
      ids.reserveCapacity(count)
      var values = [Float](repeating: 0, count: count * model.dimension)
      let rows = try Row.fetchCursor(
        db, sql: "SELECT track, vector FROM embedding WHERE model = ? ORDER BY track", arguments: [model.id])
      try values.withUnsafeMutableBufferPointer { values in
        while let row = try rows.next() {
          let id = TrackID(rawValue: try row.checked(0))
          let start = ids.count * model.dimension
          guard ids.count < count else { throw missing }
          try decode(
            db, row, column: 1, at: .init(model: model.id, track: id.rawValue),
            into: .init(rebasing: values[start..<start + model.dimension]), action: action)
          ids.append(id)
        }
        guard ids.count == count else { throw missing }
      }
      let revision = try Self.revision(db, model: identifier) ?? 0
      return Embeddings(ids: ids, dimension: model.dimension, revision: revision, values: values)
    }
  }

  /// Checks that the first vector of a model is as long as the model says.
  private func checkFirst(_ db: Database, _ model: (id: Int64, dimension: Int), action: String) throws {
    let sql = "SELECT track, vector FROM embedding WHERE model = ? ORDER BY track LIMIT 1"
    guard let row = try Row.fetchOne(db, sql: sql, arguments: [model.id]) else { return }
    var values = [Float](repeating: 0, count: model.dimension)
    try values.withUnsafeMutableBufferPointer { values in
      try decode(
        db, row, column: 1, at: .init(model: model.id, track: try row.checked(0)), into: values, action: action)
    }
  }

  /// A number that every change of a model's vectors replaces by another, the removal of a track's among them; nil
  /// if the catalogue holds no such model.
  ///
  /// What was derived from vectors of the same revision is up to date.
  public func revision(model identifier: String) throws(CatalogueError) -> Int64? {
    try read("look up a model") { db in try Self.revision(db, model: identifier) }
  }

  static func revision(_ db: Database, model identifier: String) throws -> Int64? {
    try Row.fetchOne(db, sql: "SELECT revision FROM model WHERE identifier = ?", arguments: [identifier])?.checked(0)
  }

  /// The vector that a model made of a track; nil if it made none.
  ///
  /// - Throws: As `embeddings(model:)`.
  public func embedding(of track: TrackID, model identifier: String) throws(CatalogueError) -> [Float]? {
    let action = "read a vector"
    return try read(action) { db in
      let model = try modelKey(db, identifier: identifier, action: action)
      let sql = "SELECT vector FROM embedding WHERE model = ? AND track = ?"
      guard let row = try Row.fetchOne(db, sql: sql, arguments: [model.id, track.rawValue]) else { return nil }
      var values = [Float](repeating: 0, count: model.dimension)
      try values.withUnsafeMutableBufferPointer { values in
        try decode(
          db, row, column: 0, at: .init(model: model.id, track: track.rawValue), into: values, action: action)
      }
      return values
    }
  }

  func decode(
    _ db: Database, _ row: Row, column: Int, at place: EmbeddingBlob.Place,
    into values: UnsafeMutableBufferPointer<Float>, action: String
  ) throws {
    let fault = try row.withUnsafeData(atIndex: column) { blob in
      EmbeddingBlob.decode(blob ?? Data(), at: place, into: values)
    }
    guard let fault else { return }
    let sql = "SELECT path FROM track WHERE id = ?"
    let name = try String.fetchOne(db, sql: sql, arguments: [place.track]) ?? "track \(place.track)"
    throw CatalogueError(
      .malformedEmbedding(track: name), path: path, action: action, detail: fault)
  }
}
