import AudioDecoding
import AudioFeatures
import AudioFiles
import Catalogue
import Dispatch
import Foundation
import SongModels
import Tags

/// Brings a catalogue up to date with folders: embeds what is new or changed, recognises what has moved, forgets what is
/// gone.
public struct Indexer: Sendable {
  /// What an indexing did.
  public struct Summary: Sendable {
    /// Songs that the catalogue did not know.
    public var added = 0
    /// Songs whose file or tags changed, or that this model had not embedded.
    public var updated = 0
    /// Songs whose file was found under another path, and not listened to again.
    public var moved = 0
    /// Songs among those added or updated that are copies of others, and have their vectors.
    public var copied = 0
    /// Songs that were up to date.
    public var unchanged = 0
    /// Songs whose files are gone.
    public var forgotten = 0
    /// Songs whose tags were read again without listening to them.
    public var tagsRead = 0
    /// Songs that had no fingerprint or no measures, and were decoded for these alone.
    public var heardAgain = 0
    /// Seconds of music that were embedded.
    public var seconds = 0.0
    /// What could not be indexed, and why.
    public var skipped: [(path: String, reason: String)] = []
    /// Files that could not be heard earlier and have not changed since, and why; they were not tried again.
    public var refusedEarlier: [(path: String, reason: String)] = []
    /// Videos that were left out.
    public var videos = 0
    /// How many files were left out because their ending is not one of music, by the ending in small letters without
    /// its dot; empty for none.
    public var leftOut: [String: Int] = [:]
    /// Files that are left for later, since they are still being written.
    public var unfinished = 0
    /// Whether it was asked to stop before the end.
    public var wasInterrupted = false
  }

  /// What an indexing is asked for beyond its paths.
  public struct Options: Sendable, Hashable {
    /// Whether to forget also what may only be away: the songs of roots that are missing or empty, of disks that are
    /// not mounted below a root, and more than half of a root at once.
    public var prune: Bool
    /// Whether to try again what could not be heard earlier and has not changed since.
    public var retry: Bool
    /// Whether to take the sound of videos in folders; one that is named itself is always taken.
    public var videos: Bool
    /// The code page of tags that declare Latin-1 or nothing; nil to find it out where the evidence is strong. If it is
    /// given, the tags of all songs below the paths are read again.
    public var charset: LegacyCharset?
    /// Whether to forget the code pages that were given before and find them out anew: tags are read again, too.
    public var findsCharsets: Bool
    /// Files that are still being written, and are left for later.
    var unfinished: Set<String> = []
    /// Files that were changed in this time, in nanoseconds since 1970, are left for later, too.
    var recentTimes: Range<Int64> = 0..<0
    /// Whether to make fingerprints of whole songs, so that a song is known again in a part of it: decodes all that has
    /// none from its beginning to its end.
    public var wholeFingerprints: Bool

    /// The usual options, or others.
    public init(
      prune: Bool = false, retry: Bool = false, videos: Bool = false, charset: LegacyCharset? = nil,
      findsCharsets: Bool = false, wholeFingerprints: Bool = false
    ) {
      self.prune = prune
      self.retry = retry
      self.videos = videos
      self.charset = charset
      self.findsCharsets = findsCharsets
      self.wholeFingerprints = wholeFingerprints
    }
  }

  /// What an indexing tells while it runs.
  public enum Event: Sendable {
    /// So many files are to be embedded.
    case found(pending: Int, unchanged: Int)
    /// So many of them are done.
    case progress(done: Int, of: Int)
    /// Tags of known songs are read again, and so many are done.
    case readingTags(done: Int, of: Int)
    /// The sounds of files are compared with those of songs that are known, or remembered to be compared later, and so
    /// many are done.
    case comparing(done: Int, of: Int)
    /// Fingerprints and measures of known songs are made that have none, and so many are done.
    case hearingAgain(done: Int, of: Int)
    /// Fingerprints are compared.
    case comparingFingerprints
    /// A file or folder was left out.
    case skipped(path: String, reason: String)
    /// A file was heard, and this is worth knowing of it.
    case noted(path: String, note: AudioFileNote)
    /// A packed index was damaged, and is made anew: a sentence to show.
    case note(String)
  }

  /// Where songs are stored.
  public let catalogue: Catalogue
  /// What embeds them.
  public let model: EmbeddingModel
  /// How many songs are worked on at once.
  public let threads: Int
  /// The model's identifier, kept because a network's is a digest of all its weights, which takes 4 ms.
  private let modelIdentifier: String

  /// An indexer.
  public init(catalogue: Catalogue, model: EmbeddingModel, threads: Int) {
    self.catalogue = catalogue
    self.model = model
    self.threads = threads
    modelIdentifier = model.identifier
  }

  /// Songs on their way from the threads into the catalogue.
  private struct Progress {
    var summary: Summary
    var waiting: [IndexedTrack] = []
    /// What is to be said of the files that are waiting, and of those that were left out.
    var remarks: [FileRemark] = []
    var leftOut: [String] = []
    /// All songs that were heard.
    var heard: [String] = []
    /// Files that turned out to hold several songs.
    var albums: [IndexScan.Album] = []
    var lastStored = DispatchTime.now()
  }

  /// Indexes folders and files, or all roots that the catalogue knows if `paths` is empty.
  ///
  /// - Parameters:
  ///   - options: what is asked for beyond the paths.
  ///   - shouldStop: asked before each song; what is done by then is stored.
  ///   - report: called from any thread, one call at a time.
  public func index(
    _ paths: [String], options: Options = Options(), shouldStop: () -> Bool = { false },
    report: (Event) -> Void = { _ in }
  ) throws -> Summary {
    let claim = IndexingClaim(library: catalogue.path)
    return try withExtendedLifetime(claim) {
      try index(paths, options: options, isFirst: claim.isFirst, shouldStop: shouldStop, report: report)
    }
  }

  /// As ``index(_:options:shouldStop:report:)``, for whoever has a claim on the library.
  ///
  /// - Parameter isFirst: whether no other indexer was at work when the claim was made.
  func index(
    _ paths: [String], options: Options, isFirst: Bool, shouldStop: () -> Bool, report: (Event) -> Void
  ) throws -> Summary {
    let began = Date()
    try catalogue.store(model: model.stored)
    // One that is killed says nothing at its end: until then it counts as interrupted.
    try catalogue.store(
      lastIndexing: .init(
        began: began, seconds: 0, model: modelIdentifier, added: 0, updated: 0, moved: 0, unchanged: 0, forgotten: 0,
        skipped: 0, wasInterrupted: true))
    let summary = try run(paths, options: options, isFirst: isFirst, shouldStop: shouldStop, report: report)
    try catalogue.store(
      lastIndexing: .init(
        began: began, seconds: max(0, Date().timeIntervalSince(began)), model: modelIdentifier, added: summary.added,
        updated: summary.updated, moved: summary.moved, unchanged: summary.unchanged, forgotten: summary.forgotten,
        skipped: summary.skipped.count, wasInterrupted: summary.wasInterrupted))
    return summary
  }

  private func run(
    _ paths: [String], options: Options, isFirst: Bool, shouldStop: () -> Bool, report: (Event) -> Void
  ) throws -> Summary {
    var scan = try IndexScan(paths, catalogue: catalogue, model: modelIdentifier, options: options)
    try scan.run()
    let isCompared = try scan.recogniseSounds(threads: threads, shouldStop: shouldStop) {
      report(.comparing(done: $0, of: $1))
    }
    guard isCompared else {
      scan.summary.wasInterrupted = true
      return scan.summary
    }
    for (path, reason) in scan.sheetNotes { report(.note("\(path): \(reason)")) }
    try scan.settle()
    for (path, reason) in scan.summary.skipped { report(.skipped(path: path, reason: reason)) }
    report(.found(pending: scan.pending.count, unchanged: scan.summary.unchanged))
    func embed() throws -> (heard: [String], albums: [IndexScan.Album]) {
      let progress = try self.embed(
        isFirst ? scan.pending : scan.pending.reversed(), summary: scan.summary, shouldStop: shouldStop, report: report)
      scan.summary = progress.summary
      return (progress.heard, progress.albums)
    }
    var (heard, albums) = try embed()
    let tags = TagUpdate(catalogue: catalogue, threads: threads)
    let read = try tags.readAgain(
      under: scan.roots, charset: options.charset, forgetsCharsets: options.findsCharsets, shouldStop: shouldStop
    ) { done, total in
      report(.readingTags(done: done, of: total))
    }
    albums += read.albums
    if !albums.isEmpty && !scan.summary.wasInterrupted {
      try scan.cutLate(albums)
      heard += try embed().heard
    }
    var summary = scan.summary
    summary.tagsRead = read.paths.count
    if !read.isComplete { summary.wasInterrupted = true }
    if options.charset == nil { try tags.findCharsets(around: read.paths + heard + scan.recognised) }
    let isDigested = try SoundRecognition(threads: threads).addDigests(
      to: catalogue, under: scan.roots, shouldStop: shouldStop
    ) { report(.comparing(done: $0, of: $1)) }
    if !isDigested { summary.wasInterrupted = true }
    if !summary.wasInterrupted {
      try makeTraits(under: scan.roots, options, &summary, shouldStop: shouldStop, report: report)
      try findCopies(report: report)
      try LibraryIndex.refresh(catalogue: catalogue, model: model) { report(.note($0)) }
    }
    return summary
  }

  /// Makes the fingerprints and the measures that are missing.
  private func makeTraits(
    under roots: [String], _ options: Options, _ summary: inout Summary, shouldStop: () -> Bool,
    report: (Event) -> Void
  ) throws {
    let update = TraitUpdate(catalogue: catalogue, threads: threads, isOfWholes: options.wholeFingerprints)
    let missing = try update.makeMissing(under: roots, shouldStop: shouldStop) {
      report(.hearingAgain(done: $0, of: $1))
    }
    summary.heardAgain = missing.count
    if !missing.isComplete { summary.wasInterrupted = true }
  }

  /// Finds out which songs are one recording.
  private func findCopies(report: (Event) -> Void) throws {
    report(.comparingFingerprints)
    let damaged = try CopyUpdate(catalogue: catalogue, threads: threads).run()
    if !damaged.isEmpty {
      report(
        .note(
          "damaged fingerprints of songs were dropped, \(damaged.count) of them; the next indexing makes them anew"))
    }
  }

  /// How long a song waits for those before it until it is stored out of order. Songs are numbered as they are stored,
  /// so that the order of the paths gives the same library again; but one slow file must not put all others at risk.
  private static let patience = Duration.seconds(10)

  private func embed(
    _ pending: [IndexScan.Pending], summary: Summary, shouldStop: () -> Bool, report: (Event) -> Void
  ) throws -> Progress {
    var progress = Progress(summary: summary)
    let listening = try SongListening(threads: min(threads, max(1, pending.count))) {
      try SongEmbedder(model, makesTraits: true)
    }
    let isComplete = try listening.run(
      pending, patience: Self.patience, shouldStop: shouldStop,
      progress: { report(.progress(done: $0, of: pending.count)) },
      make: { item, embedder -> EmbeddedSong? in
        if try isStored(item) { return nil }
        if !item.isAskedFor { try VideoLeftOut.check(item.path) }
        return try embedder.embed(item.source, path: item.path)
      },
      finish: { index, result in try finish(pending[index], result, &progress, report: report) })
    progress.summary.wasInterrupted = !isComplete
    try store(&progress)
    return progress
  }

  /// Whether another process has stored the song since the scan.
  private func isStored(_ item: IndexScan.Pending) throws(CatalogueError) -> Bool {
    guard let state = try catalogue.fileStates(under: item.path, model: modelIdentifier)[path: item.path] else {
      return false
    }
    return state.hasEmbedding && FileStamp(state) == item.stamp && state.source == item.source
  }

  private func finish(
    _ item: IndexScan.Pending, _ result: Result<EmbeddedSong?, any Error>, _ progress: inout Progress,
    report: (Event) -> Void
  ) throws {
    func remark(_ kind: FileRemark.Kind, _ reason: String, isFinal: Bool = true) -> FileRemark {
      FileRemark(
        path: item.path, kind: kind, reason: reason, fileSize: item.stamp.size,
        modificationTime: item.stamp.modificationTime,
        software: isFinal ? IndexScan.software(model: modelIdentifier) : IndexScan.anySoftware)
    }
    switch result {
    case .success(nil): progress.summary.unchanged += 1
    case .success(let song?) where item.source.bounds == nil && !song.info.cueSongs.isEmpty:
      progress.albums.append(IndexScan.Album(path: item.path, stamp: item.stamp, info: song.info))
    case .success(let song?):
      if item.isNew { progress.summary.added += 1 } else if !item.isCounted { progress.summary.updated += 1 }
      progress.summary.seconds += song.info.duration ?? 0
      progress.waiting.append(IndexedTrack(song, item, model: modelIdentifier))
      progress.heard.append(item.path)
      let isSilent = song.traits.map { $0.measures.loudness == nil } ?? false
      for note in song.info.notes + (isSilent ? [.silent] : []) {
        progress.remarks.append(remark(.note, note.description))
        report(.noted(path: item.path, note: note))
      }
    case .failure(is VideoLeftOut):
      progress.summary.videos += 1
      progress.leftOut.append(item.path)
      progress.remarks.append(remark(.video, "it is a video"))
    case .failure(let error as CatalogueError): throw error
    case .failure(let error):
      let reason = error.reasonToSkip
      progress.summary.skipped.append((item.path, reason))
      progress.leftOut.append(item.path)
      progress.remarks.append(remark(.refused, reason, isFinal: error.isOfTheContent))
      report(.skipped(path: item.path, reason: reason))
    }
    let isDue = DispatchTime.now().uptimeNanoseconds - progress.lastStored.uptimeNanoseconds > 1_000_000_000
    if isDue || progress.waiting.count + progress.leftOut.count >= 64 { try store(&progress) }
  }

  private func store(_ progress: inout Progress) throws(CatalogueError) {
    if !progress.waiting.isEmpty { try catalogue.store(progress.waiting) }
    // What was said of a file that was heard now is true no longer.
    try catalogue.replaceRemarks(on: progress.waiting.map(\.path) + progress.leftOut, by: progress.remarks)
    (progress.waiting, progress.leftOut, progress.remarks) = ([], [], [])
    progress.lastStored = DispatchTime.now()
  }
}

extension IndexedTrack {
  init(_ song: EmbeddedSong, _ item: IndexScan.Pending, model: String) {
    self = item.track(song.info, duration: song.info.duration, digest: song.soundDigest?.rawValue)
    embeddings = [model: song.embedding]
    fingerprint = song.traits.map { StoredFingerprint($0.fingerprint, info: song.info) }
    measures = song.traits.map { TrackMeasures($0.measures) }
  }
}

extension Error {
  /// Whether a file is refused for what it contains, and so again as long as it does not change; not for a disk, a
  /// permission or a lack of memory.
  var isOfTheContent: Bool {
    switch (self as? AudioDecodingError)?.kind {
    case .missing, .permissionDenied, .directory, .notRegularFile, .unreadable, .failed: false
    default: true
    }
  }
}
