import Foundation
internal import GRDB
import Tags

extension Catalogue {
  /// What is never recommended: a lasting list, as clauses of a filter.
  ///
  /// A song is on it by its path, which follows the song; it stays on the list while the song is gone.
  ///
  /// - Throws: `CatalogueError` with the reason `damaged` if an entry says nothing that `block` stores.
  public func blocks() throws(CatalogueError) -> [TrackFilter.Clause] {
    try read("read the block list") { db in
      try Row.fetchAll(db, sql: "SELECT kind, name FROM block ORDER BY kind, name").map(Self.clause)
    }
  }

  /// Adds a clause to the block list, one that `isLasting`.
  ///
  /// - Returns: Whether it was not there before.
  @discardableResult
  public func block(_ clause: TrackFilter.Clause) throws(CatalogueError) -> Bool {
    let (kind, key, name) = Self.entry(clause)
    return try write("block songs") { db in
      let isNew =
        try Row.fetchOne(db, sql: "SELECT 1 FROM block WHERE kind = ? AND key = ?", arguments: [kind, key]) == nil
      try db.execute(
        sql: "INSERT INTO block (kind, key, name) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name",
        arguments: [kind, key, name])
      if case .song(let path) = clause {
        try db.execute(
          sql: "UPDATE block SET track = (SELECT id FROM track WHERE path = ?) WHERE kind = ? AND key = ?",
          arguments: [path, kind, key])
      }
      return isNew
    }
  }

  /// Removes a clause from the block list; of limits of length, whatever the limit is.
  ///
  /// - Returns: Whether it was there.
  @discardableResult
  public func unblock(_ clause: TrackFilter.Clause) throws(CatalogueError) -> Bool {
    let (kind, key, _) = Self.entry(clause)
    return try write("unblock songs") { db in
      try db.execute(sql: "DELETE FROM block WHERE kind = ? AND key = ?", arguments: [kind, key])
      return db.changesCount > 0
    }
  }

  private static func entry(_ clause: TrackFilter.Clause) -> (kind: String, key: String, name: String) {
    switch clause {
    case .genre(let name), .artist(let name), .album(let name): (clause.kind, NameKey.key(of: name), name)
    case .folder(let path), .song(let path): (clause.kind, path, path)
    case .shorter(let limit): ("shortest", "", "\(limit)")
    case .longer(let limit): ("longest", "", "\(limit)")
    case .years, .seconds, .stars, .tempo, .loudness:
      preconditionFailure("a block list has no clause about a \(clause.kind)")
    }
  }

  /// The clause in a row of `kind` and `name`.
  static func clause(_ row: Row) throws -> TrackFilter.Clause {
    let (kind, name): (String, String) = (try row.checked(0), try row.checked(1))
    func limit() throws -> Double {
      guard let limit = Double(name), limit > 0, limit < TrackFilter.endless else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "“\(name)” on the block list is no length")
      }
      return limit
    }
    switch kind {
    case "genre": return .genre(name)
    case "artist": return .artist(name)
    case "album": return .album(name)
    case "folder": return .folder(name)
    case "song": return .song(name)
    case "shortest": return .shorter(than: try limit())
    case "longest": return .longer(than: try limit())
    default:
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the block list knows nothing of the kind “\(kind)”")
    }
  }
}
