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

  /// Reads everything and checks it: SQLite's own structure, the checksum of each track, and that of each vector.
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
    for model in try models() { faults += try vectorFaults(model, limit: limit, action: action) }
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
