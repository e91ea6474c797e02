extension CosineIndex {
  /// So many vectors that the cosine finds, at least, are ranked by the corrected similarity: all of a smaller index.
  public static var correctedCandidates: Int { 1000 }

  /// The `count` vectors whose corrected similarity to a query is largest, the largest first, among the
  /// `correctedCandidates` with the largest cosine; equal ones in the order in which the vectors were given.
  ///
  /// - Parameters:
  ///   - query: `dimension` values.
  ///   - count: How many to find, at least 0.
  ///   - hubs: The correction of this index's vectors.
  ///   - excluded: The row that is the query itself: it is neither found nor counted.
  /// - Throws: `NearestNeighborsError.notFinite`.
  public func nearest(
    to query: [Float], count: Int, correcting hubs: HubCorrection, excluding excluded: Int? = nil
  ) throws(NearestNeighborsError) -> [Neighbor<ID>] {
    precondition(count >= 0, "the number of neighbours is \(count); it must not be negative")
    try check(query: query, correcting: hubs)
    let unit = UnitQueries(query[...], dimension: dimension)
    let statistics = hubs.statistics(of: unit, in: vectors, excluding: excluded)
    let found = vectors.nearest(to: unit, count: max(count, Self.correctedCandidates)) { $1 != excluded }
    return hubs.ranked(Array(found.joined()), of: statistics).prefix(count).map {
      Neighbor(id: ids[$0.row], similarity: $0.similarity)
    }
  }

  /// The corrected similarity of every vector to a query, in the order in which the vectors were given.
  ///
  /// - Parameters:
  ///   - query: `dimension` values.
  ///   - hubs: The correction of this index's vectors.
  ///   - excluded: The row that is the query itself: it is not counted.
  /// - Throws: `NearestNeighborsError.notFinite`.
  public func similarities(
    to query: [Float], correcting hubs: HubCorrection, excluding excluded: Int? = nil
  ) throws(NearestNeighborsError) -> [Float] {
    try check(query: query, correcting: hubs)
    let unit = UnitQueries(query[...], dimension: dimension)
    let statistics = hubs.statistics(of: unit, in: vectors, excluding: excluded)
    var similarities: [Float] = []
    similarities.reserveCapacity(count)
    vectors.forEachSimilarity(to: unit) {
      similarities.append(hubs.corrected($0, statistics, hubs.statistics[similarities.count]))
    }
    return similarities
  }

  private func check(query: [Float], correcting hubs: HubCorrection) throws(NearestNeighborsError) {
    precondition(hubs.statistics.count == count, "a correction of \(hubs.statistics.count) vectors for \(count)")
    try check(query: query)
  }
}
