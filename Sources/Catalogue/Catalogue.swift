import Foundation
internal import GRDB
import Synchronization

/// A music collection in one SQLite file: tracks with their tags, the models that were used, and the vector that
/// each model made of each track.
///
/// Every change is one transaction: it is there as a whole or not at all, and what was committed survives a kill.
/// Several processes may use the same file at once: readers go on, each on the state in which it began, while one
/// writes; writers wait for each other, for up to half a minute.
///
/// Methods block until they are done, and may be called from any thread. The file must be on a local disk, since
/// SQLite's write-ahead log needs memory that all processes share.
public final class Catalogue: Sendable {
  /// The absolute path of the file.
  public let path: String
  let database: any DatabaseWriter
  /// Which file was opened; nil where that cannot be told.
  private let identity: DiskFile?
  private let changeCount = Atomic(0)

  /// Opens the catalogue at `path`, creating the file and its folders if they are missing, and brings an older
  /// layout up to date.
  ///
  /// A file that is not a catalogue is left as it was.
  ///
  /// - Throws: `CatalogueError` with the reason `notADatabase`, `otherDatabase`, `newerSchema`, `damaged`, `isFolder`,
  ///   `permissionDenied`, `diskFull`, `locked`, `cannotOpen` or `inputOutput`.
  public convenience init(path: String) throws(CatalogueError) {
    try self.init(path: path, busyTimeout: 30, pageLimit: nil)
  }

  /// Opens the catalogue at `path` for some questions: sooner, without writing to it if its layout is up to date, and
  /// for one thread at a time; others wait.
  ///
  /// A catalogue that cannot be written to, such as on a disk that is mounted for reading only, can be asked, too.
  ///
  /// - Throws: as `init(path:)`; and for one that cannot be written to, with the reason `olderLayoutReadOnly` or
  ///   `unfinishedChangesReadOnly`.
  public convenience init(asking path: String) throws(CatalogueError) {
    if Self.canBeReadOnly(Self.absolute(path)) {
      try self.init(readingOnly: path)
    } else {
      try self.init(path: path, busyTimeout: 30, isForQuestions: true)
    }
  }

  /// Opens the catalogue at `path` for questions and writes nothing, neither to the file nor beside it.
  package init(readingOnly path: String, busyTimeout: Double = 30) throws(CatalogueError) {
    let path = Self.absolute(path)
    self.path = path
    do { database = try Self.openForReading(path: path, busyTimeout: busyTimeout) } catch {
      throw CatalogueError(error, path: path, action: Self.opening)
    }
    identity = DiskFile(path: path)
  }

  /// Opens a catalogue, which may be of an earlier layout, to be copied: nothing is written to it.
  init(copying path: String) throws(CatalogueError) {
    let path = Self.absolute(path)
    self.path = path
    do {
      database = try Self.openForReading(path: path, busyTimeout: 30, anyLayout: true)
    } catch {
      throw CatalogueError(error, path: path, action: Self.opening)
    }
    identity = DiskFile(path: path)
  }

  /// Opens a catalogue whose writers wait for each other for at most `busyTimeout` seconds, and whose file may not grow
  /// beyond `pageLimit` pages, as on a disk that fills up.
  package init(
    path: String, busyTimeout: Double = 30, pageLimit: Int? = nil, isForQuestions: Bool = false
  ) throws(CatalogueError) {
    let path = Self.absolute(path)
    self.path = path
    do {
      if !FileManager.default.fileExists(atPath: path) { try Self.checkName(path, action: Self.opening) }
      let folder = (path as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      var configuration = Self.configuration(path: path, busyTimeout: busyTimeout)
      if let pageLimit {
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA max_page_count = \(pageLimit)") }
      }
      let queue = isForQuestions ? try Self.openQueue(path: path, configuration: configuration) : nil
      database =
        try queue ?? Self.openPool(path: path, configuration: configuration, busyTimeout: busyTimeout)
    } catch {
      throw CatalogueError(error, path: path, action: Self.opening)
    }
    identity = DiskFile(path: path)
  }

  private static let opening = "open the database"

  /// SQLite would give a meaning of its own to ":memory:" and to an empty path.
  static func absolute(_ path: String) -> String {
    path.utf8.first == UInt8(ascii: "/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  /// Whether there is a file that can be read, but not written to or not in its folder, as a write-ahead log must be.
  private static func canBeReadOnly(_ path: String) -> Bool {
    let files = FileManager.default
    var isFolder: ObjCBool = false
    guard files.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue,
      files.isReadableFile(atPath: path)
    else { return false }
    return !files.isWritableFile(atPath: path)
      || !files.isWritableFile(atPath: (path as NSString).deletingLastPathComponent)
  }

  /// A connection for reading only. Without a write-ahead log beside it, nobody has the file open, and it is read as one
  /// that does not change: SQLite would otherwise want to make files for its locks.
  private static func openForReading(
    path: String, busyTimeout: Double, anyLayout: Bool = false
  ) throws -> DatabaseQueue {
    var configuration = configuration(path: path, busyTimeout: busyTimeout)
    configuration.readonly = true
    configuration.prepareDatabase { try checkIdentity($0, path: path) }
    func open(_ name: String) throws -> DatabaseQueue {
      let queue = try DatabaseQueue(path: name, configuration: configuration)
      guard try anyLayout || queue.read(Schema.migrator.hasCompletedMigrations) else {
        throw CatalogueError(.olderLayoutReadOnly, path: path, action: opening)
      }
      return queue
    }
    let log = try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
    do {
      if log != nil { return try open(path) }
    } catch let error as DatabaseError where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode) {
      // The log cannot be read without the shared memory that its last user left, or has taken away.
      if log ?? 0 > 0 { throw CatalogueError(.unfinishedChangesReadOnly, path: path, action: opening) }
    }
    guard let encoded = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) else {
      throw CatalogueError(.cannotOpen, path: path, action: opening)
    }
    return try open("file://\(encoded)?immutable=1")
  }

  /// One connection; nil if there is no catalogue yet, or one of an older layout. (A pool writes to the disk whenever
  /// it is opened: see GRDB's `setUpWALMode`.)
  private static func openQueue(path: String, configuration: Configuration) throws -> DatabaseQueue? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    return try queue.read(Schema.migrator.hasCompletedMigrations) ? queue : nil
  }

  /// SQLite waits for every lock but the one that turns a new file to write-ahead logging: of two processes that make
  /// a catalogue at once, one is sent away. It comes again.
  private static func openPool(
    path: String, configuration: Configuration, busyTimeout: Double
  ) throws -> DatabasePool {
    let deadline = ContinuousClock.now + .seconds(busyTimeout)
    while true {
      do {
        let pool = try DatabasePool(path: path, configuration: configuration)
        try migrate(pool)
        return pool
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < deadline {
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
  }

  private static func configuration(path: String, busyTimeout: Double) -> Configuration {
    var configuration = Configuration()
    configuration.label = "akin.catalogue"
    configuration.busyMode = .timeout(busyTimeout)
    configuration.prepareDatabase { db in
      // Before the first write, which would turn another program's file to write-ahead logging.
      if !db.configuration.readonly { try checkIdentity(db, path: path) }
    }
    return configuration
  }

  private static func checkIdentity(_ db: Database, path: String) throws {
    // Another process may just be making the catalogue: GRDB's own table is there before the first of ours.
    let sql = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'grdb\\_%' ESCAPE '\\'"
    let tableCount = try Int.fetchOne(db, sql: sql) ?? 0
    guard tableCount > 0 else { return }
    guard try Int.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID else {
      throw CatalogueError(.otherDatabase, path: path, action: opening)
    }
    guard try !Schema.migrator.hasBeenSuperseded(db) else {
      throw CatalogueError(.newerSchema, path: path, action: opening)
    }
  }

  /// Two processes may migrate at once: the one that comes second to a migration fails, finds that there was
  /// progress, and goes on from there.
  private static func migrate(_ pool: DatabasePool) throws {
    let migrator = Schema.migrator
    while true {
      let before = try pool.read { try migrator.appliedMigrations($0).count }
      do {
        return try migrator.migrate(pool)
      } catch {
        let after = try pool.read { try migrator.appliedMigrations($0).count }
        guard after > before else { throw error }
      }
    }
  }
}

extension Catalogue {
  /// Checks that the file that was opened is still the one at its path: what is written to another one is lost.
  ///
  /// - Throws: `CatalogueError` with the reason `replaced`.
  package func checkPlace(_ action: String = "write") throws(CatalogueError) {
    guard let identity, DiskFile(path: path) != identity else { return }
    throw CatalogueError(.replaced, path: path, action: action)
  }

  /// Runs `body` on one consistent state of the database. `action` completes "Cannot …" in an error.
  func read<T>(_ action: String, _ body: (Database) throws -> T) throws(CatalogueError) -> T {
    do {
      return try database.read(body)
    } catch {
      throw CatalogueError(error, path: path, action: action)
    }
  }

  /// How often this process has changed the catalogue, by this object.
  package var changes: Int { changeCount.load(ordering: .relaxed) }

  /// Runs `body` as one transaction, which is rolled back when it throws.
  func write<T>(_ action: String, _ body: (Database) throws -> T) throws(CatalogueError) -> T {
    try checkPlace(action)
    defer { changeCount.add(1, ordering: .relaxed) }
    do {
      return try database.write(body)
    } catch {
      throw CatalogueError(error, path: path, action: action)
    }
  }
}
