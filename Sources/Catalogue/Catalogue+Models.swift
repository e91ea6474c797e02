import Foundation
internal import GRDB

extension Catalogue {
  /// Stores a model beside those that are there. If its identifier is known already, its name and file are replaced,
  /// and its vectors and its date are kept.
  ///
  /// - Throws: `CatalogueError` with the reason `conflictingModel` if the known one differs in kind or dimension.
  public func store(model: Model) throws(CatalogueError) {
    let action = "store the model \(model.name)"
    try write(action) { db in
      if let known = try Self.model(db, identifier: model.identifier) {
        guard known.kind == model.kind, known.dimension == model.dimension else {
          throw CatalogueError(.conflictingModel(identifier: model.identifier), path: path, action: action)
        }
      }
      try db.execute(
        sql: """
          INSERT INTO model (identifier, name, kind, dimension, data, created) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (identifier) DO UPDATE SET name = excluded.name, data = excluded.data
          """,
        arguments: [
          model.identifier, model.name, model.kind, model.dimension, model.data, model.created.timeIntervalSince1970,
        ])
    }
  }

  /// All models, in the order in which they were first stored.
  public func models() throws(CatalogueError) -> [Model] {
    try read("list the models") { db in
      try Row.fetchAll(db, sql: "SELECT \(Self.modelColumns) FROM model ORDER BY id").map(Model.init)
    }
  }

  /// The model that answers if none is named; nil until one was chosen.
  public func currentModel() throws(CatalogueError) -> Model? {
    try read("look up the current model") { db in
      let sql = "SELECT \(Self.modelColumns) FROM model WHERE id = (SELECT model FROM currentModel)"
      return try Row.fetchOne(db, sql: sql).map(Model.init)
    }
  }

  /// Chooses the model that answers if none is named; nil chooses none.
  ///
  /// - Throws: `CatalogueError` with the reason `unknownModel`.
  public func setCurrentModel(identifier: String?) throws(CatalogueError) {
    let action = "choose the current model"
    try write(action) { db in
      guard let identifier else { return try db.execute(sql: "DELETE FROM currentModel") }
      let model = try modelKey(db, identifier: identifier, action: action)
      try db.execute(sql: "INSERT OR REPLACE INTO currentModel (id, model) VALUES (1, ?)", arguments: [model.id])
    }
  }

  /// The key under which a model's vectors are stored, and their length.
  func modelKey(_ db: Database, identifier: String, action: String) throws -> (id: Int64, dimension: Int) {
    let statement = try db.cachedStatement(sql: "SELECT id, dimension FROM model WHERE identifier = ?")
    guard let row = try Row.fetchOne(statement, arguments: [identifier]) else {
      throw CatalogueError(.unknownModel(identifier: identifier), path: path, action: action)
    }
    return (try row.checked(0), try row.checked(1, in: Model.dimensions))
  }

  static let modelColumns = "identifier, name, kind, dimension, data, created"

  static func model(_ db: Database, identifier: String) throws -> Model? {
    let sql = "SELECT \(modelColumns) FROM model WHERE identifier = ?"
    return try Row.fetchOne(db, sql: sql, arguments: [identifier]).map(Model.init)
  }
}
