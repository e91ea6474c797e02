/// The ranks of the relevant references of one query; every measure of paper 2.7 follows from them.
public struct RelevantRanks: Sendable, Hashable {
  /// The ranks of the relevant references, counted from 1, ascending; not empty.
  public let ranks: [Int]
  /// The number of references that were ranked.
  public let rankedCount: Int

  /// Wraps ascending ranks in 1...`rankedCount`, at least one.
  public init(ranks: [Int], rankedCount: Int) {
    precondition(!ranks.isEmpty, "a query without a relevant reference has no measure")
    precondition(
      zip(ranks, ranks.dropFirst()).allSatisfy { $0 < $1 } && ranks[0] >= 1 && ranks[ranks.count - 1] <= rankedCount,
      "ranks must ascend within 1...\(rankedCount)")
    self.ranks = ranks
    self.rankedCount = rankedCount
  }

  /// 1 / rank of the first relevant reference; its mean over queries is the MRR.
  public var reciprocalRank: Double {
    1 / Double(ranks[0])
  }

  /// The mean, over the relevant references, of the precision at their ranks; its mean over queries is the MAP.
  public var averagePrecision: Double {
    let precisions = ranks.enumerated().map { Double($0.offset + 1) / Double($0.element) }
    return precisions.reduce(0, +) / Double(ranks.count)
  }

  /// The share of relevant references among the first `cutoff` recommendations.
  ///
  /// As in the paper, true positives / (true positives + false positives): if fewer than `cutoff` references were
  /// ranked, it is the share among those.
  public func precision(at cutoff: Int) -> Double {
    precondition(cutoff > 0, "precision at \(cutoff)")
    return Double(ranks.prefix { $0 <= cutoff }.count) / Double(min(cutoff, rankedCount))
  }
}
