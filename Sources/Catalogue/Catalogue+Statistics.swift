internal import GRDB

extension Catalogue {
  /// How much a catalogue holds.
  public struct Statistics: Sendable, Hashable {
    /// A model, and how many tracks it has heard.
    public struct Model: Sendable, Hashable {
      /// Names the content.
      public var identifier: String
      /// For people; not unique.
      public var name: String
      /// The number of its vectors.
      public var vectors: Int
      /// Whether it answers if none is named.
      public var isCurrent: Bool
    }

    /// The number of tracks.
    public var tracks: Int
    /// The length of all tracks together in seconds; a track of unknown length counts nothing.
    public var seconds: Double
    /// All models, in the order in which they were first stored.
    public var models: [Model]
  }

  /// Counts what the catalogue holds.
  public func statistics() throws(CatalogueError) -> Statistics {
    try read("count the tracks") { db in
      let models = try Row.fetchAll(
        db,
        sql: """
          SELECT identifier, name, (SELECT COUNT(*) FROM embedding WHERE embedding.model = model.id),
            EXISTS (SELECT 1 FROM currentModel WHERE currentModel.model = model.id)
          FROM model ORDER BY id
          """
      ).map { row in
        Statistics.Model(
          identifier: try row.checked(0), name: try row.checked(1), vectors: try row.checked(2),
          isCurrent: try row.checked(3))
      }
      guard let row = try Row.fetchOne(db, sql: "SELECT COUNT(*), COALESCE(SUM(duration), 0.0) FROM track") else {
        return Statistics(tracks: 0, seconds: 0, models: models)
      }
      return Statistics(tracks: try row.checked(0), seconds: try row.checked(1), models: models)
    }
  }
}
