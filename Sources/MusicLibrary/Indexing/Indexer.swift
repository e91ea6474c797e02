import AudioDecoding
import AudioFiles
import Catalogue
import Dispatch
import Foundation
import Reproducibility
import SongModels
import Synchronization

/// Brings a catalogue up to date with folders: embeds what is new or changed, forgets what is gone.
public struct Indexer: Sendable {
  /// What an indexing did.
  public struct Summary: Sendable {
    /// Songs that the catalogue did not know.
    public var added = 0
    /// Songs whose file changed, or that this model had not embedded.
    public var updated = 0
    /// Songs that were up to date.
    public var unchanged = 0
    /// Songs whose files are gone.
    public var forgotten = 0
    /// Seconds of music that were embedded.
    public var seconds = 0.0
    /// What could not be indexed, and why.
    public var skipped: [(path: String, reason: String)] = []
    /// Whether it was asked to stop before the end.
    public var wasInterrupted = false
  }

  /// What an indexing tells while it runs.
  public enum Event: Sendable {
    /// So many files are to be embedded.
    case found(pending: Int, unchanged: Int)
    /// So many of them are done.
    case progress(done: Int, of: Int)
    /// A file or folder was left out.
    case skipped(path: String, reason: String)
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
    var done = 0
    var waiting: [IndexedTrack] = []
    var lastStored = DispatchTime.now()
    var failure: (any Error)?
  }

  /// Indexes folders and files, or all roots that the catalogue knows if `paths` is empty.
  ///
  /// - Parameters:
  ///   - prune: whether to forget also the songs of roots that are missing or empty, and those roots.
  ///   - shouldStop: asked before each song; what is done by then is stored.
  ///   - report: called from any thread, one call at a time.
  public func index(
    _ paths: [String], prune: Bool = false, shouldStop: @Sendable () -> Bool = { false },
    report: @Sendable (Event) -> Void = { _ in }
  ) throws -> Summary {
    try catalogue.store(model: model.stored)
    var scan = try IndexScan(paths, catalogue: catalogue, model: modelIdentifier, prune: prune)
    try scan.run()
    for (path, reason) in scan.summary.skipped { report(.skipped(path: path, reason: reason)) }
    report(.found(pending: scan.pending.count, unchanged: scan.summary.unchanged))
    let summary = try embed(scan.pending, summary: scan.summary, shouldStop: shouldStop, report: report)
    if !summary.wasInterrupted { try LibraryIndex.refresh(catalogue: catalogue, model: model) }
    return summary
  }

  private func embed(
    _ pending: [IndexScan.Pending], summary: Summary, shouldStop: @Sendable () -> Bool,
    report: @Sendable (Event) -> Void
  ) throws -> Summary {
    let progress = Mutex(Progress(summary: summary))
    let workers = min(threads, max(1, pending.count))
    let embedders = try (0..<workers).map { _ in try SongEmbedder(model) }
    Parallel.forEach(count: pending.count, threads: workers) { index, worker in
      guard progress.withLock({ $0.failure == nil }) else { return }
      guard !shouldStop() else { return progress.withLock { $0.summary.wasInterrupted = true } }
      let item = pending[index]
      let result = Result { try embedders[worker].embed(file: item.file.path) }
      progress.withLock { progress in
        finish(item, result, &progress, report: report)
        report(.progress(done: progress.done, of: pending.count))
      }
    }
    return try progress.withLock { progress in
      store(&progress)
      if let failure = progress.failure { throw failure }
      return progress.summary
    }
  }

  private func finish(
    _ item: IndexScan.Pending, _ result: Result<EmbeddedSong, any Error>, _ progress: inout Progress,
    report: (Event) -> Void
  ) {
    progress.done += 1
    switch result {
    case .success(let song):
      if item.isNew { progress.summary.added += 1 } else { progress.summary.updated += 1 }
      progress.summary.seconds += song.info.duration ?? 0
      progress.waiting.append(IndexedTrack(song, stamp: item.file.stamp, model: modelIdentifier))
      let isDue = DispatchTime.now().uptimeNanoseconds - progress.lastStored.uptimeNanoseconds > 1_000_000_000
      if isDue || progress.waiting.count >= 64 { store(&progress) }
    case .failure(let error):
      let reason = error.reasonToSkip
      progress.summary.skipped.append((item.file.path, reason))
      report(.skipped(path: item.file.path, reason: reason))
    }
  }

  private func store(_ progress: inout Progress) {
    do {
      if !progress.waiting.isEmpty { try catalogue.store(progress.waiting) }
    } catch {
      progress.failure = error
    }
    progress.waiting = []
    progress.lastStored = DispatchTime.now()
  }
}

extension IndexedTrack {
  init(_ song: EmbeddedSong, stamp: FileStamp, model: String) {
    self.init(
      path: song.path, fileSize: stamp.size, modificationTime: stamp.modificationTime, tags: song.info.tags,
      duration: song.info.duration, embeddings: [model: song.embedding])
  }
}
