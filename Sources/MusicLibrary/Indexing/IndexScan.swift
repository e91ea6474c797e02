import AudioDecoding
import AudioFiles
import Catalogue
import Foundation
import Reproducibility

/// Compares folders with a catalogue: finds what is new or changed, recognises what has moved, forgets what is gone.
///
/// A file is one song, however many names it has: hard links, symbolic links, folders that are mounted twice.
struct IndexScan {
  /// A song to embed.
  struct Pending {
    /// The file's path, or the name of a song in it.
    var path: String
    /// The file, and the part of it that the song is.
    var source: SongSource
    var stamp: FileStamp
    /// The track that it is; nil for a new one.
    var state: FileState?
    /// Whether it is wanted even if it turns out to be a video.
    var isAskedFor: Bool
    /// Whether the summary has it already, since it was moved.
    var isCounted = false
    /// What a CUE sheet says of it; nil for a file that is one song.
    var sheetSong: SheetSong?

    var isNew: Bool { state == nil }

    /// What the catalogue is to hold of it.
    ///
    /// - Parameters:
    ///   - info: what is known of its file.
    ///   - duration: its length in seconds.
    ///   - digest: that of its sound.
    func track(_ info: AudioFileInfo, duration: Double?, digest: String?) -> IndexedTrack {
      var track = IndexedTrack(
        path: path, fileSize: stamp.size, modificationTime: stamp.modificationTime,
        tags: sheetSong?.tags.filled(fromAlbum: info.tags) ?? info.tags, duration: duration, soundDigest: digest,
        source: source)
      track.sheetEntry = sheetSong?.entry
      return track
    }
  }

  /// A folder that was walked, and what the catalogue holds of it.
  struct Walked {
    var walk: AudioFileWalk
    var known: FileStates
  }

  /// What there is to do.
  var pending: [Pending] = []
  /// Files that were recognised by their sound, and whose tags were read.
  var recognised: [String] = []
  /// What CUE sheets say.
  var sheets = Sheets()
  /// What is wrong with sheets, of which that was not said before.
  var sheetNotes: [(path: String, reason: String)] = []
  /// What was found and forgotten.
  var summary = Indexer.Summary()

  let catalogue: Catalogue
  let options: Indexer.Options
  /// All folders and files to look at, each before those below it.
  let roots: [String]
  /// Those of them that the user named.
  let named: Set<ExactPath>
  let model: String
  /// Why files were left out earlier.
  private let remarks: [[UInt8]: FileRemark]
  /// What is worth knowing of files.
  let notes: [FileRemark]
  /// All files of which something was said.
  let remarkedPaths: [String]
  private(set) var walks: [Walked] = []
  /// The tracks whose files were found.
  var found: Set<TrackID> = []
  /// Tracks that are as they were heard, although their files were refused in between.
  private var restored: [String] = []
  /// The files that were found, if any of them is known to hold several songs; by the bytes of their paths.
  private(set) var presentFiles: Set<[UInt8]> = []
  /// The path by which each file is known in this scan.
  private var owners: [FileIdentity: String] = [:]

  /// Who refuses files now: what another version refused is tried again.
  private lazy var software = Self.software(model: model)

  /// What stands for the software if a file is to be tried again in any case.
  static let anySoftware = ""

  static func software(model: String) -> String {
    "akin \(AkinVersion.current), FFmpeg \(AudioDecoder.ffmpegVersion), model \(model)"
  }

  /// A scan of `paths`, or of all roots that the catalogue knows if `paths` is empty, for the vectors of `model`.
  init(
    _ paths: [String], catalogue: Catalogue, model: String, options: Indexer.Options
  ) throws(CatalogueError) {
    self.catalogue = catalogue
    self.model = model
    self.options = options
    let remembered = try catalogue.roots()
    let named = paths.filter { !$0.isEmpty }.map(AudioFileWalk.absolutePath)
    self.named = Set(named.map(ExactPath.init))
    if named.count < paths.count { summary.skipped.append(("", "the path is empty. Name a folder or a file.")) }
    // A root below another one is looked at by itself: it may be a disk of its own.
    let below = remembered.filter { root in named.contains { AudioFileWalk.lies(root, below: $0) } }
    roots = paths.isEmpty ? remembered : ExactPath.sorted(named + below)
    var refusals: [[UInt8]: FileRemark] = [:]
    let all = try catalogue.remarks()
    for remark in all where remark.kind != .note { refusals[Array(remark.path.utf8)] = remark }
    remarks = refusals
    remarkedPaths = all.map(\.path)
    notes = all.filter { $0.kind == .note }
  }

  /// Looks at all roots. What has moved is to be recognised before `settle` forgets what is gone.
  mutating func run() throws(CatalogueError) {
    try forgetSecondNames()
    for root in roots { try walk(root) }
    try readSheets()
    try matchSheets()
    try match()
    try catalogue.replaceRemarks(on: restored)
  }

  /// Forgets what is gone.
  mutating func settle() throws(CatalogueError) {
    let missing = walks.flatMap { walked in walked.known.filter { !found.contains($0.id) } }
    // What another process has moved since the scan is not gone.
    if !missing.isEmpty { found.formUnion(try catalogue.changed(since: missing)) }
    try forgetSuperseded()
    for walked in walks { try settle(walked) }
  }

  private mutating func walk(_ root: String) throws(CatalogueError) {
    let isCovered = walks.contains { walked in
      walked.walk.files.contains { $0.path.utf8.elementsEqual(root.utf8) || AudioFileWalk.lies($0.path, below: root) }
        || walked.walk.sheets.contains { $0.path.utf8.elementsEqual(root.utf8) }
    }
    guard !isCovered else { return try catalogue.addRoot(root) }
    let walk = AudioFileWalk(root: root)
    if !walks.contains(where: { $0.walk.contains(rootOf: walk) }) {
      // Sheets are used.
      summary.leftOut.merge(walk.leftOut.filter { !AudioFileEndings.isCueSheet("." + $0.key) }) { $0 + $1 }
    }
    walks.append(Walked(walk: walk, known: try catalogue.fileStates(under: root, model: model)))
  }

  // MARK: - One file, one song

  /// Of tracks that are one file under several names, all but the first are forgotten: a song would be its own
  /// neighbour.
  private mutating func forgetSecondNames() throws(CatalogueError) {
    var doubles: [TrackID] = []
    for group in try catalogue.tracksOfEqualFiles() {
      var seen: Set<FileIdentity> = []
      for track in group {
        guard let identity = FileIdentity(path: track.path) else { continue }
        if !seen.insert(identity).inserted { doubles.append(track.id) }
      }
    }
    summary.forgotten += try catalogue.forget(doubles)
  }

  /// Decides for each file whether it is a track, another name of one, or new. Files that are known by their own path
  /// come first, so that no second name takes their place.
  private mutating func match() throws(CatalogueError) {
    var others: [AudioFileWalk.File] = []
    var doubles: [TrackID] = []
    let songs = Dictionary(
      grouping: walks.flatMap(\.known).filter { $0.source.bounds != nil }, by: { Array($0.source.file.utf8) })
    if !songs.isEmpty {
      presentFiles = Set((walks.flatMap(\.walk.files).map(\.path) + sheets.cuts.map(\.file)).map { Array($0.utf8) })
    }
    for walked in walks {
      for file in walked.walk.files where !sheets.covers(file.path) {
        if !songs.isEmpty, let known = songs[Array(file.path.utf8)], try matchEmbedded(file, known: known) { continue }
        guard let state = walked.known[path: file.path] else {
          others.append(file)
          continue
        }
        // A changed file may be known under its other name as it is now.
        let other = FileStamp(state) == file.stamp ? nil : try track(of: file, other: state)
        if other != nil || !own(file, path: file.path) {
          doubles.append(state.id)
          others.append(file)
        } else {
          consider(file, state: state)
        }
      }
    }
    summary.forgotten += try catalogue.forget(doubles)
    found.formUnion(doubles)
    for file in others {
      if let state = try track(of: file, other: nil) {
        if own(file, path: state.path) && !found.contains(state.id) { consider(file, state: state) }
      } else if own(file, path: file.path) {
        consider(file, state: nil)
      }
    }
  }

  /// Makes a path the one by which a file is known in this scan; false if it has another already.
  mutating func own(_ file: AudioFileWalk.File, path: String) -> Bool {
    guard let identity = file.identity else { return true }
    let owner = owners[identity]
    if owner == nil { owners[identity] = path }
    return owner.map { $0.utf8.elementsEqual(path.utf8) } ?? true
  }

  /// The track of another path that is this very file.
  private func track(of file: AudioFileWalk.File, other: FileState?) throws(CatalogueError) -> FileState? {
    guard let identity = file.identity else { return nil }
    let alike = try catalogue.fileStates(
      fileSize: file.stamp.size, modificationTime: file.stamp.modificationTime, model: model)
    return alike.first { $0.id != other?.id && FileIdentity(path: $0.path) == identity }
  }

  // MARK: - What is to be heard

  /// Decides whether a file is to be heard: a track's, or a new one.
  private mutating func consider(_ file: AudioFileWalk.File, state: FileState?) {
    if let state { found.insert(state.id) }
    if let state, state.hasEmbedding, FileStamp(state) == file.stamp { return noteUnchanged(state, file.stamp) }
    let path = state?.path ?? file.path
    let isAskedFor = options.videos || state != nil || roots.contains { $0.utf8.elementsEqual(path.utf8) }
    consider(
      Pending(
        path: path, source: SongSource(file: path), stamp: file.stamp, state: state, isAskedFor: isAskedFor))
  }

  /// A track is as it was heard.
  mutating func noteUnchanged(_ state: FileState, _ stamp: FileStamp) {
    summary.unchanged += 1
    if !remarks.isEmpty, let remark = remarks[Array(state.path.utf8)], remark.kind == .refused,
      FileStamp(remark) != stamp
    {
      restored.append(state.path)
    }
  }

  /// Has a song heard, unless it is still being written, or was left out before as it is.
  mutating func consider(_ item: Pending) {
    let (file, stamp) = (item.source.file, item.stamp)
    guard !options.unfinished.contains(file), !options.recentTimes.contains(stamp.modificationTime) else {
      summary.unfinished += 1
      return
    }
    if let remark = remark(on: item.path, stamp: stamp) {
      switch remark.kind {
      case .video where !item.isAskedFor:
        summary.videos += 1
        return
      case .refused where !options.retry:
        summary.refusedEarlier.append((item.path, remark.reason))
        return
      default: break
      }
    }
    pending.append(item)
  }

  /// What the same software said of the same content.
  private mutating func remark(on path: String, stamp: FileStamp) -> FileRemark? {
    guard !remarks.isEmpty, let remark = remarks[Array(path.utf8)] else { return nil }
    return FileStamp(remark) == stamp && remark.software == software ? remark : nil
  }
}

extension FileStamp {
  /// The stamp that a file had when it was indexed.
  init(_ state: FileState) { self.init(size: state.fileSize, modificationTime: state.modificationTime) }

  /// The stamp that a file had when something was said of it.
  init(_ remark: FileRemark) { self.init(size: remark.fileSize, modificationTime: remark.modificationTime) }
}
