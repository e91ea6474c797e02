import Catalogue
import Dispatch
import GRDB
import Synchronization
import Testing

@Suite struct ConcurrencyTests {
  /// Every `Catalogue` has connections of its own, as every process has.
  @Test func readersSeeWholeBatchesWhileAnIndexerWrites() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      try Catalogue(path: path).store(model: sampleModel())
      let failures = Mutex<[String]>([])
      let batches = 30
      DispatchQueue.concurrentPerform(iterations: 4) { worker in
        do {
          let catalogue = try Catalogue(path: path)
          if worker == 0 {
            for batch in 0..<batches { try catalogue.store((batch * 50..<batch * 50 + 50).map { sampleTrack($0) }) }
          } else {
            var previous = 0
            while previous < 50 * batches {
              let embeddings = try catalogue.embeddings(model: "mfcc")
              let count = embeddings.ids.count
              if !count.isMultiple(of: 50) || count < previous { failures.withLock { $0.append("\(count) tracks") } }
              if embeddings.values.count != 3 * count { failures.withLock { $0.append("values") } }
              if failures.withLock({ !$0.isEmpty }) { return }
              previous = count
            }
          }
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
      #expect(failures.withLock { $0 } == [])
    }
  }

  @Test func severalWritersTakeTurns() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c"
      try Catalogue(path: path).store(model: sampleModel())
      let failures = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 4) { worker in
        do {
          let catalogue = try Catalogue(path: path)
          for batch in 0..<20 {
            // Two workers each store the same songs.
            let start = (worker / 2 * 20 + batch) * 10
            try catalogue.store((start..<start + 10).map { sampleTrack($0) })
          }
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
      #expect(failures.withLock { $0 } == [])
      let count = try Catalogue(path: path).trackCount()
      #expect(count == 400)
      let check = try DatabaseQueue(path: path).read { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
      #expect(check == ["ok"])
    }
  }

  @Test(arguments: 0..<30)
  func severalProcessesMayCreateACatalogueAtOnce(attempt: Int) throws {
    try withTemporaryFolder { folder in
      let failures = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 6) { worker in
        do {
          try Catalogue(path: folder + "/new/c").addRoot("/\(worker)")
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
      #expect(failures.withLock { $0 } == [])
      let roots = try Catalogue(path: folder + "/new/c").roots()
      #expect(roots == (0..<6).map { "/\($0)" })
    }
  }
}
