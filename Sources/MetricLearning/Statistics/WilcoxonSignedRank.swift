#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Wilcoxon's two-sided signed-rank test: whether paired values differ, by the ranks of their differences.
///
/// Pairs without a difference are left out; equal differences share the mean of their ranks, and the variance of the
/// normal approximation is corrected for them; there is no continuity correction. The same numbers as
/// `scipy.stats.wilcoxon(first, second, method="asymptotic")`; below about ten pairs prefer `PairedPermutationTest`.
public struct WilcoxonSignedRank: Sendable, Hashable, Codable {
  /// The number of pairs that differ.
  public let pairCount: Int
  /// The sum of the ranks of the pairs whose first value is larger.
  public let positiveRankSum: Double
  /// The sum of the ranks of the pairs whose second value is larger.
  public let negativeRankSum: Double
  /// The probability of rank sums at least as different by chance alone; 1 if no pair differs.
  public let pValue: Double

  /// The smaller of the rank sums.
  public var statistic: Double { min(positiveRankSum, negativeRankSum) }

  /// Tests values of the same queries under two feature sets; finite numbers.
  public init(_ first: [Double], _ second: [Double]) {
    precondition(first.count == second.count, "\(first.count) values paired with \(second.count)")
    precondition((first + second).allSatisfy(\.isFinite), "values that are not finite")
    let differences = zip(first, second).map { $0 - $1 }.filter { $0 != 0 }.sorted { abs($0) < abs($1) }
    let count = Double(differences.count)
    var (positive, negative, ties) = (0.0, 0.0, 0.0)
    var start = 0
    while start < differences.count {
      let magnitude = abs(differences[start])
      let end = differences[start...].firstIndex { abs($0) != magnitude } ?? differences.count
      let rank = Double(start + end + 1) / 2
      let size = Double(end - start)
      ties += size * size * size - size
      for difference in differences[start..<end] {
        if difference > 0 { positive += rank } else { negative += rank }
      }
      start = end
    }
    pairCount = differences.count
    positiveRankSum = positive
    negativeRankSum = negative
    let variance = (count * (count + 1) * (2 * count + 1) - ties / 2) / 24
    let deviation = min(positive, negative) - count * (count + 1) / 4
    pValue = variance > 0 ? min(1, erfc(-deviation / (2 * variance).squareRoot())) : 1
  }
}
