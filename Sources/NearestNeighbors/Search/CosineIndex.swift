import Dispatch
import Synchronization

/// Exact search for the vectors that have the largest cosine similarity to a query.
///
///     similarity(a, b) = a · b / (‖a‖ ‖b‖)
///
/// A zero vector has similarity 0 to everything. Equal similarities come in the order in which the vectors were given.
/// The similarity of a pair is the same bits in every search, on any number of threads and any instruction set.
///
/// A search takes O(count × dimension): it reads one byte per value, and the values themselves of few vectors only.
public struct CosineIndex<ID: Sendable>: Sendable {
  /// The identifiers of the vectors, in the order in which they were given.
  public let ids: [ID]
  /// The vectors.
  public let vectors: PackedVectors
  let sharedPasses = SharedPasses()

  /// An index of vectors and their identifiers.
  public init(ids: [ID], vectors: PackedVectors) {
    precondition(vectors.count == ids.count, "\(vectors.count) vectors for \(ids.count) identifiers")
    self.ids = ids
    self.vectors = vectors
  }

  /// An index of `ids.count` vectors, given row by row as `ids.count` × `dimension` values.
  ///
  /// - Throws: `NearestNeighborsError.notFinite`.
  public init(ids: [ID], dimension: Int, vectors: [Float]) throws(NearestNeighborsError) {
    precondition(
      vectors.count == ids.count * dimension,
      "\(vectors.count) values for \(ids.count) vectors of dimension \(dimension)")
    self.init(ids: ids, vectors: try PackedVectors(vectors, dimension: dimension))
  }

  /// The number of vectors.
  public var count: Int { ids.count }
  /// The length of a vector.
  public var dimension: Int { vectors.dimension }

  /// The `count` vectors nearest to a query, the nearest first; all if there are fewer.
  ///
  /// - Parameters:
  ///   - query: `dimension` values.
  ///   - count: How many to find, at least 0.
  ///   - isIncluded: Whether the vector of a row may be a result. Called for few rows only, since most are too far
  ///     away in any case.
  /// - Throws: `NearestNeighborsError`.
  public func nearest(
    to query: [Float], count: Int, where isIncluded: ((_ row: Int) -> Bool)? = nil
  ) throws(NearestNeighborsError) -> [Neighbor<ID>] {
    try check(query: query)
    let filter = isIncluded.map { isIncluded in { (_: Int, row: Int) in isIncluded(row) } }
    let found = search(query[...], count: count, where: filter).flatMap { $0 }
    try vectors.throwIfDamaged()
    return found
  }

  /// The nearest vectors to each of several queries, found on several threads; each query gets what
  /// `nearest(to:count:where:)` finds.
  ///
  /// - Parameters:
  ///   - queries: Row by row, a multiple of `dimension` values.
  ///   - count: How many to find for each, at least 0.
  ///   - threads: How many threads to use at most, at least 1; the result does not depend on it.
  ///   - isIncluded: Whether the vector of a row may be a result of a query.
  /// - Throws: `NearestNeighborsError`.
  public func nearest(
    toEach queries: [Float], count: Int, threads: Int,
    where isIncluded: (@Sendable (_ query: Int, _ row: Int) -> Bool)? = nil
  ) throws(NearestNeighborsError) -> [[Neighbor<ID>]] {
    precondition(threads > 0, "the number of threads is \(threads); it must be at least 1")
    precondition(
      queries.count.isMultiple(of: dimension), "\(queries.count) values are not rows of \(dimension)")
    try NearestNeighborsError.check(queries, dimension: dimension)
    let queryCount = queries.count / dimension
    let workers = min(threads, queryCount)
    let shares = Mutex([[[Neighbor<ID>]]](repeating: [], count: workers))
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      let share = queryCount * worker / workers..<queryCount * (worker + 1) / workers
      var found: [[Neighbor<ID>]] = []
      for start in stride(from: share.lowerBound, to: share.upperBound, by: PackedVectors.queriesPerPass) {
        let end = min(start + PackedVectors.queriesPerPass, share.upperBound)
        found += search(queries[start * dimension..<end * dimension], count: count) { query, row in
          isIncluded?(start + query, row) ?? true
        }
      }
      shares.withLock { $0[worker] = found }
    }
    try vectors.throwIfDamaged()
    return shares.withLock { Array($0.joined()) }
  }

  /// The similarity of every vector to a query, in the order in which the vectors were given.
  ///
  /// - Throws: `NearestNeighborsError`.
  public func similarities(to query: [Float]) throws(NearestNeighborsError) -> [Float] {
    try check(query: query)
    var similarities: [Float] = []
    similarities.reserveCapacity(count)
    vectors.forEachSimilarity(to: UnitQueries(query[...], dimension: dimension)) { similarities.append($0) }
    try vectors.throwIfDamaged()
    return similarities
  }

  func check(query: [Float]) throws(NearestNeighborsError) {
    precondition(query.count == dimension, "a query of \(query.count) values in an index of dimension \(dimension)")
    try NearestNeighborsError.check(query, dimension: dimension)
  }

  private func search(
    _ queries: ArraySlice<Float>, count: Int, where isIncluded: ((_ query: Int, _ row: Int) -> Bool)?
  ) -> [[Neighbor<ID>]] {
    precondition(count >= 0, "the number of neighbours is \(count); it must not be negative")
    let found = vectors.nearest(
      to: UnitQueries(queries, dimension: dimension), count: count, where: isIncluded)
    return found.map { $0.map { Neighbor(id: ids[$0.row], similarity: $0.similarity) } }
  }
}
