/// A two-sided permutation test of paired values: how often the mean difference is at least as far from 0 if the values
/// of each pair are swapped by the toss of a coin.
///
/// It assumes no distribution. If the 2ⁿ ways to swap are no more than `resamples`, all are tried and the probability
/// is exact; else it is (hits + 1) / (resamples + 1), as in `scipy.stats.permutation_test` with
/// `permutation_type="samples"`.
public struct PairedPermutationTest: Sendable, Hashable, Codable {
  /// The mean of first − second; 0 for no pairs.
  public let meanDifference: Double
  /// The probability of a mean difference at least as far from 0 by chance; 1 if no pair differs.
  public let pValue: Double

  /// Tests values of the same queries under two feature sets; finite numbers.
  ///
  /// - Parameters:
  ///   - first: the values under one feature set.
  ///   - second: the values of the same queries under the other.
  ///   - resamples: how many ways to swap are tried, at least 1.
  ///   - generator: the source of randomness; not used if all ways are tried.
  ///
  /// O(resamples · pairs).
  public init(
    _ first: [Double], _ second: [Double], resamples: Int = 10_000,
    using generator: inout some RandomNumberGenerator
  ) {
    precondition(first.count == second.count, "\(first.count) values paired with \(second.count)")
    precondition(resamples > 0, "\(resamples) resamples")
    precondition((first + second).allSatisfy(\.isFinite), "values that are not finite")
    let differences = zip(first, second).map { $0 - $1 }
    meanDifference = differences.isEmpty ? 0 : differences.reduce(0, +) / Double(differences.count)
    // Pairs without a difference change nothing.
    let magnitudes = differences.lazy.filter { $0 != 0 }.map { abs($0) }
    let observed = abs(differences.reduce(0, +))
    // Sums in another order may differ by rounding.
    let enough = observed - 1e-12 * magnitudes.reduce(0, +)
    let sizes = Array(magnitudes)
    if sizes.count < 40 && 1 << sizes.count <= resamples {
      let ways = 1 << sizes.count
      let hits = (0..<ways).count { way in
        Self.isHit(sizes, enough: enough) { way >> $0 & 1 == 1 }
      }
      pValue = Double(hits) / Double(ways)
    } else {
      var hits = 0
      for _ in 0..<resamples {
        var coins: UInt64 = 0
        let isHit = Self.isHit(sizes, enough: enough) { index in
          if index.isMultiple(of: 64) { coins = generator.next() }
          defer { coins >>= 1 }
          return coins & 1 == 1
        }
        if isHit { hits += 1 }
      }
      pValue = Double(hits + 1) / Double(resamples + 1)
    }
  }

  private static func isHit(_ sizes: [Double], enough: Double, isPositive: (Int) -> Bool) -> Bool {
    var sum = 0.0
    for (index, size) in sizes.enumerated() { sum += isPositive(index) ? size : -size }
    return abs(sum) >= enough
  }
}
