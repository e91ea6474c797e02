internal import GRDB
import Tags

extension Catalogue {
  /// The tracks below a folder, or of a file, whose tags an earlier version read, or all of them; without vectors.
  package func tagStates(under root: String, areAllWanted: Bool) throws(CatalogueError) -> [FileState] {
    let sql = """
      SELECT \(FileState.selected) FROM track
      WHERE \(Self.isUnderRoot) AND (? OR tagVersion < ?) ORDER BY path
      """
    return try read("list the tags") { db in
      // No model is asked about.
      let arguments = [nil] + Self.arguments(under: root) + [areAllWanted, AudioTags.readingVersion]
      return try Row.fetchAll(db, sql: sql, arguments: arguments).map(FileState.init)
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
      let rows = try Row.fetchAll(db, sql: sql, arguments: Self.arguments(under: folder) + [prefix + 1])
      return try rows.map { row in
        let charset: String? = try row.checked(row.count - 1)
        return (try Track(row), charset.flatMap(LegacyCharset.init(named:)))
      }
    }
  }

  /// Replaces the tags of tracks that are still there, as one transaction: as the files have them, to be read in the
  /// code page if one is given, or else in the one that was remembered. A given one is remembered; without one,
  /// `forgetsCharset` forgets the one that was.
  package func update(
    tags: [TrackID: AudioTags], charset: LegacyCharset? = nil, forgetsCharset: Bool = false
  ) throws(CatalogueError) {
    try write("update tags") { db in
      let search = try db.cachedStatement(sql: "SELECT \(TrackColumns.selected), charset FROM track WHERE id = ?")
      for (id, raw) in tags {
        guard let row = try Row.fetchOne(search, arguments: [id.rawValue]) else { continue }
        let track = try Track(row)
        let remembered: String? = try row.checked(row.count - 1)
        let updated = IndexedTrack(
          path: track.path, fileSize: track.fileSize, modificationTime: track.modificationTime,
          tags: raw.decoded(byName: charset?.name ?? (forgetsCharset ? nil : remembered)), duration: track.duration,
          source: track.source)
        try db.cachedStatement(sql: TrackColumns.update)
          .execute(arguments: TrackColumns.values(of: updated) + [id.rawValue])
        try TrackNames.store(updated.tags, of: id.rawValue, in: db)
        guard charset != nil || forgetsCharset else { continue }
        try db.cachedStatement(sql: "UPDATE track SET charset = ? WHERE id = ?")
          .execute(arguments: [charset?.name, id.rawValue])
      }
    }
  }
}

extension AudioTags {
  /// The tags in a remembered code page, if there is one.
  func decoded(byName name: String?) -> AudioTags {
    name.flatMap(LegacyCharset.init(named:)).map(decoded(by:)) ?? self
  }
}
