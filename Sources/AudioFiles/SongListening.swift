import Reproducibility
import Synchronization

/// Makes something of each of many files, on several threads.
package struct SongListening {
  package let paths: [String]
  package let threads: Int

  package init(paths: [String], threads: Int) {
    self.paths = paths
    self.threads = threads
  }

  /// Songs of a slice, for each thread.
  private static let slice = 16

  /// What `make` gives of each file, in the order of the paths.
  ///
  /// Goes on in slices, so that progress is told, and a wish to stop heard, on the calling thread.
  ///
  /// - Parameters:
  ///   - worker: makes what a thread works with.
  ///   - check: is told how many files are done; throw from it to stop.
  package func results<Worker, Value: Sendable>(
    worker: () throws -> Worker, check: (_ done: Int) throws -> Void, _ make: (_ path: String, Worker) throws -> Value
  ) throws -> [Result<Value, any Error>] {
    let workers = try (0..<max(1, threads)).map { _ in try worker() }
    let results = Mutex([Int: Result<Value, any Error>]())
    let slice = Self.slice * workers.count
    for start in stride(from: 0, to: paths.count, by: slice) {
      try check(start)
      Parallel.forEach(count: min(slice, paths.count - start), threads: workers.count) { offset, worker in
        let result = Result { try make(paths[start + offset], workers[worker]) }
        results.withLock { $0[start + offset] = result }
      }
    }
    try check(paths.count)
    return results.withLock { results in
      paths.indices.map { index in
        guard let result = results[index] else { preconditionFailure("song \(index) was not heard") }
        return result
      }
    }
  }
}
