import Foundation
internal import GRDB

extension Catalogue {
  /// Writes a copy of all that the catalogue holds into one file, as it is at one moment: also while an indexer stores
  /// songs. What was deleted takes no room in it.
  ///
  /// - Parameter copy: The absolute path of a file that is not there yet. If writing fails, none is left.
  public func write(copy: String) throws(CatalogueError) {
    let action = "write a copy"
    let temporary = "\(copy).\(UUID().uuidString)"
    do {
      defer { for ending in ["", "-journal"] { try? FileManager.default.removeItem(atPath: temporary + ending) } }
      try database.vacuum(into: temporary)
      let file = try FileHandle(forUpdating: URL(filePath: temporary))
      try file.synchronize()
      try file.close()
      try FileManager.default.moveItem(atPath: temporary, toPath: copy)
    } catch {
      throw CatalogueError(error, path: path, action: "\(action) to \(copy)")
    }
  }

  /// Makes the file as small as what it holds; needs as much room beside it meanwhile.
  public func vacuum() throws(CatalogueError) {
    do {
      try database.vacuum()
      // What was written lies in the log until it is brought into the file.
      try database.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
    } catch {
      throw CatalogueError(error, path: path, action: "make the file smaller")
    }
  }

  /// Restores a copy that `write(copy:)` made: to `path`, which is replaced if it is there. The file is there as a whole
  /// or not at all; nobody may use the one that is replaced.
  ///
  /// - Parameters:
  ///   - copy: The path of the copy, which may be of an earlier layout.
  ///   - path: The path of the catalogue to be.
  ///   - map: Where the music lies now.
  /// - Returns: How many tracks have other paths now.
  /// - Throws: `CatalogueError`: as `init(path:)`, and with the reason `damaged` if the copy is, `takenPath`,
  ///   or `nothingToMove`.
  @discardableResult
  public static func restore(copy: String, to path: String, map: PathMap = PathMap()) throws(CatalogueError) -> Int {
    let path = absolute(path)
    let temporary = "\(path).\(UUID().uuidString)"
    let files = FileManager.default
    do {
      defer { for ending in ["", "-wal", "-shm", "-journal"] { try? files.removeItem(atPath: temporary + ending) } }
      try files.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try checkedCopy(copy, to: temporary)
      let catalogue = try Catalogue(path: temporary)
      for place in map.places where try !catalogue.holds(place.old) {
        throw CatalogueError(.nothingToMove(place.old), path: absolute(copy), action: "map the folders")
      }
      let moved = try catalogue.move(map)
      try catalogue.database.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
      try catalogue.database.close()
      // The log of the file that is replaced is not the new one's.
      for ending in ["-wal", "-shm"] where files.fileExists(atPath: path + ending) {
        try files.removeItem(atPath: path + ending)
      }
      guard rename(temporary, path) == 0 else {
        throw CocoaError(.fileWriteUnknown, userInfo: [NSLocalizedDescriptionKey: String(cString: strerror(errno))])
      }
      return moved
    } catch {
      throw CatalogueError(error, path: path, action: "restore \(copy)")
    }
  }

  /// Whether a track lies at a path or below.
  private func holds(_ path: String) throws(CatalogueError) -> Bool {
    if try track(path: path) != nil { return true }
    return try !tracks(where: .folder(path)).isEmpty
  }

  private static func checkedCopy(_ copy: String, to temporary: String) throws {
    // Its log, if it has one, belongs to it: SQLite copies, not the file system.
    let source = try Catalogue(copying: copy)
    if let fault = try source.faults().first {
      throw CatalogueError(.damaged, path: source.path, action: "restore a copy", detail: fault.reason)
    }
    try source.database.vacuum(into: temporary)
    try source.database.close()
  }
}
