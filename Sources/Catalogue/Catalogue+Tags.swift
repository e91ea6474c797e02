internal import GRDB
import Tags

extension Catalogue {
  /// A track whose tags are to be read again, or were.
  package struct TagState: Sendable {
    /// The track.
    package var id: TrackID
    /// Its file.
    package var path: String
    /// The size of the file that was heard, in bytes.
    package var fileSize: Int64
    /// Its modification time, in nanoseconds since 1970.
    package var modificationTime: Int64
  }

  /// The tracks below a folder, or of a file, whose tags an earlier version read; or all of them.
  package func tagStates(under root: String, areAllWanted: Bool) throws(CatalogueError) -> [TagState] {
    let sql = """
      SELECT id, path, fileSize, modificationTime FROM track
      WHERE \(Self.isUnderRoot) AND (? OR tagVersion < ?) ORDER BY path
      """
    return try read("list the tags") { db in
      let arguments = Self.rootArguments(root) + [areAllWanted, AudioTags.readingVersion]
      return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
        TagState(
          id: TrackID(rawValue: try row.checked(0)), path: try row.checked(1), fileSize: try row.checked(2),
          modificationTime: try row.checked(3))
      }
    }
  }

  /// The tracks of a folder alone, without those below it, and the code page that each is read in; nil for none.
  package func tracks(inFolder folder: String) throws(CatalogueError) -> [(track: Track, charset: LegacyCharset?)] {
    let sql = """
      SELECT \(TrackColumns.selected), charset FROM track
      WHERE \(Self.isUnderRoot) AND instr(substr(path, ?), '/') = 0 ORDER BY path
      """
    return try read("list a folder") { db in
      let prefix = folder == "/" ? 1 : folder.unicodeScalars.count + 1
      let rows = try Row.fetchAll(db, sql: sql, arguments: Self.rootArguments(folder) + [prefix + 1])
      return try rows.map { row in
        let charset: String? = try row.checked(row.count - 1)
        return (try Track(row), charset.flatMap(LegacyCharset.init(named:)))
      }
    }
  }

  /// Replaces the tags of tracks that are still there, as one transaction: as the files have them, to be read in the
  /// code page if one is given, or else in the one that was remembered. A given one is remembered.
  package func update(tags: [TrackID: AudioTags], charset: LegacyCharset? = nil) throws(CatalogueError) {
    try write("update tags") { db in
      let search = try db.cachedStatement(sql: "SELECT \(TrackColumns.selected), charset FROM track WHERE id = ?")
      for (id, raw) in tags {
        guard let row = try Row.fetchOne(search, arguments: [id.rawValue]) else { continue }
        let track = try Track(row)
        let remembered: String? = try row.checked(row.count - 1)
        let updated = IndexedTrack(
          path: track.path, fileSize: track.fileSize, modificationTime: track.modificationTime,
          tags: raw.decoded(byName: charset?.name ?? remembered), duration: track.duration)
        try db.cachedStatement(sql: TrackColumns.update)
          .execute(arguments: TrackColumns.values(of: updated) + [id.rawValue])
        try TrackNames.store(updated.tags, of: id.rawValue, in: db)
        guard let charset else { continue }
        try db.cachedStatement(sql: "UPDATE track SET charset = ? WHERE id = ?")
          .execute(arguments: [charset.name, id.rawValue])
      }
    }
  }

  /// The condition on a track's path, and its arguments: all paths that begin with "folder/" are those from it to just
  /// before "folder0", since 0 follows / in ASCII.
  private static let isUnderRoot = "(path = ? OR (path >= ? AND path < ?))"

  private static func rootArguments(_ root: String) -> StatementArguments {
    let folder = root == "/" ? "" : root
    return [root, folder + "/", folder + "0"]
  }
}

extension AudioTags {
  /// The tags in a remembered code page, if there is one.
  func decoded(byName name: String?) -> AudioTags {
    name.flatMap(LegacyCharset.init(named:)).map(decoded(by:)) ?? self
  }
}
