import AudioFiles
import Synchronization
import Testing

/// The one loop over many files.
@Suite struct SongListeningTests {
  private struct Failure: Error, Equatable {}
  private let paths = (0..<50).map { "song \($0)" }

  /// Songs of which the first take longest, so that the others wait for them.
  private func listen(to path: String) throws(Failure) -> String {
    let number = Int(path.dropFirst(5)) ?? 0
    var sum = 0
    for value in 0..<(50 - number) * 20_000 { sum &+= value &* value }
    if number % 7 == 3 { throw Failure() }
    return "\(path) \(sum & 0)"
  }

  @Test(arguments: [1, 2, 5])
  func resultsComeInTheOrderOfThePaths(threads: Int) throws {
    let listening = SongListening(threads: threads, worker: {})
    var (indices, done) = ([Int](), [Int]())
    let isComplete = try listening.run(
      paths, progress: { done.append($0) }, make: { path, _ in try listen(to: path) },
      finish: { index, result in
        indices.append(index)
        switch result {
        case .success(let text): #expect(text == "song \(index) 0")
        case .failure(let error): #expect(index % 7 == 3 && error is Failure)
        }
      })
    #expect(isComplete && indices == Array(0..<50) && done == Array(1...50))
  }

  @Test func withoutPatienceASlowSongHoldsUpNone() throws {
    let finished = Atomic(0)
    var indices: [Int] = []
    let isComplete = SongListening(threads: 2, worker: {}).run(
      paths, patience: .zero, progress: { _ in },
      make: { path, _ in
        // The first ends when all others were handed on, which they would never be in order.
        while path == "song 0" && finished.load(ordering: .sequentiallyConsistent) < 49 {}
        return path
      },
      finish: { index, _ in
        indices.append(index)
        finished.add(1, ordering: .sequentiallyConsistent)
      })
    #expect(isComplete && indices.sorted() == Array(0..<50) && indices.last == 0)
  }

  @Test(arguments: [1, 4])
  func stopsBetweenFilesAndHandsOnWhatWasBegun(threads: Int) throws {
    let asked = Atomic(0)
    let begun = Mutex<[String]>([])
    var handedOn: [Int] = []
    let isComplete = SongListening(threads: threads, worker: {}).run(
      paths, shouldStop: { asked.wrappingAdd(1, ordering: .relaxed).oldValue >= 10 }, progress: { _ in },
      make: { path, _ in
        begun.withLock { $0.append(path) }
        return path
      }, finish: { index, _ in handedOn.append(index) })
    // Which ten of several threads' files were begun is chance: one that comes late to ask may be told to stop.
    let begunPaths = Set(begun.withLock { $0 })
    #expect(!isComplete && begunPaths.count == 10)
    #expect(handedOn.map { paths[$0] } == paths.filter(begunPaths.contains))
    if threads == 1 { #expect(handedOn == Array(0..<10)) }
  }

  @Test(arguments: [1, 4])
  func whatFinishThrowsEndsIt(threads: Int) throws {
    let begun = Atomic(0)
    var begunBefore = 0
    let listening = SongListening(threads: threads, worker: {})
    #expect(throws: Failure.self) {
      try listening.run(
        (0..<100_000).map { "song \($0)" }, progress: { _ in },
        make: { path, _ in
          begun.wrappingAdd(1, ordering: .sequentiallyConsistent)
          return path
        },
        finish: { index, _ in
          guard index == 5 else { return }
          begunBefore = begun.load(ordering: .sequentiallyConsistent)
          throw Failure()
        })
    }
    // Each other thread may be about to begin a file, and not yet have counted it.
    #expect((begunBefore..<begunBefore + threads).contains(begun.load(ordering: .sequentiallyConsistent)))
  }

  @Test func eachThreadHasAWorkerOfItsOwn() throws {
    final class Worker { var isBusy = false }
    let results = SongListening(threads: 3, worker: { Worker() }).results(paths, progress: { _ in }) { path, worker in
      #expect(!worker.isBusy)
      worker.isBusy = true
      defer { worker.isBusy = false }
      return try listen(to: path)
    }
    #expect(results.count == 50)
  }
}
