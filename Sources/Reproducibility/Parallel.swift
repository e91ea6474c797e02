import Dispatch
import Foundation
import Synchronization

/// Work split over threads, with results that do not depend on their number: what a task computes must not depend on
/// which thread runs it, or in which order.
public enum Parallel {
  /// The number of processors that this process may use.
  public static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Runs `body(index, worker)` for each index in 0..<count on at most `threads` threads and waits for all of them;
  /// `worker`, in 0..<threads, identifies a thread, for scratch memory. Indices are handed out in ascending order, so
  /// put the longest tasks first. Tasks must write to disjoint memory.
  public static func forEach(count: Int, threads: Int, _ body: (_ index: Int, _ worker: Int) -> Void) {
    let workers = min(count, max(1, threads))
    guard workers > 1 else { return (0..<count).forEach { body($0, 0) } }
    let next = Atomic<Int>(0)
    // The closure does not outlive this call, and each index is handed to one thread: what tasks share is their
    // caller's business, as documented above. Layers write to disjoint parts of raw buffers, which no type shows.
    nonisolated(unsafe) let body = body
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index, worker)
      }
    }
  }

  /// Runs `body` with consecutive ranges that make up 0..<count, of `size` each; the last may be shorter.
  public static func forEachRange(of count: Int, size: Int, threads: Int, _ body: (Range<Int>) -> Void) {
    forEach(count: (count + size - 1) / size, threads: threads) { part, _ in
      body(part * size..<min((part + 1) * size, count))
    }
  }
}
