import Reproducibility

/// Takes the hubs out of a search: in many dimensions some items are near to everything, and others to nothing.
///
/// Mutual proximity with Gaussians asks how unusual a similarity s is for both items, and is high where it is for both:
///
///     MP(x, y) = Φ((s - μx) / σx) · Φ((s - μy) / σy)
///
/// where μ and σ are the mean and the deviation of an item's similarities to the collection. So that numbers keep their
/// meaning, MP is told as the similarity that has it between two average items of the collection:
///
///     corrected = μ + σ Φ⁻¹(√MP)
///
/// It rises with s, treats both items alike, and where all items are alike it is s itself; between near duplicates it may
/// exceed 1. (Schnitzer, Flexer, Schedl, Widmer: Local and global scaling reduce hubs in space, JMLR 13, 2012)
public struct HubCorrection: Sendable {
  /// What is known before a collection is: its items count as if each had been compared with `weight` more that are
  /// `typical`, so that a small collection is corrected little.
  public struct Prior: Sendable {
    /// An item's similarities in a typical collection.
    public var typical: SimilarityStatistics
    /// How many comparisons it counts for, above 0.
    public var weight: Double

    /// What is typical, and how much it counts.
    public init(typical: SimilarityStatistics, weight: Double) {
      self.typical = typical
      self.weight = weight
    }
  }

  /// Of each row of the collection.
  public let statistics: [SimilarityStatistics]
  /// The averages of the rows' means and deviations.
  public let average: SimilarityStatistics
  private let prior: Prior

  /// So many rows, spread evenly, stand for a larger collection.
  public static let sampleSize = 500

  /// Statistics that were stored, one of each row.
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

  /// Compares each of the vectors with the sample, on all processors; the result does not depend on their number.
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

  /// The statistics of a query: of its similarities to the sample.
  func statistics(of query: borrowing UnitQueries, in vectors: PackedVectors, excluding row: Int?)
    -> SimilarityStatistics
  {
    Self.statistics(of: vectors.sampleSimilarities(to: query, excluding: row), prior: prior)
  }

  /// At this similarity an item is the same one again, a copy of a file for example: it says nothing of how alike others are.
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
    // Above √MP = ½ its complement tells more, below it does itself: neither is ever rounded away.
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

  /// What a search found for an item, by the corrected similarity, the largest first; equal ones in the order of their rows.
  func ranked(
    _ found: [(similarity: Float, row: Int)], of item: SimilarityStatistics
  ) -> [(similarity: Float, row: Int)] {
    found.map { (similarity: corrected($0.similarity, item, statistics[$0.row]), row: $0.row) }
      .sorted { $0.similarity != $1.similarity ? $0.similarity > $1.similarity : $0.row < $1.row }
  }

  /// Within 36, beyond which `Double` has no tail.
  private static func score(_ similarity: Float, _ statistics: SimilarityStatistics) -> Double {
    max(-36, min(36, (Double(similarity) - Double(statistics.mean)) / Double(statistics.deviation)))
  }
}

extension PackedVectors {
  /// So many rows, spread evenly, in their order; all of fewer.
  func evenlySpreadRows(_ size: Int) -> [Int] {
    let size = min(count, size)
    return (0..<size).map { $0 * count / size }
  }

  /// The rows that stand for all.
  private var sampleRows: [Int] { evenlySpreadRows(HubCorrection.sampleSize) }

  /// The similarities of each of the rows to the sample, without itself.
  fileprivate func sampleSimilarities(toRows rows: Range<Int>) -> [[Float]] {
    var similarities = [[Float]](repeating: [], count: rows.count)
    let sampleRows = sampleRows
    withUnsafeParts { _, vectors in
      // A few of the sample at a time stay in the first-level cache, while the rows pass by from the second.
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
