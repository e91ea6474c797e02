import Reproducibility
import Synchronization

/// Listens to many files or songs side by side: the one loop of indexing, embedding, training, checking and evaluating.
///
/// Each thread has its own worker, such as an embedder, which holds scratch memory.
package struct SongListening<Worker> {
  private let workers: [Worker]

  /// Makes one worker for each thread, and at least one.
  package init<Failure: Error>(threads: Int, worker: () throws(Failure) -> Worker) throws(Failure) {
    workers = try (0..<max(1, threads)).map { _ throws(Failure) in try worker() }
  }

  /// What the threads share.
  private struct State<Value, Failure: Error> {
    /// Results that wait for an earlier one, and since when.
    var waiting: [Int: (result: Result<Value, any Error>, since: ContinuousClock.Instant)] = [:]
    /// The first that was not handed on, and those after it that were.
    var next = 0
    var handedOnEarly: Set<Int> = []
    var done = 0
    var failure: Failure?
    var wasStopped = false

    var goesOn: Bool { failure == nil && !wasStopped }

    /// The next result to hand on: the first of all, or the first of those that wait if one has waited too long.
    mutating func nextResult(patience: Duration?) -> (index: Int, result: Result<Value, any Error>)? {
      while handedOnEarly.remove(next) != nil { next += 1 }
      if let first = waiting.removeValue(forKey: next) {
        next += 1
        return (next - 1, first.result)
      }
      guard let patience, let now = waiting.isEmpty ? nil : ContinuousClock.now,
        waiting.values.contains(where: { now - $0.since >= patience }), let index = waiting.keys.min(),
        let early = waiting.removeValue(forKey: index)
      else { return nil }
      handedOnEarly.insert(index)
      return (index, early.result)
    }
  }

  /// Makes something of each item, such as the path of a file, and hands the results on in their order for any number of
  /// threads: a result waits for all results before it.
  ///
  /// - Parameters:
  ///   - patience: how long a result waits at most, if others go on meanwhile; after that those that wait are handed on
  ///     out of order. Nil waits as long as it takes.
  ///   - shouldStop: is asked before each file, from any thread. If it says so, files under way are still finished and
  ///     handed on.
  ///   - progress: is told after each file how many are done; it may throw to stop.
  ///   - make: is called on several threads at a time. An error that it throws becomes the file's result.
  ///   - finish: is given each file's result; it may throw to stop. Calls of `finish` and `progress` never overlap.
  /// - Returns: whether all files were listened to.
  /// - Throws: what `progress` or `finish` throws; no file is begun after that.
  @discardableResult
  package func run<Item: Sendable, Value: Sendable, Failure: Error>(
    _ items: [Item], patience: Duration? = nil, shouldStop: () -> Bool = { false },
    progress: (_ done: Int) throws(Failure) -> Void,
    make: (_ item: Item, Worker) throws -> Value,
    finish: (_ index: Int, _ result: Result<Value, any Error>) throws(Failure) -> Void
  ) throws(Failure) -> Bool {
    let state = Mutex(State<Value, Failure>())
    Parallel.forEach(count: items.count, threads: workers.count) { index, worker in
      guard state.withLock(\.goesOn) else { return }
      guard !shouldStop() else { return state.withLock { $0.wasStopped = true } }
      let result = Result { try make(items[index], workers[worker]) }
      state.withLock { state in
        guard state.failure == nil else { return }
        state.waiting[index] = (result, ContinuousClock.now)
        state.done += 1
        do throws(Failure) {
          while let next = state.nextResult(patience: patience) { try finish(next.index, next.result) }
          try progress(state.done)
        } catch {
          state.failure = error
        }
      }
    }
    return try state.withLock { state throws(Failure) in
      // After a stop there may be gaps, of files that were not begun.
      if state.failure == nil {
        for (index, waiting) in state.waiting.sorted(by: { $0.key < $1.key }) { try finish(index, waiting.result) }
      }
      if let failure = state.failure { throw failure }
      return !state.wasStopped
    }
  }

  /// What `make` returns or throws for each file, in the order of the paths.
  ///
  /// - Parameter progress: is told after each file how many are done; it may throw to stop.
  package func results<Value: Sendable, Failure: Error>(
    _ paths: [String], progress: (_ done: Int) throws(Failure) -> Void,
    make: (_ path: String, Worker) throws -> Value
  ) throws(Failure) -> [Result<Value, any Error>] {
    var results: [Result<Value, any Error>] = []
    results.reserveCapacity(paths.count)
    try run(paths, progress: progress, make: make) { _, result throws(Failure) in results.append(result) }
    return results
  }
}
