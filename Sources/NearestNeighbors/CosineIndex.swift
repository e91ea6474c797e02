import Dispatch

/// Exact search for the vectors that have the largest cosine similarity to a query.
///
///     similarity(a, b) = a · b / (‖a‖ ‖b‖)
///
/// A zero vector has similarity 0 to everything. Equal similarities come in the order in which the vectors were given.
/// A pair's similarity is the same bits whatever else is searched for, and on however many threads.
///
/// A search takes O(count × dimension); the vectors take 4 bytes a value, the dimension rounded up to a multiple of 16.
public struct CosineIndex<ID: Sendable>: Sendable {
  /// What the vectors belong to, in the order in which they were given.
  public let ids: [ID]
  /// The length of a vector.
  public let dimension: Int
  private let vectors: UnitVectors

  /// An index of `ids.count` vectors, given row by row as `ids.count` × `dimension` values.
  ///
  /// - Throws: `NearestNeighborsError.notFinite`.
  public init(ids: [ID], dimension: Int, vectors: [Float]) throws(NearestNeighborsError) {
    precondition(dimension > 0, "the dimension is \(dimension); it must be at least 1")
    precondition(
      vectors.count == ids.count * dimension,
      "\(vectors.count) values for \(ids.count) vectors of dimension \(dimension)")
    try NearestNeighborsError.check(vectors, dimension: dimension)
    self.ids = ids
    self.dimension = dimension
    self.vectors = UnitVectors(normalising: vectors, dimension: dimension)
  }

  /// The number of vectors.
  public var count: Int { ids.count }

  /// The `count` vectors nearest to a query, the nearest first; fewer where there are not so many.
  ///
  /// - Parameters:
  ///   - query: `dimension` values.
  ///   - count: How many to find, at least 0.
  ///   - isIncluded: Whether the vector of a row may be an answer. It is asked about few rows only, since most are
  ///     too far away in any case.
  /// - Throws: `NearestNeighborsError.notFinite`.
  public func nearest(
    to query: [Float], count: Int, where isIncluded: ((_ row: Int) -> Bool)? = nil
  ) throws(NearestNeighborsError) -> [Neighbor<ID>] {
    precondition(query.count == dimension, "a query of \(query.count) values in an index of dimension \(dimension)")
    let queries = try normalised(queries: query)
    let filter = isIncluded.map { isIncluded in { (_: Int, row: Int) in isIncluded(row) } }
    return search(queries, 0..<1, count: count, where: filter)[0]
  }

  /// The nearest vectors to each of several queries, found on several threads; each query gets what
  /// `nearest(to:count:where:)` finds.
  ///
  /// - Parameters:
  ///   - queries: Row by row, a multiple of `dimension` values.
  ///   - count: How many to find for each, at least 0.
  ///   - threads: How many threads to use at most, at least 1; the result does not depend on it.
  ///   - isIncluded: Whether the vector of a row may be an answer to a query.
  /// - Throws: `NearestNeighborsError.notFinite`.
  public func nearest(
    toEach queries: [Float], count: Int, threads: Int,
    where isIncluded: (@Sendable (_ query: Int, _ row: Int) -> Bool)? = nil
  ) throws(NearestNeighborsError) -> [[Neighbor<ID>]] {
    precondition(threads > 0, "the number of threads is \(threads); it must be at least 1")
    let queries = try normalised(queries: queries)
    let passCount = (queries.count + Self.queriesPerPass - 1) / Self.queriesPerPass
    let workers = min(threads, passCount)
    var results = [[Neighbor<ID>]](repeating: [], count: queries.count)
    results.withUnsafeMutableBufferPointer { results in
      // Each worker writes the results of its own passes only.
      nonisolated(unsafe) let results = results
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        for pass in stride(from: worker, to: passCount, by: workers) {
          let start = pass * Self.queriesPerPass
          let range = start..<min(start + Self.queriesPerPass, queries.count)
          for (query, found) in zip(range, search(queries, range, count: count, where: isIncluded)) {
            results[query] = found
          }
        }
      }
    }
    return results
  }

  /// The similarity of every vector to a query, in the order in which the vectors were given.
  ///
  /// - Throws: `NearestNeighborsError.notFinite`.
  public func similarities(to query: [Float]) throws(NearestNeighborsError) -> [Float] {
    precondition(query.count == dimension, "a query of \(query.count) values in an index of dimension \(dimension)")
    let queries = try normalised(queries: query)
    var similarities: [Float] = []
    similarities.reserveCapacity(count)
    forEachSimilarity(to: queries, 0..<1) { _, _, similarity in similarities.append(similarity) }
    return similarities
  }

  /// So many queries meet a row while it is in the processor's cache.
  private static var queriesPerPass: Int { 8 }

  private func normalised(queries: [Float]) throws(NearestNeighborsError) -> UnitVectors {
    precondition(
      queries.count.isMultiple(of: dimension), "\(queries.count) values are no whole number of \(dimension)")
    try NearestNeighborsError.check(queries, dimension: dimension)
    return UnitVectors(normalising: queries, dimension: dimension)
  }

  private func search(
    _ queries: UnitVectors, _ range: Range<Int>, count: Int, where isIncluded: ((Int, Int) -> Bool)?
  ) -> [[Neighbor<ID>]] {
    precondition(count >= 0, "the number of neighbours is \(count); it must not be negative")
    var selections = range.map { _ in TopSelection(capacity: min(count, self.count)) }
    forEachSimilarity(to: queries, range) { query, row, similarity in
      let place = query - range.lowerBound
      if selections[place].wouldKeep(similarity), isIncluded?(query, row) ?? true {
        selections[place].keep(similarity, row: row)
      }
    }
    return selections.map { selection in
      selection.sorted().map { Neighbor(id: ids[$0.row], similarity: $0.similarity) }
    }
  }

  /// Calls `body` with each query of a range, each row, in ascending order, and their similarity.
  @inline(__always)
  private func forEachSimilarity(to queries: UnitVectors, _ range: Range<Int>, _ body: (Int, Int, Float) -> Void) {
    let blockCount = vectors.blocksPerVector
    vectors.blocks.withUnsafeBufferPointer { rows in
      queries.blocks.withUnsafeBufferPointer { queries in
        guard let rows = rows.baseAddress, let queries = queries.baseAddress else { return }
        for row in 0..<vectors.count {
          for query in range {
            let similarity = UnitVectors.similarity(
              rows + row * blockCount, queries + query * blockCount, blockCount: blockCount)
            body(query, row, similarity)
          }
        }
      }
    }
  }
}
