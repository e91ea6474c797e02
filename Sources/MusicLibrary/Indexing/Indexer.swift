import AudioDecoding
import AudioFiles
import Catalogue
import Dispatch
import Foundation
import SongModels

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
    var lastStored = DispatchTime.now()
  }

  /// Indexes folders and files, or all roots that the catalogue knows if `paths` is empty.
  ///
  /// - Parameters:
  ///   - prune: whether to forget also the songs of roots that are missing or empty, and those roots.
  ///   - shouldStop: asked before each song; what is done by then is stored.
  ///   - report: called from any thread, one call at a time.
  public func index(
    _ paths: [String], prune: Bool = false, shouldStop: () -> Bool = { false },
    report: (Event) -> Void = { _ in }
  ) throws -> Summary {
    try catalogue.store(model: model.stored)
    var scan = try IndexScan(paths, catalogue: catalogue, model: modelIdentifier, prune: prune)
    try scan.run()
    for (path, reason) in scan.summary.skipped { report(.skipped(path: path, reason: reason)) }
    report(.found(pending: scan.pending.count, unchanged: scan.summary.unchanged))
    let summary = try embed(scan.pending, summary: scan.summary, shouldStop: shouldStop, report: report)
    if !summary.wasInterrupted {
      try LibraryIndex.refresh(catalogue: catalogue, model: model) { report(.note($0)) }
    }
    return summary
  }

  private func embed(
    _ pending: [IndexScan.Pending], summary: Summary, shouldStop: () -> Bool, report: (Event) -> Void
  ) throws -> Summary {
    var progress = Progress(summary: summary)
    let listening = try SongListening(threads: min(threads, max(1, pending.count))) { try SongEmbedder(model) }
    let isComplete = try listening.run(
      pending.map(\.file.path), shouldStop: shouldStop,
      progress: { report(.progress(done: $0, of: pending.count)) },
      make: { path, embedder in try embedder.embed(file: path) },
      finish: { index, result in try finish(pending[index], result, &progress, report: report) })
    progress.summary.wasInterrupted = !isComplete
    try store(&progress)
    return progress.summary
  }

  private func finish(
    _ item: IndexScan.Pending, _ result: Result<EmbeddedSong, any Error>, _ progress: inout Progress,
    report: (Event) -> Void
  ) throws {
    switch result {
    case .success(let song):
      if item.isNew { progress.summary.added += 1 } else { progress.summary.updated += 1 }
      progress.summary.seconds += song.info.duration ?? 0
      progress.waiting.append(IndexedTrack(song, stamp: item.file.stamp, model: modelIdentifier))
      let isDue = DispatchTime.now().uptimeNanoseconds - progress.lastStored.uptimeNanoseconds > 1_000_000_000
      if isDue || progress.waiting.count >= 64 { try store(&progress) }
    case .failure(let error):
      let reason = error.reasonToSkip
      progress.summary.skipped.append((item.file.path, reason))
      report(.skipped(path: item.file.path, reason: reason))
    }
  }

  private func store(_ progress: inout Progress) throws(CatalogueError) {
    if !progress.waiting.isEmpty { try catalogue.store(progress.waiting) }
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
