import NearestNeighbors
import Reproducibility
import Synchronization

/// A song as an index compares it.
package struct SongPoint: Sendable {
  /// Its vector where the index's vectors lie.
  let vector: [Float]
  /// How alike it is to the collection; nil if the index does not correct for hubs.
  let statistics: SimilarityStatistics?
  /// A row that has the same vector: its own, or that of a song of which it is a copy.
  package let known: Int?
  /// Its own row.
  package let row: Int?
}

extension SongIndex {
  /// Where a song lies. It belongs to this index.
  ///
  /// - Throws: `NearestNeighborsError.damaged`.
  package func point(of query: SongQuery) throws(NearestNeighborsError) -> SongPoint {
    let (vector, known, excluded) = located(query)
    try index.vectors.throwIfDamaged()
    return SongPoint(
      vector: vector, statistics: try statistics(of: vector, sameAs: known, excluding: excluded), known: known,
      row: excluded)
  }

  /// A place between two songs, `share` of the way from the first to the second: on the arc between their directions.
  ///
  /// - Parameter share: In 0...1.
  /// - Throws: `NearestNeighborsError.damaged`.
  package func point(
    between start: SongPoint, and end: SongPoint, share: Float
  ) throws(NearestNeighborsError) -> SongPoint {
    let vector = zip(start.vector, end.vector).map { (1 - share) * $0 + share * $1 }
    return SongPoint(
      vector: vector, statistics: try statistics(of: vector, sameAs: nil, excluding: nil), known: nil, row: nil)
  }

  /// How alike a vector is to the collection; nil if the index does not correct for hubs.
  private func statistics(
    of vector: [Float], sameAs known: Int?, excluding row: Int?
  ) throws(NearestNeighborsError) -> SimilarityStatistics? {
    if let weighting {
      if let known { return try weighting.statistics(ofRows: [known], in: index)[known] }
      return try weighting.statistics(of: vector, excluding: row, in: index)
    }
    guard case .withoutHubs(let correction) = scale else { return nil }
    return try index.statistics(of: vector, correctedBy: correction, sameAs: known, excluding: row)
  }

  /// How alike rows are to points: `points.count` lists of `rows.count` similarities, each as `nearest` gives it.
  ///
  /// - Throws: `NearestNeighborsError.damaged`.
  package func similarities(
    of rows: [Int], to points: [SongPoint]
  ) throws(NearestNeighborsError) -> [[Float]] {
    let result = Mutex(try cosines(of: rows, toEach: points.map(\.vector)))
    let reading = try reading(of: rows)
    Parallel.forEach(count: points.count, threads: Parallel.processorCount) { place, _ in
      let cosines = result.withLock { $0[place] }
      let similarities = zip(rows, cosines).map { similarity($1, of: points[place], to: $0, reading) }
      result.withLock { $0[place] = similarities }
    }
    return result.withLock { $0 }
  }

  /// How alike rows are to each other: a symmetric matrix of `rows.count` × `rows.count` values, with 1 on its diagonal.
  ///
  /// - Throws: `NearestNeighborsError.damaged`.
  package func similarities(among rows: [Int]) throws(NearestNeighborsError) -> [[Float]] {
    let cosines = try cosines(among: rows)
    let reading = try reading(of: rows)
    let triangle = Mutex(cosines)
    Parallel.forEach(count: rows.count, threads: Parallel.processorCount) { place, _ in
      let others = rows[(place + 1)...]
      let row = zip(others, cosines[place]).map { similarity($1, of: rows[place], to: $0, reading) }
      triangle.withLock { $0[place] = row }
    }
    var matrix = [[Float]](repeating: [Float](repeating: 1, count: rows.count), count: rows.count)
    for (one, similarities) in triangle.withLock({ $0 }).enumerated() {
      for (offset, similarity) in similarities.enumerated() {
        matrix[one][one + 1 + offset] = similarity
        matrix[one + 1 + offset][one] = similarity
      }
    }
    return matrix
  }

  /// How the cosines of some rows are read.
  private enum Reading: Sendable {
    case byScale(CosineScale)
    case byStatistics(MutualProximityCorrection, of: @Sendable (_ row: Int) -> SimilarityStatistics)
  }

  private func reading(of rows: [Int]) throws(NearestNeighborsError) -> Reading {
    if let weighting {
      let (correction, statistics) = (weighting.correction, try weighting.statistics(ofRows: rows, in: index))
      return .byStatistics(correction) { row in
        guard let known = statistics[row] else { preconditionFailure("nothing is known of row \(row)") }
        return known
      }
    }
    switch scale {
    case .ofCosines(let scale): return .byScale(scale)
    case .withoutHubs(let correction): return .byStatistics(correction) { correction.statistics[$0] }
    }
  }

  private func similarity(_ cosine: Float, of row: Int, to other: Int, _ reading: Reading) -> Float {
    if copies.areEqual(row, other) { return 1 }
    switch reading {
    case .byScale(let scale): return scale.similarity(cosine)
    case .byStatistics(let correction, let statistics):
      return correction.similarity(cosine, statistics(row), statistics(other))
    }
  }

  private func similarity(_ cosine: Float, of point: SongPoint, to row: Int, _ reading: Reading) -> Float {
    if let known = point.known, copies.areEqual(known, row) { return 1 }
    switch reading {
    case .byScale(let scale): return scale.similarity(cosine)
    case .byStatistics(let correction, let statistics):
      return point.statistics.map { correction.similarity(cosine, $0, statistics(row)) } ?? cosine
    }
  }
}
