import Reproducibility
import Synchronization

/// Listens to many files side by side: the one loop of indexing, embedding, training, checking and evaluating.
///
/// Each thread has a worker of its own, which holds scratch memory, such as an embedder.
package struct SongListening<Worker> {
  private let workers: [Worker]

  /// As many workers as threads, one at least.
  package init<Failure: Error>(threads: Int, worker: () throws(Failure) -> Worker) throws(Failure) {
    workers = try (0..<max(1, threads)).map { _ throws(Failure) in try worker() }
  }

  /// What the threads have in common.
  private struct State<Value, Failure: Error> {
    /// Results that wait for one before them.
    var waiting: [Int: Result<Value, any Error>] = [:]
    var handedOn = 0
    var done = 0
    var failure: Failure?
    var wasStopped = false

    var goesOn: Bool { failure == nil && !wasStopped }
  }

  /// Makes something of each file, and hands the results on in the order of the paths, whatever the threads: a result
  /// waits until all before it are there.
  ///
  /// - Parameters:
  ///   - shouldStop: asked before each file, from any thread; files under way are still finished and handed on.
  ///   - progress: told after each file how many are done; throw from it to stop.
  ///   - make: called on several threads at a time; what it throws is the file's result.
  ///   - finish: is given each file's result; throw from it to stop. Neither it nor `progress` is called twice at a time.
  /// - Returns: whether all files were listened to.
  /// - Throws: what `progress` or `finish` threw; no file is begun after that.
  @discardableResult
  package func run<Value: Sendable, Failure: Error>(
    _ paths: [String], shouldStop: () -> Bool = { false },
    progress: (_ done: Int) throws(Failure) -> Void,
    make: (_ path: String, Worker) throws -> Value,
    finish: (_ index: Int, _ result: Result<Value, any Error>) throws(Failure) -> Void
  ) throws(Failure) -> Bool {
    let state = Mutex(State<Value, Failure>())
    Parallel.forEach(count: paths.count, threads: workers.count) { index, worker in
      guard state.withLock(\.goesOn) else { return }
      guard !shouldStop() else { return state.withLock { $0.wasStopped = true } }
      let result = Result { try make(paths[index], workers[worker]) }
      state.withLock { state in
        guard state.failure == nil else { return }
        state.waiting[index] = result
        state.done += 1
        do throws(Failure) {
          while let next = state.waiting.removeValue(forKey: state.handedOn) {
            try finish(state.handedOn, next)
            state.handedOn += 1
          }
          try progress(state.done)
        } catch {
          state.failure = error
        }
      }
    }
    return try state.withLock { state throws(Failure) in
      if let failure = state.failure { throw failure }
      return !state.wasStopped
    }
  }

  /// What `make` gives of each file, in the order of the paths.
  ///
  /// - Parameter progress: told after each file how many are done; throw from it to stop.
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
