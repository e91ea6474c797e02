import Reproducibility
import Synchronization

extension CosineIndex {
  /// The rows of the `count` vectors nearest to each of several queries, the nearest first, found on all processors.
  ///
  /// - Parameters:
  ///   - queries: Row by row, a multiple of `dimension` values.
  ///   - count: How many to find for each, at least 0.
  ///   - factors: What the similarity of each row is multiplied by, at least 0; nil for 1.
  ///   - isIncluded: Whether a row may be found; called from any thread.
  /// - Throws: `NearestNeighborsError`.
  public func nearestRows(
    toEach queries: [Float], count: Int, factors: [Float]? = nil,
    where isIncluded: @escaping @Sendable (_ row: Int) -> Bool
  ) throws(NearestNeighborsError) -> [[Int]] {
    precondition(count >= 0, "the number of neighbours is \(count); it must not be negative")
    precondition(
      factors.map { $0.count == self.count } ?? true, "there must be a factor for each of \(self.count) rows")
    try check(queries: queries)
    let queryCount = queries.count / dimension
    if queryCount == 1, factors == nil {
      let rows = sharedPasses.rows(nearest: queries, count: count, in: vectors, where: isIncluded)
      try vectors.throwIfDamaged()
      return [rows]
    }
    let found = Mutex([[Int]](repeating: [], count: queryCount))
    // Each thread scans for its share of the queries. A single query is scanned for by one.
    let size = min(PackedVectors.queriesPerPass, max(1, (queryCount + 1) / Parallel.processorCount))
    Parallel.forEachRange(of: queryCount, size: size, threads: Parallel.processorCount) { share in
      let some = UnitQueries(
        queries[share.lowerBound * dimension..<share.upperBound * dimension], dimension: dimension)
      let rows = vectors.nearest(to: some, count: count, factors: factors) { isIncluded($1) }.map { $0.map(\.row) }
      found.withLock { $0.replaceSubrange(share, with: rows) }
    }
    try vectors.throwIfDamaged()
    return found.withLock { $0 }
  }

  /// The cosine of each of some rows to each of several queries, the same bits as in a search.
  ///
  /// - Parameter queries: Row by row, a multiple of `dimension` values.
  /// - Returns: A list of `rows.count` cosines for each query.
  /// - Throws: `NearestNeighborsError`.
  public func cosines(of rows: [Int], toEach queries: [Float]) throws(NearestNeighborsError) -> [[Float]] {
    try check(queries: queries)
    let queryCount = queries.count / dimension
    let result = Mutex([[Float]](repeating: [], count: queryCount))
    Parallel.forEach(count: queryCount, threads: Parallel.processorCount) { query, _ in
      let unit = UnitQueries(queries[query * dimension..<(query + 1) * dimension], dimension: dimension)
      let cosines = vectors.similarities(of: unit, to: rows)
      result.withLock { $0[query] = cosines }
    }
    try vectors.throwIfDamaged()
    return result.withLock { $0 }
  }

  /// The cosine of each of some rows to each vector of another collection, on all processors.
  ///
  /// - Returns: A list of `others.count` cosines for each row.
  /// - Throws: `NearestNeighborsError`.
  package func cosines(of rows: [Int], to others: PackedVectors) throws(NearestNeighborsError) -> [[Float]] {
    precondition(others.dimension == dimension, "vectors of \(others.dimension) values in an index of \(dimension)")
    let result = Mutex([[Float]](repeating: [], count: rows.count))
    let stride = vectors.blocksPerVector
    // Some rows at a time stay in the second-level cache.
    Parallel.forEachRange(of: rows.count, size: 64, threads: Parallel.processorCount) { share in
      let some = rows[share].filter(vectors.isWhole)
      var cosines = [[Float]](repeating: [], count: some.count)
      vectors.withUnsafeParts { _, start in
        others.withUnsafeParts { _, other in
          for place in 0..<others.count {
            var row = 0
            UnitVector.forEachSimilarity(of: other + place * stride, to: start, rows: some, blockCount: stride) {
              cosines[row].append($1)
              row += 1
            }
          }
        }
      }
      // With damage, `throwIfDamaged` throws.
      if cosines.count == share.count { result.withLock { $0.replaceSubrange(share, with: cosines) } }
    }
    try vectors.throwIfDamaged()
    return result.withLock { $0 }
  }

  /// The cosines of some rows to each other, the same bits as in a search.
  ///
  /// - Returns: For each of the rows a list of its cosines to those that come after it.
  /// - Throws: `NearestNeighborsError`.
  public func cosines(among rows: [Int]) throws(NearestNeighborsError) -> [[Float]] {
    let result = Mutex([[Float]](repeating: [], count: rows.count))
    Parallel.forEach(count: rows.count, threads: Parallel.processorCount) { place, _ in
      let unit = UnitQueries(vectors.values(ofRow: rows[place])[...], dimension: dimension)
      let cosines = vectors.similarities(of: unit, to: Array(rows[(place + 1)...]))
      result.withLock { $0[place] = cosines }
    }
    try vectors.throwIfDamaged()
    return result.withLock { $0 }
  }

  /// How alike a query is to the collection: of a row that has its vector if one is known.
  ///
  /// - Throws: `NearestNeighborsError`.
  package func statistics(
    of query: [Float], correctedBy correction: MutualProximityCorrection, sameAs known: Int?, excluding row: Int?
  ) throws(NearestNeighborsError) -> SimilarityStatistics {
    if let known { return correction.statistics[known] }
    try check(query: query)
    let statistics = correction.statistics(
      of: UnitQueries(query[...], dimension: dimension), in: vectors, excluding: row)
    try vectors.throwIfDamaged()
    return statistics
  }

  private func check(queries: [Float]) throws(NearestNeighborsError) {
    precondition(
      queries.count.isMultiple(of: dimension), "\(queries.count) values are not rows of \(dimension)")
    try NearestNeighborsError.check(queries, dimension: dimension)
  }
}
