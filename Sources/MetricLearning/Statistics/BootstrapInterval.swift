/// A confidence interval of a mean over queries, by the percentile bootstrap: the range of the middle share of the
/// means of many samples, drawn from the queries with replacement.
///
/// Queries of one artist are not independent samples: give them the same group, so that whole groups are drawn.
/// Source: Efron and Tibshirani, *An Introduction to the Bootstrap* (1993), chapter 13.
public struct BootstrapInterval: Sendable, Hashable, Codable {
  /// The mean of the values; 0 if there are none.
  public let mean: Double
  /// The lower end of the interval.
  public let lower: Double
  /// The upper end of the interval.
  public let upper: Double
  /// The share of the means between the two, such as 0.95.
  public let confidence: Double

  /// The interval of the mean of `values`.
  ///
  /// - Parameters:
  ///   - values: a measure of each query.
  ///   - groups: what each query belongs to; any numbers. Nil if queries are independent.
  ///   - confidence: in 0..<1.
  ///   - resamples: how many samples are drawn, at least 1.
  ///   - generator: the source of randomness.
  ///
  /// O(resamples · (values + log resamples)).
  public init(
    of values: [Double], groups: [Int]? = nil, confidence: Double = 0.95, resamples: Int = 10_000,
    using generator: inout some RandomNumberGenerator
  ) {
    precondition((0..<1).contains(confidence) && resamples > 0, "\(resamples) resamples, confidence \(confidence)")
    precondition(groups.map { $0.count == values.count } ?? true, "a group for each of \(values.count) values")
    self.confidence = confidence
    guard !values.isEmpty else {
      (mean, lower, upper) = (0, 0, 0)
      return
    }
    mean = values.reduce(0, +) / Double(values.count)
    let units = LabelGroups(groups ?? Array(values.indices)).songs.map { members in
      (sum: members.reduce(0) { $0 + values[$1] }, count: members.count)
    }
    var means: [Double] = []
    means.reserveCapacity(resamples)
    for _ in 0..<resamples {
      var (sum, count) = (0.0, 0)
      for _ in units.indices {
        let unit = units[Int.random(in: units.indices, using: &generator)]
        sum += unit.sum
        count += unit.count
      }
      means.append(sum / Double(count))
    }
    means.sort()
    lower = Self.quantile((1 - confidence) / 2, of: means)
    upper = Self.quantile((1 + confidence) / 2, of: means)
  }

  /// The quantile of sorted values, linearly interpolated as by NumPy's default.
  private static func quantile(_ share: Double, of sorted: [Double]) -> Double {
    let position = share * Double(sorted.count - 1)
    let below = Int(position)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
  }
}
