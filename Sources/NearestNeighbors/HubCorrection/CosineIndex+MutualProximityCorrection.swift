extension CosineIndex {
  /// At least how many of the vectors with the largest cosine are ranked by the corrected similarity; all vectors of a
  /// smaller index.
  public static var correctedCandidates: Int { 1000 }

  /// The `count` vectors whose corrected similarity to a query is largest, the largest first, among the
  /// `correctedCandidates` with the largest cosine; equal ones in the order in which the vectors were given.
  ///
  /// - Parameters:
  ///   - query: `dimension` values.
  ///   - count: How many to find, at least 0.
  ///   - correction: The correction for this index's vectors.
  ///   - known: A row that has the query's vector; nil if none is known. Its statistics are those of the query.
  ///   - excluded: The row of the query itself: it is neither found nor compared with.
  /// - Throws: `NearestNeighborsError`.
  public func nearest(
    to query: [Float], count: Int, correctedBy correction: MutualProximityCorrection, sameAs known: Int? = nil,
    excluding excluded: Int? = nil
  ) throws(NearestNeighborsError) -> [Neighbor<ID>] {
    precondition(count >= 0, "the number of neighbours is \(count); it must not be negative")
    try check(query: query, correctedBy: correction)
    let unit = UnitQueries(query[...], dimension: dimension)
    let statistics =
      known.map { correction.statistics[$0] } ?? correction.statistics(of: unit, in: vectors, excluding: excluded)
    let found = vectors.nearest(to: unit, count: max(count, Self.correctedCandidates)) { $1 != excluded }
    try vectors.throwIfDamaged()
    return correction.ranked(Array(found.joined()), of: statistics).prefix(count).map {
      Neighbor(id: ids[$0.row], similarity: $0.similarity)
    }
  }

  /// The corrected similarity of every vector to a query, in the order in which the vectors were given.
  ///
  /// - Parameters: as of `nearest(to:count:correctedBy:sameAs:excluding:)`.
  /// - Throws: `NearestNeighborsError`.
  public func similarities(
    to query: [Float], correctedBy correction: MutualProximityCorrection, sameAs known: Int? = nil,
    excluding excluded: Int? = nil
  ) throws(NearestNeighborsError) -> [Float] {
    try check(query: query, correctedBy: correction)
    let unit = UnitQueries(query[...], dimension: dimension)
    let statistics =
      known.map { correction.statistics[$0] } ?? correction.statistics(of: unit, in: vectors, excluding: excluded)
    var similarities: [Float] = []
    similarities.reserveCapacity(count)
    vectors.forEachSimilarity(to: unit) {
      similarities.append(correction.similarity($0, statistics, correction.statistics[similarities.count]))
    }
    try vectors.throwIfDamaged()
    return similarities
  }

  private func check(query: [Float], correctedBy correction: MutualProximityCorrection) throws(NearestNeighborsError) {
    precondition(
      correction.statistics.count == count, "a correction of \(correction.statistics.count) vectors for \(count)")
    try check(query: query)
  }
}
