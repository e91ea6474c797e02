internal import GRDB

extension Catalogue {
  /// The absolute paths of the folders and files that were indexed, in order.
  ///
  /// They are kept so that files that are gone from an existing root can be forgotten, while a root that is missing
  /// as a whole (an unmounted disk) forgets nothing.
  public func roots() throws(CatalogueError) -> [String] {
    try read("list the roots") { db in try String.fetchAll(db, sql: "SELECT path FROM root ORDER BY path") }
  }

  /// Remembers a folder or file as indexed. Adding it again changes nothing.
  public func addRoot(_ root: String) throws(CatalogueError) {
    let root = Self.rootPath(root)
    try write("remember a root") { db in
      try db.execute(sql: "INSERT OR IGNORE INTO root (path) VALUES (?)", arguments: [root])
    }
  }

  /// No longer remembers a folder or file; its tracks stay until they are forgotten.
  public func removeRoot(_ root: String) throws(CatalogueError) {
    let root = Self.rootPath(root)
    try write("remove a root") { db in
      try db.execute(sql: "DELETE FROM root WHERE path = ?", arguments: [root])
    }
  }

  /// The folders on which another file system began when they were indexed, in order: if none does any more, what was
  /// there is away rather than gone.
  public func mountPoints() throws(CatalogueError) -> [String] {
    try read("list the mount points") { db in try String.fetchAll(db, sql: "SELECT path FROM mountPoint ORDER BY path")
    }
  }

  /// Remembers and forgets folders on which another file system begins.
  public func changeMountPoints(add added: [String], remove removed: [String]) throws(CatalogueError) {
    guard !added.isEmpty || !removed.isEmpty else { return }
    try write("remember the mount points") { db in
      for path in added { try db.execute(sql: "INSERT OR IGNORE INTO mountPoint (path) VALUES (?)", arguments: [path]) }
      for path in removed { try db.execute(sql: "DELETE FROM mountPoint WHERE path = ?", arguments: [path]) }
    }
  }

  /// What the catalogue holds of a folder, at any depth, or of a file, and whether each track has a vector of a model.
  ///
  /// - Parameters:
  ///   - root: The absolute path of the folder or file.
  ///   - model: The identifier of the model; nil if no vectors are asked about (none has one then).
  /// - Throws: `CatalogueError` with the reason `unknownModel`, or one of SQLite's.
  public func fileStates(under root: String, model: String?) throws(CatalogueError) -> FileStates {
    let action = "list the files"
    let sql = "SELECT \(FileState.selected) FROM track WHERE \(Self.isUnderRoot) ORDER BY path"
    return try read(action) { db in
      let key = try model.map { try modelKey(db, identifier: $0, action: action).id }
      let rows = try Row.fetchCursor(db, sql: sql, arguments: [key] + Self.arguments(under: Self.rootPath(root)))
      var states: [FileState] = []
      while let row = try rows.next() { states.append(try FileState(row)) }
      return FileStates(states)
    }
  }

  /// The condition that a track is a root's, in SQL; its arguments are those of `arguments(under:)`.
  static let isUnderRoot = "(path = ? OR (path >= ? AND path < ?))"

  /// All paths that begin with "folder/" are those from it to just before "folder0": 0 follows / in ASCII.
  static func arguments(under root: String) -> StatementArguments {
    let folder = root == "/" ? "" : root
    return [root, folder + "/", folder + "0"]
  }

  /// The path of a root without trailing slashes, so that a folder has one name only.
  private static func rootPath(_ path: String) -> String {
    precondition(path.utf8.first == UInt8(ascii: "/"), "the path \(path) is not absolute")
    var path = Substring(path)
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") {
      path = Substring(path.utf8.dropLast())
    }
    return String(path)
  }
}
