import Foundation
internal import GRDB

extension Catalogue {
  /// What was learned for a library of how a model's vectors are to be compared.
  public struct LearnedSpace: Sendable, Hashable {
    /// Names the space that is changed: models that share vectors have several.
    public var space: String
    /// What it was learned from, such as "tags"; a space has at most one of each kind.
    public var kind: String
    /// When it was learned.
    public var created: Date
    /// What is to be known of it, as JSON: what it learned from, and how good it is.
    public var record: String
    /// The change itself; nil if it was tried and not adopted.
    public var data: Data?

    /// What was learned, at a time.
    public init(space: String, kind: String, created: Date = Date(), record: String, data: Data?) {
      self.space = space
      self.kind = kind
      self.created = created
      self.record = record
      self.data = data
    }
  }

  static let learnedSpaceColumns = "space, kind, created, record, data"

  /// Stores what was learned of a space in the place of what is there of its kind.
  ///
  /// - Parameter identifier: The model whose vectors lie in the space.
  /// - Throws: `CatalogueError` with the reason `unknownModel`.
  public func store(_ learned: LearnedSpace, model identifier: String) throws(CatalogueError) {
    let action = "store what was learned"
    try write(action) { db in
      let model = try modelKey(db, identifier: identifier, action: action)
      try db.execute(
        sql: """
          INSERT INTO learnedSpace (\(Self.learnedSpaceColumns), model) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (space, kind) DO UPDATE SET model = excluded.model, created = excluded.created,
            record = excluded.record, data = excluded.data
          """,
        arguments: [
          learned.space, learned.kind, learned.created.timeIntervalSince1970, learned.record, learned.data, model.id,
        ])
    }
  }

  /// Forgets what was learned of a space, of one kind.
  ///
  /// - Returns: Whether there was anything.
  @discardableResult
  public func forgetLearnedSpace(_ space: String, kind: String) throws(CatalogueError) -> Bool {
    try write("forget what was learned") { db in
      try db.execute(sql: "DELETE FROM learnedSpace WHERE space = ? AND kind = ?", arguments: [space, kind])
      return db.changesCount > 0
    }
  }

  /// What was learned of a space, in no particular order.
  public func learnedSpaces(_ space: String) throws(CatalogueError) -> [LearnedSpace] {
    try read("read what was learned") { db in try Self.learnedSpaces(db, space: space) }
  }

  /// The revision of a model's vectors and what was learned of a space in which they lie, of one moment; nil if the
  /// catalogue holds no such model.
  public func revision(
    model identifier: String, space: String
  ) throws(CatalogueError) -> (revision: Int64, learned: [LearnedSpace])? {
    try read("look up a model") { db in
      guard let revision = try Self.revision(db, model: identifier) else { return nil }
      return (revision, try Self.learnedSpaces(db, space: space))
    }
  }

  private static func learnedSpaces(_ db: Database, space: String) throws -> [LearnedSpace] {
    let sql = "SELECT \(learnedSpaceColumns) FROM learnedSpace WHERE space = ?"
    return try Row.fetchAll(db, sql: sql, arguments: [space]).map(LearnedSpace.init)
  }
}

extension Catalogue.LearnedSpace {
  init(_ row: Row) throws {
    self.init(
      space: try row.checked(0), kind: try row.checked(1),
      created: Date(timeIntervalSince1970: try row.checkedTime(2)), record: try row.checked(3),
      data: try row.checked(4))
  }
}
