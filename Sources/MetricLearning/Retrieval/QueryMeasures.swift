/// The measures of one query, or their means over several (paper 2.7), each in 0...1.
public struct QueryMeasures: Sendable, Hashable, Codable {
  /// 1 / rank of the first relevant reference.
  public var reciprocalRank: Double
  /// The mean precision at the ranks of the relevant references.
  public var averagePrecision: Double
  /// The precision of the first recommendation.
  public var precisionAt1: Double
  /// The precision of the first five recommendations.
  public var precisionAt5: Double
  /// The precision of the first nine recommendations.
  public var precisionAt9: Double

  private enum CodingKeys: String, CodingKey {
    case reciprocalRank = "mrr"
    case averagePrecision = "map"
    case precisionAt1 = "p@1"
    case precisionAt5 = "p@5"
    case precisionAt9 = "p@9"
  }

  /// The measures of a ranking.
  public init(_ ranks: RelevantRanks) {
    reciprocalRank = ranks.reciprocalRank
    averagePrecision = ranks.averagePrecision
    precisionAt1 = ranks.precision(at: 1)
    precisionAt5 = ranks.precision(at: 5)
    precisionAt9 = ranks.precision(at: 9)
  }

  /// Wraps given measures.
  package init(
    reciprocalRank: Double, averagePrecision: Double, precisionAt1: Double, precisionAt5: Double, precisionAt9: Double
  ) {
    self.reciprocalRank = reciprocalRank
    self.averagePrecision = averagePrecision
    self.precisionAt1 = precisionAt1
    self.precisionAt5 = precisionAt5
    self.precisionAt9 = precisionAt9
  }

  /// The means over queries; nil if there are none.
  public init?(meanOf measures: [QueryMeasures]) {
    guard !measures.isEmpty else { return nil }
    func mean(_ value: (QueryMeasures) -> Double) -> Double {
      measures.reduce(0) { $0 + value($1) } / Double(measures.count)
    }
    self.init(
      reciprocalRank: mean(\.reciprocalRank), averagePrecision: mean(\.averagePrecision),
      precisionAt1: mean(\.precisionAt1), precisionAt5: mean(\.precisionAt5), precisionAt9: mean(\.precisionAt9))
  }

  /// The mean of the measures over all orders of `rankedCount` references, of which `relevantCount` are relevant.
  ///
  /// Exact: the first of m relevant among n comes at rank r with the probability C(n − r, m − 1) / C(n, m); the
  /// expected average precision is (H_n + (m − 1)(n − H_n) / (n − 1)) / n with H_n = Σ 1 / r; the expected precision is
  /// m / n. O(n).
  public init(expectedOfRelevant relevantCount: Int, among rankedCount: Int) {
    precondition(
      relevantCount > 0 && relevantCount <= rankedCount, "\(relevantCount) relevant among \(rankedCount) references")
    let (m, n) = (Double(relevantCount), Double(rankedCount))
    var (reciprocal, harmonic) = (0.0, 0.0)
    // The probability that the first r − 1 are not relevant.
    var noneBefore = 1.0
    for rank in 1...rankedCount {
      let left = n - Double(rank) + 1
      reciprocal += noneBefore * min(1, m / left) / Double(rank)
      noneBefore *= max(0, 1 - m / left)
      harmonic += 1 / Double(rank)
    }
    reciprocalRank = reciprocal
    averagePrecision = rankedCount == 1 ? 1 : (harmonic + (m - 1) * (n - harmonic) / (n - 1)) / n
    precisionAt1 = m / n
    precisionAt5 = m / n
    precisionAt9 = m / n
  }
}
