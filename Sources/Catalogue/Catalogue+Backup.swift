import Foundation
internal import GRDB

extension Catalogue {
  /// Writes a copy of all that the catalogue holds into one file, as it is at one moment: also while an indexer stores
  /// songs. What was deleted takes no room in it.
  ///
  /// - Parameters:
  ///   - copy: The absolute path of a file. If writing fails, it is as it was.
  ///   - replaces: Whether a file that is there is replaced; otherwise it is an error.
  ///   - shouldStop: Asked often, from another thread.
  /// - Throws: `CatalogueError`, with the reason `interrupted` if it was stopped.
  public func write(
    copy: String, replaces: Bool = false, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws(CatalogueError) {
    let action = "write a copy"
    let temporary = "\(copy).\(UUID().uuidString)"
    do {
      try Self.checkName(copy, action: action)
      defer { for ending in ["", "-journal"] { try? FileManager.default.removeItem(atPath: temporary + ending) } }
      try Self.stoppable(database, shouldStop) { try database.vacuum(into: temporary) }
      let file = try FileHandle(forUpdating: URL(filePath: temporary))
      try file.synchronize()
      try file.close()
      if replaces {
        try Self.rename(temporary, to: copy)
      } else {
        try FileManager.default.moveItem(atPath: temporary, toPath: copy)
      }
    } catch {
      throw CatalogueError(error, path: path, action: "\(action) to \(copy)")
    }
  }

  /// Makes the file as small as what it holds; needs as much room beside it meanwhile.
  ///
  /// - Parameter shouldStop: Asked often, from another thread; it is as it was then.
  /// - Throws: `CatalogueError`, with the reason `interrupted` if it was stopped.
  public func vacuum(shouldStop: @escaping @Sendable () -> Bool = { false }) throws(CatalogueError) {
    do {
      try Self.stoppable(database, shouldStop) { try database.vacuum() }
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
  ///   - shouldStop: Asked often, from another thread; nothing is replaced then.
  /// - Returns: How many tracks have other paths now.
  /// - Throws: `CatalogueError`: as `init(path:)`, and with the reason `damaged` if the copy is, `takenPath`,
  ///   `nothingToMove` or `interrupted`.
  @discardableResult
  public static func restore(
    copy: String, to path: String, map: PathMap = PathMap(), shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws(CatalogueError) -> Int {
    let path = absolute(path)
    let temporary = "\(path).\(UUID().uuidString)"
    let files = FileManager.default
    do {
      defer { for ending in ["", "-wal", "-shm", "-journal"] { try? files.removeItem(atPath: temporary + ending) } }
      try checkName(path, action: "restore a copy")
      try files.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      let isCurrent = try checkedCopy(copy, to: temporary, shouldStop)
      let catalogue = try Catalogue(path: temporary)
      if !isCurrent { try check(catalogue, named: copy, shouldStop) }
      for place in map.places where try !catalogue.holds(place.old) {
        throw CatalogueError(.nothingToMove(place.old), path: absolute(copy), action: "map the folders")
      }
      let moved = try stoppable(catalogue.database, shouldStop) { try catalogue.move(map) }
      try catalogue.database.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
      try catalogue.database.close()
      // The log of the file that is replaced is not the new one's.
      for ending in ["-wal", "-shm"] where files.fileExists(atPath: path + ending) {
        try files.removeItem(atPath: path + ending)
      }
      try rename(temporary, to: path)
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

  /// Copies a catalogue, checked if it has today's layout: in an earlier one the check does not find its way.
  ///
  /// - Returns: Whether it has today's layout.
  private static func checkedCopy(
    _ copy: String, to temporary: String, _ shouldStop: @escaping @Sendable () -> Bool
  ) throws -> Bool {
    // Its log, if it has one, belongs to it: SQLite copies, not the file system.
    let source = try Catalogue(copying: copy)
    let isCurrent = try source.database.read(Schema.migrator.hasCompletedMigrations)
    if isCurrent { try check(source, named: copy, shouldStop) }
    try stoppable(source.database, shouldStop) { try source.database.vacuum(into: temporary) }
    try source.database.close()
    return isCurrent
  }

  private static func check(
    _ catalogue: Catalogue, named copy: String, _ shouldStop: @escaping @Sendable () -> Bool
  ) throws {
    guard let fault = try stoppable(catalogue.database, shouldStop, { try catalogue.faults(limit: 1) }).first else {
      return
    }
    throw CatalogueError(.damaged, path: absolute(copy), action: "restore a copy", detail: fault.reason)
  }

  private static func rename(_ path: String, to new: String) throws {
    guard Foundation.rename(path, new) == 0 else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSLocalizedDescriptionKey: String(cString: strerror(errno))])
    }
  }

  /// Runs `body`, and breaks off what SQLite does soon after it is asked to stop.
  private static func stoppable<T>(
    _ database: any DatabaseReader, _ shouldStop: @escaping @Sendable () -> Bool, _ body: () throws -> T
  ) throws -> T {
    let queue = DispatchQueue(label: "akin.catalogue.stop")
    let timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now(), repeating: .milliseconds(50))
    timer.setEventHandler { if shouldStop() { database.interrupt() } }
    timer.resume()
    // It may be at work at this moment.
    defer { queue.sync { timer.cancel() } }
    let result = try body()
    if shouldStop() { throw DatabaseError(resultCode: .SQLITE_INTERRUPT) }
    return result
  }

  /// What SQLite calls the files that it keeps beside a database.
  private static let endingsOfSQLite = ["-wal", "-shm", "-journal"]

  /// Refuses a name that SQLite takes for that of a file beside another database, which it would delete.
  static func checkName(_ path: String, action: String) throws(CatalogueError) {
    guard endingsOfSQLite.contains(where: { path.hasSuffix($0) }) else { return }
    throw CatalogueError(.reservedName, path: path, action: action)
  }
}
