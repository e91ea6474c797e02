import MetricLearning

/// How well one query, or on average several, found the songs of their class (paper 2.7), each in 0...1.
public struct QueryMeasures: Sendable, Hashable, Codable {
  /// The reciprocal rank of the first relevant song.
  public var reciprocalRank: Double
  /// The average precision.
  public var averagePrecision: Double
  /// The precision of the first answer.
  public var precisionAt1: Double
  /// The precision of the first five answers.
  public var precisionAt5: Double
  /// The precision of the first nine answers.
  public var precisionAt9: Double

  private enum CodingKeys: String, CodingKey {
    case reciprocalRank = "mrr"
    case averagePrecision = "map"
    case precisionAt1 = "p@1"
    case precisionAt5 = "p@5"
    case precisionAt9 = "p@9"
  }

  /// The measures of one query.
  init(_ ranks: RelevantRanks) {
    reciprocalRank = ranks.reciprocalRank
    averagePrecision = ranks.averagePrecision
    precisionAt1 = ranks.precision(at: 1)
    precisionAt5 = ranks.precision(at: 5)
    precisionAt9 = ranks.precision(at: 9)
  }

  /// Given measures.
  package init(
    reciprocalRank: Double, averagePrecision: Double, precisionAt1: Double, precisionAt5: Double, precisionAt9: Double
  ) {
    self.reciprocalRank = reciprocalRank
    self.averagePrecision = averagePrecision
    self.precisionAt1 = precisionAt1
    self.precisionAt5 = precisionAt5
    self.precisionAt9 = precisionAt9
  }

  /// The mean over queries; nil where there are none.
  init?(meanOf measures: [QueryMeasures]) {
    guard !measures.isEmpty else { return nil }
    func mean(_ value: (QueryMeasures) -> Double) -> Double {
      measures.reduce(0) { $0 + value($1) } / Double(measures.count)
    }
    self.init(
      reciprocalRank: mean(\.reciprocalRank), averagePrecision: mean(\.averagePrecision),
      precisionAt1: mean(\.precisionAt1), precisionAt5: mean(\.precisionAt5), precisionAt9: mean(\.precisionAt9))
  }
}
