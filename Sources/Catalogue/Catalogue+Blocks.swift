import Foundation
internal import GRDB
import Tags

extension Catalogue {
  /// What is never recommended: a lasting list, as clauses of a filter.
  ///
  /// Songs shorter than `shortest` or longer than `longest` are two of them: `seconds` from 0, or without an end.
  public func blocks() throws(CatalogueError) -> [TrackFilter.Clause] {
    try read("read the block list") { db in
      try Row.fetchAll(db, sql: "SELECT kind, key, name FROM block ORDER BY kind, name").compactMap { row in
        let name: String = try row.checked(2)
        return switch try row.checked(0, as: String.self) {
        case "genre": .genre(name)
        case "artist": .artist(name)
        case "album": .album(name)
        case "folder": .folder(name)
        case "song": Int64(try row.checked(1, as: String.self)).map { .track(TrackID(rawValue: $0)) }
        case "shortest": Double(name).map { .seconds(0...$0.nextDown) }
        case "longest": Double(name).map { .seconds($0.nextUp...Self.endless) }
        default: nil
        }
      }
    }
  }

  /// Adds a clause to the block list.
  ///
  /// - Returns: Whether it was not there before.
  @discardableResult
  public func block(_ clause: TrackFilter.Clause) throws(CatalogueError) -> Bool {
    let (kind, key, name) = Self.entry(clause)
    return try write("block songs") { db in
      let sql = "INSERT INTO block (kind, key, name) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name"
      let isNew =
        try Row.fetchOne(db, sql: "SELECT 1 FROM block WHERE kind = ? AND key = ?", arguments: [kind, key]) == nil
      try db.execute(sql: sql, arguments: [kind, key, name])
      return isNew
    }
  }

  /// Removes a clause from the block list.
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

  /// Where a range of lengths without an end ends: 300 years.
  public static let endless = 1e10

  private static func entry(_ clause: TrackFilter.Clause) -> (kind: String, key: String, name: String) {
    switch clause {
    case .genre(let name), .artist(let name), .album(let name): (clause.kind, NameKey.key(of: name), name)
    case .folder(let path): ("folder", path, path)
    case .track(let id): ("song", String(id.rawValue), "")
    case .seconds(let range) where range.upperBound >= endless: ("longest", "", String(range.lowerBound.nextDown))
    case .seconds(let range): ("shortest", "", String(range.upperBound.nextUp))
    case .years, .stars, .tempo, .loudness:
      preconditionFailure("a block list has no clause about a \(clause.kind)")
    }
  }
}
