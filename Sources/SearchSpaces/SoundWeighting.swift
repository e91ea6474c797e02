import AudioFeatures
import NearestNeighbors
import Synchronization

/// Compares the songs of an index with other weights of the aspects than the model's own, without making their vectors
/// anew: that would take as long as making the index.
///
/// If F multiplies each aspect by the square root of its weight over its standard weight, the cosine of two songs is
///
///     c(x, y) = F²x · y / (‖F x‖ ‖F y‖)
///
/// F²x is a query like any other, and ‖F y‖ follows from the squared lengths of y's aspects, which the index knows. What
/// is typical of a song's similarities, by which hubs are taken out, is found by a sample of the collection for the songs
/// that a question is about.
final class SoundWeighting: Sendable {
  /// The size of the sample that stands for a larger collection.
  private static let sampleSize = 200

  private let aspects: [SpaceAspect]
  /// The square of what multiplies each aspect.
  private let shares: [Float]
  private let prior: MutualProximityCorrection.Prior
  /// 1 / ‖F y‖ for each row; 0 for a song of which no aspect counts that it has.
  let rowFactors: [Float]
  /// The sample: F²s of length 1, and what makes cosines of products with it.
  private let sample: PackedVectors
  private let sampleFactors: [Float]
  private let sampleRows: [Int]
  /// How a cosine becomes a similarity.
  let correction: MutualProximityCorrection
  /// What was found out about rows.
  private let found: Mutex<[Int: SimilarityStatistics]>

  /// - Parameter aspectSquares: The squared length of each aspect of each row of the index.
  init<ID>(
    _ weights: SoundWeights, of aspects: [SpaceAspect], in index: CosineIndex<ID>, aspectSquares: [Float],
    copies: Copies, prior: MutualProximityCorrection.Prior
  ) throws(NearestNeighborsError) {
    let shares = weights.shares(of: aspects)
    self.aspects = aspects
    self.shares = shares
    self.prior = prior
    rowFactors = (0..<index.count).map { row in
      var square: Float = 0
      for place in aspects.indices { square += shares[place] * aspectSquares[row * aspects.count + place] }
      return square > 0 ? 1 / square.squareRoot() : 0
    }
    sampleRows = copies.sample(Self.sampleSize)
    let queries = sampleRows.map { Self.query(index.vectors.values(ofRow: $0), aspects, shares) }
    sample = try PackedVectors(queries.flatMap(\.vector), dimension: index.dimension)
    sampleFactors = queries.map(\.factor)
    let cosines = try index.cosines(of: sampleRows, to: sample)
    let statistics = Self.statistics(
      cosines, rows: sampleRows, rowFactors: rowFactors, sampleRows: sampleRows, sampleFactors: sampleFactors, prior)
    correction = MutualProximityCorrection(statistics: statistics, prior: prior)
    found = Mutex(Dictionary(zip(sampleRows, statistics)) { first, _ in first })
  }

  /// The query that a vector is, and what makes cosines of its products with rows, beside `rowFactors`.
  func query(_ vector: [Float]) -> (vector: [Float], factor: Float) { Self.query(vector, aspects, shares) }

  /// The statistics of rows.
  func statistics<ID>(
    ofRows rows: [Int], in index: CosineIndex<ID>
  ) throws(NearestNeighborsError) -> [Int: SimilarityStatistics] {
    let known = found.withLock { $0 }
    let new = rows.filter { known[$0] == nil }
    guard !new.isEmpty else { return known }
    let statistics = Self.statistics(
      try index.cosines(of: new, to: sample), rows: new, rowFactors: rowFactors, sampleRows: sampleRows,
      sampleFactors: sampleFactors, prior)
    return found.withLock { found in
      found.merge(zip(new, statistics)) { first, _ in first }
      return found
    }
  }

  /// The statistics of a vector that is that of no row.
  ///
  /// - Parameter excluded: A row that does not count.
  func statistics<ID>(
    of vector: [Float], excluding excluded: Int?, in index: CosineIndex<ID>
  ) throws(NearestNeighborsError) -> SimilarityStatistics {
    let (query, factor) = query(vector)
    let rows = sampleRows.filter { $0 != excluded }
    let cosines = zip(rows, try index.cosines(of: rows, toEach: query)[0]).map { $1 * factor * rowFactors[$0] }
    return MutualProximityCorrection.statistics(of: cosines, prior: prior)
  }

  private static func statistics(
    _ products: [[Float]], rows: [Int], rowFactors: [Float], sampleRows: [Int], sampleFactors: [Float],
    _ prior: MutualProximityCorrection.Prior
  ) -> [SimilarityStatistics] {
    zip(rows, products).map { row, products in
      let others = products.indices.filter { sampleRows[$0] != row }
      return MutualProximityCorrection.statistics(
        of: others.map { products[$0] * sampleFactors[$0] * rowFactors[row] }, prior: prior)
    }
  }

  /// F²x, and ‖F²x‖ / ‖F x‖, which turns its products at length 1 into cosines.
  private static func query(
    _ vector: [Float], _ aspects: [SpaceAspect], _ shares: [Float]
  ) -> (vector: [Float], factor: Float) {
    var (query, square, weighted) = (vector, 0.0, 0.0)
    for (aspect, share) in zip(aspects, shares) {
      for index in aspect.range {
        query[index] *= share
        weighted += Double(query[index]) * Double(vector[index])
        square += Double(query[index]) * Double(query[index])
      }
    }
    return (query, weighted > 0 ? Float((square / weighted).squareRoot()) : 0)
  }
}
