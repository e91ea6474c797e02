import AudioFeatures
import NearestNeighbors

extension SongIndex {
  /// The same songs, compared with other weights of the aspects, on a scale of its own: the same sound is 1 and two
  /// songs at random are about 0, as without them. The model must tell aspects apart.
  ///
  /// It answers what is asked of points and rows. The vectors stay moved towards the neighbours that they had. Takes a
  /// few milliseconds.
  ///
  /// - Throws: `NearestNeighborsError.damaged`.
  package func weighted(by weights: SoundWeights) throws(NearestNeighborsError) -> SongIndex {
    guard let refinement = space.refinement, !space.aspects.isEmpty else {
      preconditionFailure("a model without aspects has none to weigh")
    }
    var weighted = self
    weighted.weighting = try SoundWeighting(
      weights, of: space.aspects, in: index, aspectSquares: aspectSquares, copies: copies,
      prior: refinement.similarityPrior)
    return weighted
  }

  /// The squared length of each aspect of each row, row by row; none for a model that compares songs as a whole.
  static func aspectSquares(of vectors: PackedVectors, in space: VectorSpace) -> [Float] {
    (0..<(space.aspects.isEmpty ? 0 : vectors.count)).flatMap { row in
      let vector = vectors.values(ofRow: row)
      return space.aspects.map { aspect in
        Float(vector[aspect.range].reduce(0.0) { $0 + Double($1) * Double($1) })
      }
    }
  }

  /// The rows that have one of the `count` largest cosines, weighted or usual, to a point, for each of several points.
  /// One pass over the codes serves all of them.
  ///
  /// - Parameter isIncluded: Whether a row may be found; it is asked for few rows, from any thread.
  /// - Throws: `NearestNeighborsError.damaged`.
  package func rows(
    near points: [SongPoint], count: Int, where isIncluded: @escaping @Sendable (_ row: Int) -> Bool
  ) throws(NearestNeighborsError) -> [[Int]] {
    guard let weighting else {
      return try index.nearestRows(toEach: points.flatMap(\.vector), count: count, where: isIncluded)
    }
    let queries = points.flatMap { weighting.query($0.vector).vector }
    return try index.nearestRows(toEach: queries, count: count, factors: weighting.rowFactors, where: isIncluded)
  }

  /// The weighted or the usual cosines of rows to vectors.
  func cosines(of rows: [Int], toEach vectors: [[Float]]) throws(NearestNeighborsError) -> [[Float]] {
    guard let weighting else { return try index.cosines(of: rows, toEach: vectors.flatMap { $0 }) }
    let queries = vectors.map(weighting.query)
    let products = try index.cosines(of: rows, toEach: queries.flatMap(\.vector))
    return zip(queries, products).map { query, products in
      zip(rows, products).map { max(-1, min(1, $1 * query.factor * weighting.rowFactors[$0])) }
    }
  }

  /// The weighted or the usual cosines of rows to those that come after them.
  func cosines(among rows: [Int]) throws(NearestNeighborsError) -> [[Float]] {
    guard weighting != nil else { return try index.cosines(among: rows) }
    let all = try cosines(of: rows, toEach: rows.map(index.vectors.values(ofRow:)))
    return rows.indices.map { Array(all[$0][($0 + 1)...]) }
  }
}
