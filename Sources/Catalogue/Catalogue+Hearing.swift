internal import GRDB

extension Catalogue {
  /// How far a model is, and the models that are farther.
  public struct Hearing: Sendable {
    /// The number of tracks.
    public var tracks: Int
    /// How many of them the model has heard.
    public var heard: Int
    /// The other models that have heard more, and how many tracks each, those that have heard most first.
    public var others: [(model: Model, heard: Int)]
  }

  /// Which other models have heard more tracks than a model that has not heard all that can be heard; nil if it has, or
  /// if none has heard more. Looks up numbers only where there are several models.
  public func hearing(beyond identifier: String) throws(CatalogueError) -> Hearing? {
    try read("compare the models") { db in
      let keys = try Row.fetchAll(db, sql: "SELECT id, identifier FROM model").map {
        (id: try $0.checked(0, as: Int64.self), identifier: try $0.checked(1, as: String.self))
      }
      guard keys.contains(where: { $0.identifier != identifier }) else { return nil }
      // The index is small; the table itself holds the vectors.
      let counted = try Row.fetchAll(
        db, sql: "SELECT model, COUNT(*) FROM embedding INDEXED BY embeddingTrack WHERE track >= 0 GROUP BY model")
      let counts = Dictionary(
        try counted.map { (try $0.checked(0, as: Int64.self), try $0.checked(1, as: Int.self)) }
      ) { first, _ in first }
      let key = keys.first { $0.identifier == identifier }?.id
      let heard = key.flatMap { counts[$0] } ?? 0
      let farther = keys.filter { counts[$0.id] ?? 0 > heard }.sorted { counts[$0.id] ?? 0 > counts[$1.id] ?? 0 }
      guard !farther.isEmpty, try Self.isAnyUnheard(db, model: key) else { return nil }
      return Hearing(
        tracks: try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM track") ?? 0, heard: heard,
        others: try farther.compactMap { other in
          try Self.model(db, identifier: other.identifier).map { ($0, counts[other.id] ?? 0) }
        })
    }
  }

  /// Whether there is a track that a model has not heard, and that was not refused.
  private static func isAnyUnheard(_ db: Database, model: Int64?) throws -> Bool {
    let sql = """
      SELECT 1 FROM track
      WHERE NOT EXISTS (SELECT 1 FROM embedding WHERE model = ? AND track = track.id)
        AND NOT EXISTS (SELECT 1 FROM fileRemark WHERE path = track.path AND kind = ?)
      LIMIT 1
      """
    return try Row.fetchOne(db, sql: sql, arguments: [model, FileRemark.Kind.refused.rawValue]) != nil
  }
}
