import Dispatch
import Reproducibility
import Synchronization

/// Searches that are asked for at the same time share a pass over the codes, so that these are read from memory once for
/// several of them: that is most of what a search takes. Each finds what it would find alone. A search that is alone
/// waits for none.
final class SharedPasses: Sendable {
  /// A search that waits for its rows, or for its turn to pass.
  private final class Search: Sendable {
    let query: [Float]
    let count: Int
    let isIncluded: @Sendable (Int) -> Bool
    let rows = Mutex<[Int]?>(nil)
    let turn = DispatchSemaphore(value: 0)

    init(_ query: [Float], _ count: Int, _ isIncluded: @escaping @Sendable (Int) -> Bool) {
      self.query = query
      self.count = count
      self.isIncluded = isIncluded
    }
  }

  private struct State {
    /// The first that came first.
    var waiting: [Search] = []
    var passes = 0
  }

  private let state = Mutex(State())

  /// More queries in one pass gain little, and keep others waiting.
  private static let most = 8

  /// The rows of the `count` vectors nearest to a query, the nearest first.
  func rows(
    nearest query: [Float], count: Int, in vectors: PackedVectors, where isIncluded: @escaping @Sendable (Int) -> Bool
  ) -> [Int] {
    let search = Search(query, count, isIncluded)
    let passes = state.withLock { state in
      state.waiting.append(search)
      // One pass for each processor; who comes later waits, and is taken along by the next.
      guard state.passes < Parallel.processorCount else { return false }
      state.passes += 1
      return true
    }
    if !passes { search.turn.wait() }
    if let rows = search.rows.withLock({ $0 }) { return rows }
    pass(with: search, over: vectors)
    return search.rows.withLock { $0 } ?? []
  }

  /// Passes for a search and for others that wait, and hands the turn on.
  private func pass(with search: Search, over vectors: PackedVectors) {
    let searches = state.withLock { state in
      let others = state.waiting.lazy.filter { $0 !== search && $0.count == search.count }.prefix(Self.most - 1)
      let searches = [search] + others
      state.waiting.removeAll { waiting in searches.contains { $0 === waiting } }
      return searches
    }
    let queries = UnitQueries(searches.flatMap(\.query)[...], dimension: vectors.dimension)
    let found = vectors.nearest(to: queries, count: search.count) { searches[$0].isIncluded($1) }
    for (search, rows) in zip(searches, found) { search.rows.withLock { $0 = rows.map(\.row) } }
    for other in searches.dropFirst() { other.turn.signal() }
    let next = state.withLock { state in
      if state.waiting.isEmpty { state.passes -= 1 }
      return state.waiting.first
    }
    next?.turn.signal()
  }
}
