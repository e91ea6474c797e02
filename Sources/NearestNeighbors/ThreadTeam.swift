import Dispatch
import Foundation
import Synchronization

/// Threads that share the work of a loop.
package struct ThreadTeam: Sendable {
  let threads: Int

  package init(threads: Int) { self.threads = threads }

  /// As many as there are processors.
  static var ofAllProcessors: ThreadTeam { ThreadTeam(threads: ProcessInfo.processInfo.activeProcessorCount) }

  /// Calls `body` with each of 0..<count, on several threads at once. Each call must write what no other one touches;
  /// then it does not matter who does which.
  func forEach(_ count: Int, _ body: (Int) -> Void) {
    let workers = min(threads, count)
    guard workers > 1 else { return (0..<count).forEach(body) }
    let next = Atomic(0)
    // Not Sendable, since it writes through pointers: each call to places of its own, all of them before this returns.
    nonisolated(unsafe) let body = body
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard item < count else { return }
        body(item)
      }
    }
  }

  /// Calls `body` with consecutive ranges that make up 0..<count, of `size` each; the last may be shorter.
  func forEachRange(of count: Int, size: Int, _ body: (Range<Int>) -> Void) {
    forEach((count + size - 1) / size) { part in body(part * size..<min((part + 1) * size, count)) }
  }
}
