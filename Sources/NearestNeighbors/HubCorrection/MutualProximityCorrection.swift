import Reproducibility

/// Corrects cosine similarities for hubs, by mutual proximity with Gaussians: in many dimensions some items are near to
/// almost everything, and others to almost nothing.
///
/// Mutual proximity asks how unusual a similarity s is for each of the two items, and is high if it is unusually high
/// for both:
///
///     MP(x, y) = Φ((s - μx) / σx) · Φ((s - μy) / σy)
///
/// Here μ and σ are the mean and the standard deviation of an item's similarities to the collection. To keep the
/// meaning of a cosine, the correction gives the similarity at which two average items of the collection have the same
/// MP:
///
///     corrected = μ + σ Φ⁻¹(√MP)
///
/// It rises with s, is symmetric, and equals s if all items have the same μ and σ; between near duplicates it may
/// exceed 1. Source: Schnitzer, Flexer, Schedl and Widmer, *Local and Global Scaling Reduce Hubs in Space*, JMLR 13
/// (2012).
///
/// `MutualProximity` of `MetricLearning` is the same idea on a matrix of distances, as musly has it.
/// `SearchRefinement` in SearchSpaces chooses it for a search: another correction, such as CSLS, takes its place there.
public struct MutualProximityCorrection: Sendable {
  /// What is assumed before the collection is known: every item counts as if it had been compared with `weight` more
  /// items, with `typical` similarities. A small collection is therefore corrected only a little.
  public struct Prior: Sendable {
    /// An item's similarities in a typical collection.
    public var typical: SimilarityStatistics
    /// How many comparisons it counts for, above 0.
    public var weight: Double

    /// A prior.
    public init(typical: SimilarityStatistics, weight: Double) {
      self.typical = typical
      self.weight = weight
    }
  }

  /// The similarities of each row of the collection to the others.
  public let statistics: [SimilarityStatistics]
  /// The average of the rows' means, and of their deviations.
  public let average: SimilarityStatistics
  private let prior: Prior

  /// The size of the sample, evenly spread rows, that stands for a larger collection.
  public static let sampleSize = 500

  /// Stored statistics, one for each row.
  public init(statistics: [SimilarityStatistics], prior: Prior) {
    self.statistics = statistics
    self.prior = prior
    func average(_ value: KeyPath<SimilarityStatistics, Float>) -> Float {
      Float(statistics.reduce(0.0) { $0 + Double($1[keyPath: value]) } / Double(statistics.count))
    }
    self.average =
      statistics.isEmpty
      ? prior.typical : SimilarityStatistics(mean: average(\.mean), deviation: average(\.deviation))
  }

  /// Compares each vector with the sample, on all processors; the result does not depend on their number.
  ///
  /// O(count × dimension × `sampleSize`).
  public init(of vectors: PackedVectors, prior: Prior) {
    let statistics = [SimilarityStatistics](unsafeUninitializedCapacity: vectors.count) { statistics, initialized in
      Parallel.forEachRange(of: vectors.count, size: 64, threads: Parallel.processorCount) { rows in
        for (row, similarities) in zip(rows, vectors.sampleSimilarities(toRows: rows)) {
          statistics.initializeElement(at: row, to: Self.statistics(of: similarities, prior: prior))
        }
      }
      initialized = vectors.count
    }
    self.init(statistics: statistics, prior: prior)
  }

  /// The statistics of a query's similarities to the sample.
  func statistics(of query: borrowing UnitQueries, in vectors: PackedVectors, excluding row: Int?)
    -> SimilarityStatistics
  {
    Self.statistics(of: vectors.sampleSimilarities(to: query, excluding: row), prior: prior)
  }

  /// From this similarity on, two items are copies of each other, such as of one file: they say nothing about how alike
  /// other items are.
  static let identity: Float = 0.999

  private static func statistics(of similarities: [Float], prior: Prior) -> SimilarityStatistics {
    let similarities = similarities.filter { $0 < identity }
    let weight = prior.weight + Double(similarities.count)
    let mean =
      similarities.reduce(prior.weight * Double(prior.typical.mean)) { $0 + Double($1) } / weight
    func square(_ value: Float) -> Double { (Double(value) - mean) * (Double(value) - mean) }
    let typical = Double(prior.typical.deviation) * Double(prior.typical.deviation) + square(prior.typical.mean)
    let variance = similarities.reduce(prior.weight * typical) { $0 + square($1) } / weight
    return SimilarityStatistics(mean: Float(mean), deviation: Float(variance.squareRoot()))
  }

  /// The corrected similarity of two items from their similarity.
  public func corrected(_ similarity: Float, _ one: SimilarityStatistics, _ other: SimilarityStatistics) -> Float {
    // From √MP = ½ on its complement has more precision, below √MP itself: neither is rounded away.
    let (z1, z2) = (Self.score(similarity, one), Self.score(similarity, other))
    let root = NormalDistribution.tail(-z1).squareRoot() * NormalDistribution.tail(-z2).squareRoot()
    let score: Double
    if root < 0.5 {
      score = -NormalDistribution.quantile(ofTail: root)
    } else {
      let (tail1, tail2) = (NormalDistribution.tail(z1), NormalDistribution.tail(z2))
      score = NormalDistribution.quantile(ofTail: (tail1 + tail2 - tail1 * tail2) / (1 + root))
    }
    return Float(Double(average.mean) + Double(average.deviation) * score)
  }

  /// What a search found for an item, with the corrected similarities, the largest first; equal ones in the order of
  /// their rows.
  func ranked(
    _ found: [(similarity: Float, row: Int)], of item: SimilarityStatistics
  ) -> [(similarity: Float, row: Int)] {
    found.map { (similarity: corrected($0.similarity, item, statistics[$0.row]), row: $0.row) }
      .sorted { $0.similarity != $1.similarity ? $0.similarity > $1.similarity : $0.row < $1.row }
  }

  /// The standard score, within ±36: beyond that the tail underflows.
  private static func score(_ similarity: Float, _ statistics: SimilarityStatistics) -> Double {
    max(-36, min(36, (Double(similarity) - Double(statistics.mean)) / Double(statistics.deviation)))
  }
}

extension PackedVectors {
  /// `size` rows, evenly spread and in their order; all rows if there are fewer.
  func evenlySpreadRows(_ size: Int) -> [Int] {
    let size = min(count, size)
    return (0..<size).map { $0 * count / size }
  }

  /// The rows that stand for the whole collection.
  private var sampleRows: [Int] { evenlySpreadRows(MutualProximityCorrection.sampleSize) }

  /// The similarities of each of the rows to the sample, the row itself left out.
  fileprivate func sampleSimilarities(toRows rows: Range<Int>) -> [[Float]] {
    var similarities = [[Float]](repeating: [], count: rows.count)
    let sampleRows = sampleRows
    withUnsafeParts { _, vectors in
      // A few vectors of the sample at a time stay in the first-level cache, while the rows stream from the second.
      for first in stride(from: 0, to: sampleRows.count, by: 4) {
        let some = sampleRows[first..<min(first + 4, sampleRows.count)]
        for row in rows {
          UnitVector.forEachSimilarity(
            of: vectors + row * blocksPerVector, to: vectors, rows: some, blockCount: blocksPerVector
          ) { other, similarity in
            if other != row { similarities[row - rows.lowerBound].append(similarity) }
          }
        }
      }
    }
    return similarities
  }

  /// The similarities of a query to the sample, without the row that is the query itself.
  fileprivate func sampleSimilarities(to query: borrowing UnitQueries, excluding row: Int?) -> [Float] {
    var similarities: [Float] = []
    withUnsafeParts { _, vectors in
      query.withUnsafeParts { _, query in
        UnitVector.forEachSimilarity(
          of: query, to: vectors, rows: sampleRows.filter { $0 != row }, blockCount: blocksPerVector
        ) { similarities.append($1) }
      }
    }
    return similarities
  }
}
