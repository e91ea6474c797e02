import Foundation
internal import GRDB

extension Catalogue {
  /// Stores vectors that were made elsewhere, in the place of all that a model of this identifier had, as one
  /// transaction. The model is stored, too, and may have another dimension than before.
  ///
  /// - Parameter vectors: For each track its vector of `model.dimension` finite values.
  /// - Throws: `CatalogueError` with the reason `malformedEmbedding`, or one of SQLite's.
  public func replaceVectors(of model: Model, by vectors: [(track: TrackID, vector: [Float])]) throws(CatalogueError) {
    let action = "store vectors"
    try write(action) { db in
      // A model keeps its number, so that what was derived from it is known to be out of date by its revision.
      try db.execute(
        sql: """
          INSERT INTO model (identifier, name, kind, dimension, data, created) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (identifier) DO UPDATE SET name = excluded.name, kind = excluded.kind,
            dimension = excluded.dimension, data = excluded.data
          """,
        arguments: [
          model.identifier, model.name, model.kind, model.dimension, model.data, model.created.timeIntervalSince1970,
        ])
      let key = try modelKey(db, identifier: model.identifier, action: action)
      try db.execute(sql: "DELETE FROM embedding WHERE model = ?", arguments: [key.id])
      let insertion = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO embedding (model, track, vector) VALUES (?, ?, ?)")
      for (track, vector) in vectors {
        guard vector.count == model.dimension, vector.allSatisfy(\.isFinite) else {
          let name = try String.fetchOne(db, sql: "SELECT path FROM track WHERE id = ?", arguments: [track.rawValue])
          throw CatalogueError(
            .malformedEmbedding(track: name ?? "track \(track.rawValue)"), path: path, action: action,
            detail: "\(vector.count) values for a dimension of \(model.dimension), or a value that is not finite")
        }
        try insertion.execute(arguments: [
          key.id, track.rawValue, EmbeddingBlob.encode(vector, at: .init(model: key.id, track: track.rawValue)),
        ])
      }
    }
  }
}
