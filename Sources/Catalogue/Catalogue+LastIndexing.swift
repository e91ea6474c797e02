import Foundation
internal import GRDB

extension Catalogue {
  /// What the last indexing did.
  public struct LastIndexing: Sendable, Hashable {
    /// When it began.
    public var began: Date
    /// How long it took, in seconds.
    public var seconds: Double
    /// The identifier of the model that listened.
    public var model: String
    /// Songs that were new; whose file or tags had changed, or that the model had not heard; whose file had moved; that
    /// were up to date; and whose files were gone.
    public var added, updated, moved, unchanged, forgotten: Int
    /// How many files or folders could not be read.
    public var skipped: Int
    /// Whether it was stopped before the end.
    public var wasInterrupted: Bool

    /// An indexing that began at a time and took so many seconds.
    public init(
      began: Date, seconds: Double, model: String, added: Int, updated: Int, moved: Int, unchanged: Int, forgotten: Int,
      skipped: Int, wasInterrupted: Bool
    ) {
      self.began = began
      self.seconds = seconds
      self.model = model
      self.added = added
      self.updated = updated
      self.moved = moved
      self.unchanged = unchanged
      self.forgotten = forgotten
      self.skipped = skipped
      self.wasInterrupted = wasInterrupted
    }
  }

  static let lastIndexingColumns =
    "began, seconds, model, added, updated, moved, unchanged, forgotten, skipped, interrupted"

  /// What the last indexing did; nil if there was none. One that is at work, or that was killed, counts as interrupted
  /// and took no time.
  public func lastIndexing() throws(CatalogueError) -> LastIndexing? {
    try read("look up the last indexing") { db in
      let row = try Row.fetchOne(db, sql: "SELECT \(Self.lastIndexingColumns) FROM lastIndexing")
      return try row.map(LastIndexing.init)
    }
  }

  /// Remembers what an indexing did in the place of the one before.
  public func store(lastIndexing run: LastIndexing) throws(CatalogueError) {
    try write("remember an indexing") { db in
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO lastIndexing (id, \(Self.lastIndexingColumns))
          VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          run.began.timeIntervalSince1970, run.seconds, run.model, run.added, run.updated, run.moved, run.unchanged,
          run.forgotten, run.skipped, run.wasInterrupted,
        ])
    }
  }
}

extension Catalogue.LastIndexing {
  /// The indexing in a row of `Catalogue.lastIndexingColumns`.
  init(_ row: Row) throws {
    self.init(
      began: Date(timeIntervalSince1970: try row.checkedTime(0)), seconds: try row.checked(1, in: 0...1e11),
      model: try row.checked(2), added: try row.checked(3, in: 0...Int.max),
      updated: try row.checked(4, in: 0...Int.max), moved: try row.checked(5, in: 0...Int.max),
      unchanged: try row.checked(6, in: 0...Int.max), forgotten: try row.checked(7, in: 0...Int.max),
      skipped: try row.checked(8, in: 0...Int.max),
      wasInterrupted: try row.checked(9))
  }
}
