import Foundation
import Reproducibility

/// Makes similarities of cosines and corrects them for hubs, by mutual proximity with Gaussians: in many dimensions some
/// items are near to almost everything, and others to almost nothing.
///
/// Mutual proximity asks how unusual a cosine c is for each of the two items, and is high if it is unusually high for
/// both. As a standard score:
///
///     z(c) = Φ⁻¹(√(Φ((c - μx) / σx) · Φ((c - μy) / σy)))
///
/// Here μ and σ are the mean and the standard deviation of an item's cosines to the collection. Source: Schnitzer,
/// Flexer, Schedl and Widmer, *Local and Global Scaling Reduce Hubs in Space*, JMLR 13 (2012).
///
/// The similarity is that score on the scale of a cosine, between items drawn at random and equal ones: 0 where z is 0,
/// and 1 for c = 1, whatever the two items' statistics are.
///
///     s = r A^(1 - rᵖ),   r = z(c) / z(1),   A = z(1) σ / (1 - μ),   p = 4, but at most 1 / (2 log A)
///
/// with the averages μ and σ of the collection. So s = z σ / (1 - μ) as long as r is small, which orders as mutual
/// proximity does, and s = (c - μ) / (1 - μ) between two average items. It is symmetric, rises with c, and lies in
/// -1...1; below 0, s / (1 - s) takes its place, as in `CosineScale`. docs/decisions/similarity.md has what was tried.
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
  /// Which rows are copies of others: they have the statistics of their originals.
  public let copies: Copies
  /// The average of the means of all distinct items, and of their deviations.
  public let average: SimilarityStatistics
  private let prior: Prior
  /// σ / (1 - μ) of the average: the similarity that a standard score of 1 stands for.
  private let unit: Double
  /// The rows that stand for the whole collection.
  private let sampleRows: [Int]

  /// The size of the sample that stands for a larger collection.
  public static let sampleSize = 500

  /// Stored statistics, one for each row.
  ///
  /// - Parameter copies: Which of the rows are copies; nil if none is.
  public init(statistics: [SimilarityStatistics], copies: Copies? = nil, prior: Prior) {
    let copies = copies ?? Copies(noneAmong: statistics.count)
    precondition(copies.marks.count == statistics.count, "\(copies.marks.count) marks for \(statistics.count) rows")
    self.statistics = statistics
    self.copies = copies
    self.prior = prior
    var (means, deviations) = (0.0, 0.0)
    for row in copies.distinctRows {
      means += Double(statistics[row].mean)
      deviations += Double(statistics[row].deviation)
    }
    let count = Double(copies.distinctRows.count)
    average =
      statistics.isEmpty
      ? prior.typical : SimilarityStatistics(mean: Float(means / count), deviation: Float(deviations / count))
    unit = Double(average.deviation) / (1 - Double(average.mean))
    sampleRows = copies.sample(Self.sampleSize)
  }

  /// Compares each vector with the sample, on all processors; the result does not depend on their number.
  ///
  /// O(count × dimension × `sampleSize`).
  ///
  /// - Parameter copies: Which of the vectors are copies; nil if none is.
  public init(of vectors: PackedVectors, copies: Copies? = nil, prior: Prior) {
    let copies = copies ?? Copies(noneAmong: vectors.count)
    let sampleRows = copies.sample(Self.sampleSize)
    let statistics = [SimilarityStatistics](unsafeUninitializedCapacity: vectors.count) { statistics, initialized in
      Parallel.forEachRange(of: vectors.count, size: 64, threads: Parallel.processorCount) { rows in
        for (row, similarities) in zip(rows, vectors.similarities(ofRows: rows, to: sampleRows)) {
          statistics.initializeElement(at: row, to: Self.statistics(of: similarities, prior: prior))
        }
      }
      initialized = vectors.count
    }
    self.init(statistics: statistics, copies: copies, prior: prior)
  }

  /// The statistics of a query's similarities to the sample.
  func statistics(of query: borrowing UnitQueries, in vectors: PackedVectors, excluding row: Int?)
    -> SimilarityStatistics
  {
    let similarities = vectors.similarities(of: query, to: sampleRows.filter { $0 != row })
    return Self.statistics(of: similarities, prior: prior)
  }

  /// From this similarity on, two items are copies of each other, such as of one file: they say nothing about how alike
  /// other items are.
  static let identity: Float = 0.999

  /// The statistics of an item's similarities to a sample.
  package static func statistics(of similarities: [Float], prior: Prior) -> SimilarityStatistics {
    let similarities = similarities.filter { $0 < identity }
    let weight = prior.weight + Double(similarities.count)
    let mean =
      similarities.reduce(prior.weight * Double(prior.typical.mean)) { $0 + Double($1) } / weight
    func square(_ value: Float) -> Double { (Double(value) - mean) * (Double(value) - mean) }
    let typical = Double(prior.typical.deviation) * Double(prior.typical.deviation) + square(prior.typical.mean)
    let variance = similarities.reduce(prior.weight * typical) { $0 + square($1) } / weight
    return SimilarityStatistics(mean: Float(mean), deviation: Float(variance.squareRoot()))
  }

  /// How unusually high a cosine is for both items: mutual proximity as a standard score.
  func unusualness(_ cosine: Float, _ one: SimilarityStatistics, _ other: SimilarityStatistics) -> Double {
    // From √MP = ½ on its complement has more precision, below √MP itself: neither is rounded away.
    let (z1, z2) = (Self.score(cosine, one), Self.score(cosine, other))
    let root = NormalDistribution.tail(-z1).squareRoot() * NormalDistribution.tail(-z2).squareRoot()
    if root < 0.5 { return -NormalDistribution.quantile(ofTail: root) }
    let (tail1, tail2) = (NormalDistribution.tail(z1), NormalDistribution.tail(z2))
    return NormalDistribution.quantile(ofTail: (tail1 + tail2 - tail1 * tail2) / (1 + root))
  }

  /// The similarity of two items from their cosine.
  public func similarity(_ cosine: Float, _ one: SimilarityStatistics, _ other: SimilarityStatistics) -> Float {
    if CosineScale.isEqual(cosine) { return 1 }
    let score = unusualness(cosine, one, other)
    guard score > 0 else { return Float(CosineScale.bounded(unit * score)) }
    let identity = unusualness(1, one, other)
    let (ratio, scale) = (score / identity, unit * identity)
    // With a larger exponent the similarity would not rise everywhere.
    let exponent = scale > 1 ? min(Self.exponent, 1 / (2 * log(scale))) : Self.exponent
    return Float(min(1, ratio * pow(scale, 1 - pow(ratio, exponent))))
  }

  /// p: how near to equality the scale of an item's own statistics gives way to that of the cosine.
  private static let exponent = 4.0

  /// What a search found for an item, with its similarities, the largest first; equal ones in the order of their rows.
  func ranked(
    _ found: [(similarity: Float, row: Int)], of item: SimilarityStatistics
  ) -> [(similarity: Float, row: Int)] {
    found.map { (similarity: similarity($0.similarity, item, statistics[$0.row]), row: $0.row) }
      .sorted { $0.similarity != $1.similarity ? $0.similarity > $1.similarity : $0.row < $1.row }
  }

  /// The rows that a search found for an item, the most unusual first; equal ones in their order.
  func mostUnusual(_ found: [(similarity: Float, row: Int)], of item: SimilarityStatistics) -> [Int] {
    found.map { (score: unusualness($0.similarity, item, statistics[$0.row]), row: $0.row) }
      .sorted { $0.score != $1.score ? $0.score > $1.score : $0.row < $1.row }
      .map(\.row)
  }

  /// The standard score, within ±36: beyond that the tail underflows.
  private static func score(_ similarity: Float, _ statistics: SimilarityStatistics) -> Double {
    max(-36, min(36, (Double(similarity) - Double(statistics.mean)) / Double(statistics.deviation)))
  }
}

extension PackedVectors {
  /// The similarities of each of the rows to others, the row itself left out.
  fileprivate func similarities(ofRows rows: Range<Int>, to others: [Int]) -> [[Float]] {
    var similarities = [[Float]](repeating: [], count: rows.count)
    withUnsafeParts { _, vectors in
      // A few of the others at a time stay in the first-level cache, while the rows stream from the second.
      for first in stride(from: 0, to: others.count, by: 4) {
        let some = others[first..<min(first + 4, others.count)]
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

  /// The similarities of a query to some rows; a damaged row is left out.
  func similarities(of query: borrowing UnitQueries, to rows: [Int]) -> [Float] {
    var similarities: [Float] = []
    withUnsafeParts { _, vectors in
      query.withUnsafeParts { _, query in
        UnitVector.forEachSimilarity(
          of: query, to: vectors, rows: rows.filter(isWhole), blockCount: blocksPerVector
        ) { similarities.append($1) }
      }
    }
    return similarities
  }
}
