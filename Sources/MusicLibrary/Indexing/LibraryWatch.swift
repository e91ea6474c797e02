import AudioFiles
import Catalogue
import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Follows folders: indexes them, and again whenever something in them has changed, until it is asked to stop.
///
/// On Linux the kernel tells what changes. Elsewhere, for folders on network shares, whose changes by others it does not
/// know, and where it takes no more folders, they are looked at again and again.
public struct LibraryWatch {
  /// What it tells while it runs.
  public enum Event: Sendable {
    /// An indexing begins or goes on.
    case indexing(Indexer.Event)
    /// An indexing is done.
    case indexed(Indexer.Summary)
    /// An indexing failed; it is tried again.
    case failed(reason: String)
    /// It waits for changes in so many folders.
    case watching(folders: Int)
    /// It looks every so many seconds instead, and why.
    case looking(seconds: Int, reason: String)
  }

  /// How often folders are looked at whose changes nobody tells.
  static let lookingInterval = Duration.seconds(60)
  /// How often all folders are looked at in any case.
  static let longInterval = Duration.seconds(3600)
  /// How often it looks whether the folders are still there.
  private static let presenceInterval = Duration.seconds(5)
  /// For so long a wait goes on without asking whether to stop, in milliseconds.
  private static let step: Int32 = 250

  private let catalogue: Catalogue
  private let paths: [String]
  private let options: Indexer.Options

  #if os(Linux)
    private let watch = FolderWatch()
  #endif
  private var changes = ChangeLog()
  /// Held while it waits, too.
  private var claim: IndexingClaim
  private var lastReason: String?
  /// Whether files were left for later since they had just changed.
  private var hasUnfinished = false

  /// A watch of folders and files, or of all roots that the catalogue knows if `paths` is empty.
  ///
  /// - Parameter options: what is asked for; to forget what may be away, to try again what could not be heard, and to
  ///   read tags in a code page is done once, at the beginning.
  public init(_ paths: [String], catalogue: Catalogue, options: Indexer.Options) {
    self.paths = paths
    self.catalogue = catalogue
    self.options = options
    claim = IndexingClaim(library: catalogue.path)
  }

  /// Indexes, waits for a change, and so on.
  ///
  /// - Parameters:
  ///   - makeIndexer: makes the indexer of each turn, since another model may have become the library's meanwhile.
  ///   - shouldStop: asked often, from any thread; what is done by then is stored.
  ///   - report: called from any thread, one call at a time.
  /// - Throws: what the first indexing throws; later ones are tried again. `CatalogueError` with the reason `replaced`,
  ///   within seconds, if the library is deleted or replaced.
  public mutating func run(
    makeIndexer: () throws -> Indexer, shouldStop: () -> Bool, report: (Event) -> Void
  ) throws {
    var (options, isFirst) = (options, true)
    while !shouldStop() {
      try keepLibrary()
      let isTold = try follow(report)
      do {
        options.unfinished = changes.unfinished(at: .now)
        options.recentTimes = isTold ? 0..<0 : Self.recentTimes
        changes.clear()
        let summary = try makeIndexer().index(
          paths, options: options, isFirst: claim.isFirst, shouldStop: shouldStop
        ) { report(.indexing($0)) }
        hasUnfinished = summary.unfinished > 0
        report(.indexed(summary))
      } catch {
        guard !isFirst, (error as? CatalogueError)?.reason != .replaced else { throw error }
        report(.failed(reason: "\(error)"))
      }
      if shouldStop() { return }
      (options, isFirst) = (.init(videos: options.videos), false)
      if isTold { report(.watching(folders: folderCount)) }
      try wait(isTold: isTold, shouldStop: shouldStop)
    }
  }

  /// Checks that the library is still there, and keeps others from replacing it.
  private mutating func keepLibrary() throws(CatalogueError) {
    try catalogue.checkPlace("follow folders")
    if !claim.isFirst { claim = IndexingClaim(library: catalogue.path) }
  }

  // MARK: - Following

  private var folderCount: Int {
    #if os(Linux)
      watch?.count ?? 0
    #else
      0
    #endif
  }

  private func roots() throws -> [String] {
    paths.isEmpty ? try catalogue.roots() : paths.map(AudioFileWalk.absolutePath)
  }

  /// Has the kernel tell of all folders that are there now, before they are looked at; whether it tells all.
  private mutating func follow(_ report: (Event) -> Void) throws -> Bool {
    let reason = try untoldReason()
    if let reason, reason != lastReason {
      report(.looking(seconds: Int(Self.lookingInterval.components.seconds), reason: reason))
    }
    lastReason = reason
    return reason == nil
  }

  /// Why the kernel does not tell of all changes; nil if it does.
  private func untoldReason() throws -> String? {
    #if os(Linux)
      guard let watch else { return "the system allows no watch (fs.inotify.max_user_instances)" }
      let roots = try roots()
      for root in roots {
        let walk = AudioFileWalk(root: root)
        // A file is followed by its folder.
        watch.add(
          walk.folders.isEmpty && !walk.isMissing ? [(root as NSString).deletingLastPathComponent] : walk.folders)
      }
      if watch.isFull { return "the system allows no more watches (fs.inotify.max_user_watches)" }
      return roots.first(where: Self.isRemote).map { "\($0) lies on a network share or another system's disk" }
    #else
      return "this system does not tell what changes"
    #endif
  }

  #if os(Linux)
    /// File systems that others may change without this kernel.
    private static let remoteSystems: Set<String> = [
      "9p", "afs", "ceph", "cifs", "coda", "davfs", "glusterfs", "lustre", "nfs", "nfs4", "smb3", "smbfs", "virtiofs",
    ]

    /// Whether a path lies on such a file system, by the list of what is mounted (proc(5)).
    private static func isRemote(_ path: String) -> Bool {
      guard let mounts = FileManager.default.contents(atPath: "/proc/self/mounts") else { return false }
      var (innermost, system) = (-1, "")
      for line in String(decoding: mounts, as: UTF8.self).split(separator: "\n") {
        let fields = line.split(separator: " ")
        guard fields.count > 2 else { continue }
        let point = String(fields[1]).replacing("\\040", with: " ")
        guard point == path || AudioFileWalk.lies(path, below: point), point.utf8.count >= innermost else { continue }
        (innermost, system) = (point.utf8.count, String(fields[2]))
      }
      return remoteSystems.contains(system) || system.hasPrefix("fuse.")
    }
  #endif

  // MARK: - Waiting

  /// Waits until something has changed, until it is time to look in any case, or until it is asked to stop.
  private mutating func wait(isTold: Bool, shouldStop: () -> Bool) throws {
    let begin = ContinuousClock.now
    let interval = isTold ? Self.longInterval : hasUnfinished ? ChangeLog.stalling : Self.lookingInterval
    let roots = try roots()
    let before = Self.presence(of: roots)
    var next = begin + Self.presenceInterval
    while !shouldStop() {
      step()
      let now = ContinuousClock.now
      if changes.isDue(at: now) || now - begin >= interval { return }
      guard now >= next else { continue }
      next = now + Self.presenceInterval
      try keepLibrary()
      if Self.presence(of: roots) != before { return }
    }
  }

  private mutating func step() {
    #if os(Linux)
      if let watch { return watch.wait(milliseconds: Self.step, into: &changes) }
    #endif
    usleep(UInt32(Self.step) * 1000)
  }

  /// What is at the paths of roots at the moment: disks come and go, of which the kernel does not tell.
  private static func presence(of roots: [String]) -> [[UInt64]] {
    roots.map { root in
      var status = stat()
      return stat(root, &status) == 0 ? [UInt64(truncatingIfNeeded: status.st_dev), UInt64(status.st_ino)] : []
    }
  }

  /// When a file may have been changed that may still be written, in nanoseconds since 1970: another computer's clock may
  /// be ahead, but a time of next year says nothing.
  private static var recentTimes: Range<Int64> {
    let (now, second) = (Date().timeIntervalSince1970, 1e9)
    return Int64((now - 2) * second)..<Int64((now + 60) * second)
  }
}
