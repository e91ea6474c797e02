import Catalogue
import Files
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
  /// One thread at a time brings the snapshot up to date, and says so to those who wait for a moment.
  private let refreshing = NSCondition()
  private nonisolated(unsafe) var isRefreshing = false
  private nonisolated(unsafe) var started = ContinuousClock.now
  private let versions = Atomic(0)
  private let remembered = Remembered()
  /// Is told, in a sentence, what is worth knowing.
  let note: @Sendable (String) -> Void

  /// How long a change may be overlooked.
  private static let patience = Duration.milliseconds(500)
  /// How long requests wait for what a change brings: small libraries are read by then.
  private static let wait = Duration.milliseconds(500)

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
    threads = NIOThreadPool(numberOfThreads: 8 * max(2, ProcessInfo.processInfo.activeProcessorCount))
    threads.start()
  }

  deinit { threads.shutdownGracefully { _ in } }

  /// Runs what blocks beside the threads that serve connections; at most a few at once, others wait.
  func run<Answer: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> Answer) async throws -> Answer {
    try await threads.runIfActive { try body(self.snapshot()) }
  }

  /// Begins to read the library, so that the first request need not wait for it.
  func warmUp() { threads.submit { _ in _ = try? self.snapshot() } }

  /// What the library holds now; or what it held before a change that takes long to be read.
  ///
  /// - Throws: `CatalogueError`, `ModelError`.
  func snapshot() throws -> Snapshot {
    refreshing.lock()
    defer { refreshing.unlock() }
    guard let known = current.withLock({ $0 }) else {
      _ = mayHaveChanged()
      let first = try made(after: nil)
      current.withLock { $0 = first }
      return first
    }
    if !isRefreshing, mayHaveChanged() {
      isRefreshing = true
      started = .now
      Thread.detachNewThread { self.refresh(known) }
    }
    let deadline = Date(timeIntervalSinceNow: (Self.wait - (ContinuousClock.now - started)) / .seconds(1))
    while isRefreshing, refreshing.wait(until: deadline) {}
    return current.withLock { $0 } ?? known
  }

  private func refresh(_ known: Snapshot) {
    // What fails is told to those who ask next.
    let new = try? made(after: known)
    refreshing.lock()
    current.withLock { $0 = new }
    isRefreshing = false
    refreshing.broadcast()
    refreshing.unlock()
  }

  private func made(after known: Snapshot?) throws -> Snapshot {
    let choice = try ModelChoice(answering: modelName, catalogue: catalogue)
    let state = State(
      model: choice.model.identifier, revision: try catalogue.revision(model: choice.model.identifier),
      tracks: try catalogue.statistics().tracks, lastIndexing: try catalogue.lastIndexing())
    if let known, known.state == state { return known }
    let recommender = try recommender(choice.model)
    return Snapshot(
      collection: Collection(try catalogue.tracks()), recommender: recommender, modelNote: choice.note,
      version: versions.add(1, ordering: .relaxed).newValue, state: state)
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
      let stamp = stamp
      defer { last = (now, stamp) }
      return last?.stamp != stamp
    }
  }

  // MARK: - What is asked again and again

  /// What was made of the library before, unless anything was written to it since; or else what `make` makes.
  func remembered<Value: Sendable>(
    _ key: String, _ snapshot: Snapshot, make: () throws -> Value
  ) rethrows -> Value {
    let stamp = stamp + [Int64(snapshot.version)]
    if let known: Value = remembered.value(key, stamp: stamp) { return known }
    let value = try make()
    remembered.remember(value, as: key, stamp: stamp)
    return value
  }

  /// An answer that is the same until something is written to the library. One that was given before is found without
  /// another thread.
  func run<Answer: Sendable>(
    remembering key: String, _ body: @escaping @Sendable (Snapshot) throws -> Answer
  ) async throws -> Answer {
    if let snapshot = current.withLock({ $0 }), isFresh {
      let known: Answer? = remembered.value(key, stamp: stamp + [Int64(snapshot.version)])
      if let known { return known }
    }
    return try await run { snapshot in try self.remembered(key, snapshot) { try body(snapshot) } }
  }

  /// Whether the snapshot was found to be up to date just now.
  private var isFresh: Bool {
    looked.withLock { last in last.map { ContinuousClock.now - $0.time < Self.patience } ?? false }
  }

  /// Another after each change of the library: by this process, which is counted, or another, which writes to its files.
  private var stamp: [Int64] {
    let files = [catalogue.path, catalogue.path + "-wal"].map(FileStatus.init)
    return [Int64(catalogue.changes)] + files.flatMap { [$0?.size ?? -1, $0?.modified ?? -1] }
  }
}
