import Catalogue
import Foundation
import Hummingbird
import MusicLibrary
import NIOPosix
import SongModels
import Synchronization

/// The library that a server answers from. What is derived from it is brought up to date when it has changed.
public final class ServedLibrary: Sendable {
  /// What the library held at one moment.
  struct Snapshot: Sendable {
    let collection: Collection
    /// Nil as long as no model has heard a song.
    let recommender: Recommender?
    /// Why another model answers than the library's own; nil if it does not.
    let modelNote: String?
    /// Another for each state of the library.
    let version: Int
    fileprivate let state: State

    /// The recommender.
    ///
    /// - Throws: `LibraryError.nothingIndexed` if there is none.
    func asked(in catalogue: Catalogue) throws -> Recommender {
      if let recommender { return recommender }
      throw LibraryError.nothingIndexed(model: EmbeddingModel.standard.name, library: catalogue.path)
    }
  }

  /// What changes if songs, tags, models or vectors do.
  fileprivate struct State: Hashable {
    let model: String
    let revision: Int64?
    let tracks: Int
    let lastIndexing: Catalogue.LastIndexing?
  }

  /// The catalogue.
  let catalogue: Catalogue
  private let modelName: String?
  private let threads: NIOThreadPool
  private let current = Mutex<Snapshot?>(nil)
  /// The time and the file's stamp of the last look.
  private let looked = Mutex<(time: ContinuousClock.Instant, stamp: [Int64])?>(nil)
  /// One thread at a time brings the snapshot up to date.
  private let refreshing = NSLock()
  private let note: @Sendable (String) -> Void

  /// How long a change may be overlooked.
  private static let patience = Duration.milliseconds(500)

  /// The library of a catalogue.
  ///
  /// - Parameters:
  ///   - model: As `ModelChoice.init(answering:catalogue:)` takes it.
  ///   - note: Is told, in a sentence, what is worth knowing; called from any thread.
  public init(
    _ catalogue: Catalogue, model: String? = nil, note: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.catalogue = catalogue
    self.note = note
    modelName = model
    threads = NIOThreadPool(numberOfThreads: 2 * max(2, ProcessInfo.processInfo.activeProcessorCount))
    threads.start()
  }

  deinit { threads.shutdownGracefully { _ in } }

  /// Runs what blocks beside the threads that serve connections; at most a few at once, others wait.
  func run<Answer: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> Answer) async throws -> Answer {
    try await threads.runIfActive { try body(self.snapshot()) }
  }

  /// What the library holds now.
  ///
  /// - Throws: `CatalogueError`, `ModelError`.
  func snapshot() throws -> Snapshot {
    let known = current.withLock { $0 }
    if let known, !mayHaveChanged() { return known }
    refreshing.lock()
    defer { refreshing.unlock() }
    // Another thread may have done it meanwhile.
    if let fresh = current.withLock({ $0 }), fresh.version != known?.version { return fresh }
    let choice = try ModelChoice(answering: modelName, catalogue: catalogue)
    let state = State(
      model: choice.model.identifier, revision: try catalogue.revision(model: choice.model.identifier),
      tracks: try catalogue.statistics().tracks, lastIndexing: try catalogue.lastIndexing())
    if let known, known.state == state { return known }
    let recommender = try recommender(choice.model)
    let snapshot = Snapshot(
      collection: Collection(try catalogue.tracks()), recommender: recommender, modelNote: choice.note,
      version: (known?.version ?? 0) + 1, state: state)
    current.withLock { $0 = snapshot }
    return snapshot
  }

  private func recommender(_ model: EmbeddingModel) throws -> Recommender? {
    do { return try Recommender(catalogue: catalogue, model: model, note: note) } catch LibraryError.nothingIndexed {
      return nil
    }
  }

  /// Whether the library's files were written to since the last look, which was not just now.
  private func mayHaveChanged() -> Bool {
    looked.withLock { last in
      let now = ContinuousClock.now
      if let last, now - last.time < Self.patience { return false }
      let stamp = [catalogue.path, catalogue.path + "-wal"].flatMap(Self.stamp)
      defer { last = (now, stamp) }
      return last?.stamp != stamp
    }
  }

  private static func stamp(_ path: String) -> [Int64] {
    var status = stat()
    guard stat(path, &status) == 0 else { return [0, 0, 0] }
    #if os(Linux)
      let time = status.st_mtim
    #else
      let time = status.st_mtimespec
    #endif
    return [Int64(status.st_size), Int64(time.tv_sec), Int64(time.tv_nsec)]
  }
}
