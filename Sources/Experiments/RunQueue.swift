import Foundation
import Reproducibility

/// Hands runs out to threads, each as soon as the run that it continues from is done.
final class RunQueue: Sendable {
  private struct State {
    var waiting: [Int]
    var done: Set<Int>
    var failure: (any Error)?
  }

  private let prerequisites: [Int?]
  private let condition = NSCondition()
  // Guarded by the condition's lock, which the compiler cannot check.
  nonisolated(unsafe) private var state: State

  /// A queue of the runs that are not done yet, in their order. For each run, `prerequisites` names the run that it
  /// needs.
  init(waiting: [Int], prerequisites: [Int?]) {
    self.prerequisites = prerequisites
    state = State(
      waiting: waiting, done: Set(prerequisites.indices).subtracting(waiting))
  }

  private func withState<Value>(_ body: (inout State) throws -> Value) rethrows -> Value {
    condition.lock()
    defer { condition.unlock() }
    return try body(&state)
  }

  /// The next run. Waits until a run can begin; nil if none is left, or if a run has failed.
  func next() -> Int? {
    withState { state in
      while state.failure == nil, !state.waiting.isEmpty {
        if let position = state.waiting.firstIndex(where: { run in
          prerequisites[run].map(state.done.contains) ?? true
        }) {
          return state.waiting.remove(at: position)
        }
        condition.wait()
      }
      return nil
    }
  }

  /// Records that a run is done.
  func finish(_ run: Int) {
    withState { state in
      state.done.insert(run)
      condition.broadcast()
    }
  }

  /// Does all runs on `workers` threads, which share `threads` threads among them. The first failure stops all.
  ///
  /// - Parameter perform: is given the run, the number of threads that it may use, and a check that throws if another
  ///   run has failed.
  func drain(
    workers: Int, threads: Int, perform: (_ run: Int, _ threads: Int, _ check: () throws -> Void) throws -> Void
  ) {
    Parallel.forEach(count: workers, threads: workers) { worker, _ in
      let share = threads / workers + (worker < threads % workers ? 1 : 0)
      while let run = next() {
        do {
          try perform(run, share) { if let failure { throw failure } }
          finish(run)
        } catch {
          fail(error)
        }
      }
    }
  }

  /// Stops all work; the first failure counts.
  func fail(_ error: any Error) {
    withState { state in
      if state.failure == nil { state.failure = error }
      condition.broadcast()
    }
  }

  /// The reason to stop all work; nil if there is none.
  var failure: (any Error)? { withState { $0.failure } }
}
