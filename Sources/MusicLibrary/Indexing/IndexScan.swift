import AudioFiles
import Catalogue
import Foundation

/// Compares folders with a catalogue: finds what is new or changed, forgets what is gone.
struct IndexScan {
  /// A file to embed.
  struct Pending {
    var file: AudioFileWalk.File
    var isNew: Bool
  }

  /// What there is to do.
  private(set) var pending: [Pending] = []
  /// What was found and forgotten.
  private(set) var summary = Indexer.Summary()

  private let catalogue: Catalogue
  private let model: String
  private let prune: Bool
  private let roots: [String]
  private let named: Set<String>
  private var walks: [AudioFileWalk] = []

  /// A scan of `paths`, or of all roots that the catalogue knows if `paths` is empty, for the vectors of `model`.
  init(_ paths: [String], catalogue: Catalogue, model: String, prune: Bool) throws(CatalogueError) {
    self.catalogue = catalogue
    self.model = model
    self.prune = prune
    let remembered = try catalogue.roots()
    let named = paths.filter { !$0.isEmpty }.map(AudioFileWalk.absolutePath)
    self.named = Set(named)
    if named.count < paths.count { summary.skipped.append(("", "the path is empty. Name a folder or a file.")) }
    // A root below another one is looked at by itself: it may be a disk of its own.
    let below = remembered.filter { root in named.contains { AudioFileWalk.lies(root, below: $0) } }
    roots = paths.isEmpty ? remembered : Set(named + below).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Looks at all roots, each before those below it.
  mutating func run() throws(CatalogueError) {
    for root in roots {
      let isCovered = walks.contains { walk in
        walk.files.contains { $0.path == root || AudioFileWalk.lies($0.path, below: root) }
      }
      if isCovered {
        try catalogue.addRoot(root)
      } else {
        try scan(root)
      }
    }
  }

  private mutating func scan(_ root: String) throws(CatalogueError) {
    let walk = AudioFileWalk(root: root)
    walks.append(walk)
    let known = try catalogue.fileStates(under: root, model: model)
    guard !walk.files.isEmpty else { return try scanEmpty(walk, known: known) }
    try catalogue.addRoot(root)
    summary.skipped += walk.unreadable
    var found: Set<TrackID> = []
    for file in walk.files {
      let state = known[path: file.path]
      if let state { found.insert(state.id) }
      if let state, state.fileSize == file.stamp.size, state.modificationTime == file.stamp.modificationTime,
        state.hasEmbedding
      {
        summary.unchanged += 1
      } else {
        pending.append(Pending(file: file, isNew: state == nil))
      }
    }
    try forget(known.filter { !found.contains($0.id) }, except: walk.unreadable.map(\.path) + away(walk, known: known))
  }

  /// Roots below this one that are missing or empty, and links to nothing: disks that are not mounted, perhaps.
  private mutating func away(_ walk: AudioFileWalk, known: FileStates) -> [String] {
    guard !prune else { return [] }
    let below = roots.filter { root in
      AudioFileWalk.lies(root, below: walk.root) && !walk.files.contains { AudioFileWalk.lies($0.path, below: root) }
    }
    for link in walk.danglingLinks {
      let count = known.count { AudioFileWalk.lies($0.path, below: link) }
      if count > 0 { summary.skipped.append((link, "it links to nothing; \(Self.kept(count))")) }
    }
    return below + walk.danglingLinks
  }

  /// A root without a song: gone, or a disk that is not mounted?
  private mutating func scanEmpty(_ walk: AudioFileWalk, known: FileStates) throws(CatalogueError) {
    let root = walk.root
    if prune && !known.isEmpty && (walk.isMissing || walk.unreadable.isEmpty) || isDeletedFile(walk, known: known) {
      try forget(Array(known), except: [])
      return try catalogue.removeRoot(root)
    }
    var problems = walk.unreadable.isEmpty ? [(path: root, reason: "there is no audio file in it")] : walk.unreadable
    if !known.isEmpty {
      problems[0].reason += "; \(Self.kept(known.count))"
    } else if walk.isMissing && !named.contains(root) {
      // Nothing can be lost any more.
      return try catalogue.removeRoot(root)
    }
    summary.skipped += problems
  }

  /// Whether the root was a file and is gone, while the folder that it lay in is still there.
  private func isDeletedFile(_ walk: AudioFileWalk, known: FileStates) -> Bool {
    guard walk.isMissing, known.count == 1, known.first?.path == walk.root else { return false }
    let folder = AudioFileWalk(root: (walk.root as NSString).deletingLastPathComponent)
    return !folder.files.isEmpty
  }

  private mutating func forget(_ states: [FileState], except kept: [String]) throws(CatalogueError) {
    let gone = states.filter { state in
      !kept.contains { state.path == $0 || AudioFileWalk.lies(state.path, below: $0) }
    }
    summary.forgotten += try catalogue.forget(gone.map(\.id))
  }

  private static func kept(_ count: Int) -> String { "\(count) songs are kept (--prune forgets them)" }
}
