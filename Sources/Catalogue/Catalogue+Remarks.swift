internal import GRDB

extension Catalogue {
  /// What is to be said of files, in the order of their paths.
  ///
  /// A remark of a kind that a newer program stored is left out.
  public func remarks() throws(CatalogueError) -> [FileRemark] {
    let sql =
      "SELECT path, kind, reason, fileSize, modificationTime, software FROM fileRemark ORDER BY path, kind, reason"
    return try read("list the remarks on files") { db in
      try Row.fetchAll(db, sql: sql).compactMap { row in
        guard let kind = FileRemark.Kind(rawValue: try row.checked(1)) else { return nil }
        return FileRemark(
          path: try row.checked(0), kind: kind, reason: try row.checked(2), fileSize: try row.checked(3),
          modificationTime: try row.checked(4), software: try row.checked(5))
      }
    }
  }

  /// Replaces all that was said of some files, as one transaction.
  ///
  /// - Parameters:
  ///   - paths: The files whose earlier remarks are no longer true.
  ///   - remarks: What is to be said now.
  public func replaceRemarks(on paths: [String], by remarks: [FileRemark] = []) throws(CatalogueError) {
    guard !paths.isEmpty || !remarks.isEmpty else { return }
    try write("store remarks on files") { db in
      let deletion = try db.cachedStatement(sql: "DELETE FROM fileRemark WHERE path = ?")
      for path in paths { try deletion.execute(arguments: [path]) }
      let insertion = try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO fileRemark (path, kind, reason, fileSize, modificationTime, software)
          VALUES (?, ?, ?, ?, ?, ?)
          """)
      for remark in remarks {
        try insertion.execute(arguments: [
          remark.path, remark.kind.rawValue, remark.reason, remark.fileSize, remark.modificationTime, remark.software,
        ])
      }
    }
  }
}
