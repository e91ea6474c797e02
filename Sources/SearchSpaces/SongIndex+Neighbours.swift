import NearestNeighbors
import Reproducibility

extension SongIndex {
  /// The rows nearest to each of some rows, the nearest first, as a search finds them and as the cosine alone would; of
  /// copies only the first takes part.
  ///
  /// - Parameters:
  ///   - rows: Rows of the index.
  ///   - count: How many to find for each.
  /// - Throws: `NearestNeighborsError.damaged`.
  package func nearest(
    toEach rows: [Int], count: Int
  ) throws(NearestNeighborsError) -> (found: [[Int]], byCosine: [[Int]]) {
    let copies = copies
    let all = CosineIndex(ids: Array(0..<index.count), vectors: index.vectors)
    let candidates = try all.nearest(
      toEach: rows.flatMap(index.vectors.values(ofRow:)), count: max(count, CosineIndex<ID>.correctedCandidates),
      threads: Parallel.processorCount
    ) { query, row in row != rows[query] && copies.isFirst(row) }
    let byCosine = candidates.map { $0.prefix(count).map(\.id) }
    guard case .withoutHubs(let correction) = scale else { return (byCosine, byCosine) }
    let found = zip(rows, candidates).map { row, candidates in
      candidates.map { candidate in
        Neighbor(
          id: candidate.id,
          similarity: correction.similarity(
            candidate.similarity, correction.statistics[row], correction.statistics[candidate.id]))
      }
      .sorted { $0.similarity != $1.similarity ? $0.similarity > $1.similarity : $0.id < $1.id }
      .prefix(count).map(\.id)
    }
    return (found, byCosine)
  }
}
