import Foundation
internal import GRDB

extension Catalogue {
  /// Something in a catalogue that is not as it was stored.
  public struct Fault: Sendable, Hashable {
    /// What it is: "the track /music/a.flac", "the file".
    public let item: String
    /// What is wrong with it.
    public let reason: String

    package init(item: String, reason: String) {
      self.item = item
      self.reason = reason
    }
  }

  /// Reads everything and checks it: SQLite's own structure, the checksum of each track, and that of each vector; and
  /// that what listeners asked for, and what is said of models and of the last indexing, can be.
  ///
  /// What vectors and tracks of early versions hold has no checksum; of those only the form is checked.
  ///
  /// - Parameter limit: After so many faults it stops looking.
  public func faults(limit: Int = 100) throws(CatalogueError) -> [Fault] {
    let action = "check the file"
    var faults = try read(action) { db in
      try String.fetchAll(db, sql: "PRAGMA integrity_check(\(limit))").filter { $0 != "ok" }
        .map { Fault(item: "the file", reason: $0) }
        + Row.fetchAll(db, sql: "PRAGMA foreign_key_check").prefix(limit).map { row in
          Fault(item: "the file", reason: "a row of \(row[0] as DatabaseValue) belongs to one that is missing")
        }
    }
    faults += try trackFaults(limit: limit, action: action)
    let (models, rowFaults) = try readRows(action: action)
    faults += rowFaults
    for model in models { faults += try vectorFaults(model, limit: limit, action: action) }
    return Array(faults.prefix(limit))
  }

  private func trackFaults(limit: Int, action: String) throws(CatalogueError) -> [Fault] {
    try read(action) { db in
      var faults: [Fault] = []
      let rows = try Row.fetchCursor(db, sql: "SELECT \(TrackColumns.selected) FROM track ORDER BY id")
      do {
        while faults.count < limit, let row = try rows.next() {
          do { _ = try Track(row) } catch {
            let name: String? = String.fromDatabaseValue(row[1])
            faults.append(Fault(item: "the track \(name ?? "?")", reason: Self.words(of: error)))
          }
        }
      } catch { faults.append(Fault(item: "the tracks", reason: Self.words(of: error))) }
      return faults
    }
  }

  /// Reads the small tables: the models that can be read, and what is wrong with others and with other rows.
  private func readRows(action: String) throws(CatalogueError) -> (models: [Model], faults: [Fault]) {
    try read(action) { db in
      var (models, faults): ([Model], [Fault]) = ([], [])
      func check(_ item: String, _ sql: String, _ body: (Row) throws -> Void) {
        do {
          for row in try Row.fetchAll(db, sql: sql) {
            do { try body(row) } catch { faults.append(Fault(item: item, reason: Self.words(of: error))) }
          }
        } catch { faults.append(Fault(item: item, reason: Self.words(of: error))) }
      }
      check("a model", "SELECT \(Self.modelColumns) FROM model ORDER BY id") { models.append(try Model($0)) }
      check("the block list", "SELECT kind, name FROM block") { _ = try Self.clause($0) }
      check("what was heard", "SELECT time FROM event") { _ = try $0.checkedTime(0) }
      check("a mix", "SELECT \(Self.mixColumns) FROM mix") { _ = try Mix($0) }
      check("what was learned", "SELECT \(Self.learnedSpaceColumns) FROM learnedSpace") { _ = try LearnedSpace($0) }
      check("the last indexing", "SELECT \(Self.lastIndexingColumns) FROM lastIndexing") { _ = try LastIndexing($0) }
      return (models, faults)
    }
  }

  private func vectorFaults(_ model: Model, limit: Int, action: String) throws(CatalogueError) -> [Fault] {
    try read(action) { db in
      let key = try modelKey(db, identifier: model.identifier, action: action)
      var faults: [Fault] = []
      var values = [Float](repeating: 0, count: key.dimension)
      let sql = """
        SELECT track, vector, path FROM embedding LEFT JOIN track ON track.id = embedding.track
        WHERE model = ? ORDER BY track
        """
      let rows = try Row.fetchCursor(db, sql: sql, arguments: [key.id])
      do {
        while faults.count < limit, let row = try rows.next() {
          let track: Int64 = try row.checked(0)
          let fault = try values.withUnsafeMutableBufferPointer { values in
            try row.withUnsafeData(atIndex: 1) {
              EmbeddingBlob.decode($0 ?? Data(), at: .init(model: key.id, track: track), into: values)
            }
          }
          guard let fault else { continue }
          let name: String? = String.fromDatabaseValue(row[2])
          faults.append(Fault(item: "the vector of \(name ?? "track \(track)") by \(model.name)", reason: fault))
        }
      } catch { faults.append(Fault(item: "the vectors of \(model.name)", reason: Self.words(of: error))) }
      return faults
    }
  }

  private static func words(of error: any Error) -> String {
    (error as? DatabaseError)?.message ?? String(describing: error)
  }
}
