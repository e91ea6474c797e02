import AudioFiles
import Catalogue
import Foundation

/// What is gone, and what is only away: a disk that is not mounted, a share that does not answer.
extension IndexScan {
  /// Forgets what is gone from a root.
  mutating func settle(_ walked: Walked) throws(CatalogueError) {
    let (walk, known) = (walked.walk, walked.known)
    // A sheet that is named itself holds what it finds in files.
    let holdsSongs = !walk.files.isEmpty || sheets.songs.contains { AudioFileWalk.lies($0, below: walk.root) }
    guard holdsSongs else { return try settleEmpty(walk, known: known) }
    try catalogue.addRoot(walk.root)
    tellUnreadable(walk, known: known)
    let away = walk.unreadable.map(\.path) + away(walk, known: known)
    var gone = known.filter { !found.contains($0.id) && !Self.lies($0.path, inOneOf: away) }
    gone = try keepLostMountPoints(walk, gone: gone, away: away)
    gone = try keepUnseenFolders(walk, gone: gone)
    gone = keepMostOfARoot(walk, known: known, gone: gone)
    summary.forgotten += try catalogue.forget(gone)
    let forgotten = Set(gone.map(\.id))
    try forgetRemarks(walk, kept: known.filter { !forgotten.contains($0.id) }, away: away)
  }

  /// Names what could not be read, and what is kept of it whatever is asked for; a root below speaks for itself.
  private mutating func tellUnreadable(_ walk: AudioFileWalk, known: FileStates) {
    for (path, reason) in walk.unreadable where !roots.contains(where: { $0.utf8.elementsEqual(path.utf8) }) {
      let count = known.count { AudioFileWalk.lies($0.path, below: path) }
      summary.skipped.append((path, count == 0 ? reason : Self.joined(reason, "\(Self.songs(count)) kept")))
    }
  }

  /// Roots below this one that are missing or empty, and links to nothing: disks that are not mounted, perhaps.
  private mutating func away(_ walk: AudioFileWalk, known: FileStates) -> [String] {
    let below = roots.filter { root in
      AudioFileWalk.lies(root, below: walk.root) && !walk.files.contains { AudioFileWalk.lies($0.path, below: root) }
    }
    guard !options.prune else { return below }
    for link in walk.danglingLinks {
      let count = known.count { AudioFileWalk.lies($0.path, below: link) }
      if count > 0 { summary.skipped.append((link, "it links to nothing; \(Self.kept(count))")) }
    }
    return below + walk.danglingLinks
  }

  /// Whether a file that is gone is new under another path: what has moved is not lost.
  private var hasMoved: (FileState) -> Bool {
    let stamps = Set(pending.lazy.filter(\.isNew).map(\.stamp))
    return { stamps.contains(FileStamp($0)) }
  }

  /// Keeps what lay on another disk whose folder is on the root's own disk now, or gone; returns the rest.
  /// A disk that is mounted elsewhere is not away.
  private mutating func keepLostMountPoints(
    _ walk: AudioFileWalk, gone: [FileState], away: [String]
  ) throws(CatalogueError) -> [FileState] {
    let current = walk.mountPoints.filter { point in walk.files.contains { AudioFileWalk.lies($0.path, below: point) } }
    let lost = try catalogue.mountPoints().filter { point in
      AudioFileWalk.lies(point, below: walk.root) && !Self.lies(point, inOneOf: away)
        && !walk.mountPoints.contains { $0.utf8.elementsEqual(point.utf8) }
    }
    var (gone, settled) = (gone, [String]())
    let hasMoved = self.hasMoved
    for point in lost {
      let count = gone.count { AudioFileWalk.lies($0.path, below: point) && !hasMoved($0) }
      if count == 0 || options.prune {
        settled.append(point)
      } else {
        summary.skipped.append((point, "the disk that was mounted there is away; \(Self.kept(count))"))
        gone.removeAll { AudioFileWalk.lies($0.path, below: point) && !hasMoved($0) }
      }
    }
    try catalogue.changeMountPoints(add: current, remove: settled)
    return gone
  }

  /// Keeps what no indexing of this version has seen yet, if its folder is gone or empty as a whole; returns the rest.
  ///
  /// Versions before 0.3 did not remember which folders were disks of their own. Songs that were seen since have tags
  /// that this version read. An empty folder is what remains of a disk that is not mounted; one with a picture or
  /// another file in it is not.
  private mutating func keepUnseenFolders(
    _ walk: AudioFileWalk, gone: [FileState]
  ) throws(CatalogueError) -> [FileState] {
    guard !options.prune, !gone.isEmpty else { return gone }
    let unseen = Set(try catalogue.tagStates(under: walk.root, areAllWanted: false).map(\.id))
    guard !unseen.isEmpty else { return gone }
    let hasMoved = self.hasMoved
    var folders = LostFolders(root: walk.root)
    var lost: [String: [TrackID]] = [:]
    for state in gone where unseen.contains(state.id) && !hasMoved(state) {
      if let folder = folders.outermost(around: state.path) { lost[folder, default: []].append(state.id) }
    }
    for (folder, songs) in lost.sorted(by: { $0.key < $1.key }) {
      summary.skipped.append(
        (
          folder,
          "it is gone or empty since an earlier version of akin heard it: a disk that is away? \(Self.kept(songs.count))"
        ))
    }
    let kept = Set(lost.values.joined())
    return gone.filter { !kept.contains($0.id) }
  }

  /// Keeps what is gone if it is more than half of a root at once, or of a disk or a root below it; returns the rest.
  /// What has moved is not lost, nor what was converted: a file of the same name, but for its ending, is there.
  private mutating func keepMostOfARoot(_ walk: AudioFileWalk, known: FileStates, gone: [FileState]) -> [FileState] {
    guard !options.prune, !gone.isEmpty else { return gone }
    let below = (walk.mountPoints + roots).filter { AudioFileWalk.lies($0, below: walk.root) }
    // The innermost first.
    let units = Set(below).sorted { $0.utf8.count > $1.utf8.count } + [walk.root]
    func unit(_ state: FileState) -> String {
      units.first { AudioFileWalk.lies(state.path, below: $0) } ?? walk.root
    }
    let hasMoved = self.hasMoved
    var lost: [String: [FileState]] = [:]
    let present = Set(walk.files.map { Self.withoutEnding($0.path) })
    for state in gone where !hasMoved(state) && !present.contains(Self.withoutEnding(state.path)) {
      lost[unit(state), default: []].append(state)
    }
    let total = Dictionary(grouping: known, by: unit).mapValues(\.count)
    var kept: Set<TrackID> = []
    for (unit, states) in lost.sorted(by: { $0.key < $1.key }) where 2 * states.count > total[unit] ?? 0 {
      let count = "\(states.count) of its \(total[unit] ?? 0) songs"
      summary.skipped.append(
        (unit, "more than half of it is gone at once, \(count): a disk that is away? \(Self.kept(states.count))"))
      kept.formUnion(states.map(\.id))
    }
    return gone.filter { !kept.contains($0.id) }
  }

  /// The bytes of a path up to the ending of its name: names that differ in normalisation are two.
  private static func withoutEnding(_ path: String) -> [UInt8] { Array((path as NSString).deletingPathExtension.utf8) }

  /// A root without a song: gone, or a disk that is not mounted?
  private mutating func settleEmpty(_ walk: AudioFileWalk, known: FileStates) throws(CatalogueError) {
    let root = walk.root
    let all = known
    let known = known.filter { !found.contains($0.id) }
    let mayBePruned = walk.isMissing || walk.isNoFile || walk.unreadable.isEmpty
    if !known.isEmpty && options.prune && mayBePruned || isDeletedFile(walk, known: known) {
      summary.forgotten += try catalogue.forget(known)
      try forgetRemarks(walk, kept: [], away: [])
      let points = try catalogue.mountPoints().filter { AudioFileWalk.lies($0, below: root) }
      try catalogue.changeMountPoints(add: [], remove: points)
      return try catalogue.removeRoot(root)
    }
    var problems = walk.unreadable.isEmpty ? [(path: root, reason: "there is no audio file in it")] : walk.unreadable
    if !known.isEmpty {
      problems[0].reason = Self.joined(
        problems[0].reason, mayBePruned ? Self.kept(known.count) : "\(Self.songs(known.count)) kept")
    } else if walk.isMissing || walk.isNoFile {
      if !named.contains(ExactPath(root)) {
        // Nothing can be lost any more.
        try forgetRemarks(walk, kept: [], away: [])
        return try catalogue.removeRoot(root)
      }
    } else if walk.unreadable.isEmpty {
      try forgetRemarks(walk, kept: all, away: walk.danglingLinks)
    }
    summary.skipped += problems
  }

  /// Whether the root was a file and is gone, while the folder that it lay in is still there.
  private func isDeletedFile(_ walk: AudioFileWalk, known: [FileState]) -> Bool {
    let areOfTheFile = known.allSatisfy { $0.path == walk.root || $0.source.bounds != nil }
    guard walk.isMissing, !known.isEmpty, areOfTheFile else { return false }
    let folder = AudioFileWalk(root: (walk.root as NSString).deletingLastPathComponent)
    return !folder.files.isEmpty
  }

  /// Forgets what was said of files that are neither there nor tracks any more.
  private func forgetRemarks(
    _ walk: AudioFileWalk, kept: some Sequence<FileState>, away: [String]
  ) throws(CatalogueError) {
    let below = remarkedPaths.filter { path in
      (path == walk.root || AudioFileWalk.lies(path, below: walk.root)) && !Self.lies(path, inOneOf: away)
    }
    guard !below.isEmpty else { return }
    let paths = (walk.files + walk.sheets).map(\.path) + sheets.songs
    let present = Set((paths + kept.map(\.path)).map { Array($0.utf8) })
    try catalogue.replaceRemarks(on: below.filter { !present.contains(Array($0.utf8)) })
  }

  private static func lies(_ path: String, inOneOf folders: [String]) -> Bool {
    folders.contains { path.utf8.elementsEqual($0.utf8) || AudioFileWalk.lies(path, below: $0) }
  }

  /// A reason, which may be a sentence, and what is kept.
  private static func joined(_ reason: String, _ kept: String) -> String {
    reason + (reason.utf8.last == UInt8(ascii: ".") ? " " : "; ") + kept
  }

  static func kept(_ count: Int) -> String {
    "\(songs(count)) kept (--prune forgets \(count == 1 ? "it" : "them"))"
  }

  private static func songs(_ count: Int) -> String { count == 1 ? "1 song is" : "\(count) songs are" }
}
