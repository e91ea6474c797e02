/// The statistics that describe a series, in the order in which feature vectors hold them. (FMA's tables hold the same
/// seven, sorted by name: kurtosis, max, mean, median, min, skew, std.)
public enum SummaryStatistic: String, Sendable, Hashable, CaseIterable {
  /// The mean.
  case mean
  /// The population's standard deviation (divided by the count).
  case standardDeviation
  /// Skewness, the third standardised moment; 0 if the series is constant.
  case skewness
  /// Excess kurtosis, the fourth standardised moment less 3; 0 if the series is constant.
  case kurtosis
  /// The median; the mean of the middle two values if the count is even.
  case median
  /// The smallest value.
  case minimum
  /// The largest value.
  case maximum
}

/// The seven ``SummaryStatistic`` of one series, from moments in double precision.
public struct SummaryStatistics: Sendable, Hashable {
  private let values: [Double]

  /// A deviation below this share of the largest magnitude (or of 1) is taken for rounding: the series is constant.
  private static let rounding = 1e-6

  /// Summarises a series of finite values; all 0 if it is empty.
  public init(of series: [Float]) {
    guard !series.isEmpty else {
      values = Array(repeating: 0, count: SummaryStatistic.allCases.count)
      return
    }
    let count = Double(series.count)
    let mean = series.reduce(0.0) { $0 + Double($1) } / count
    var second = 0.0
    var third = 0.0
    var fourth = 0.0
    for value in series {
      let deviation = Double(value) - mean
      let square = deviation * deviation
      second += square
      third += square * deviation
      fourth += square * square
    }
    let variance = second / count
    let deviation = variance.squareRoot()
    let sorted = series.sorted()
    let middle = sorted.count / 2
    let median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    let isConstant = deviation <= Self.rounding * Double(max(1, abs(sorted[0]), abs(sorted[sorted.count - 1])))
    values = [
      mean, deviation,
      isConstant ? 0 : third / count / (variance * deviation),
      isConstant ? 0 : fourth / count / (variance * variance) - 3,
      Double(median), Double(sorted[0]), Double(sorted[sorted.count - 1]),
    ]
  }

  /// The value of one statistic.
  public subscript(statistic: SummaryStatistic) -> Double {
    switch statistic {
    case .mean: values[0]
    case .standardDeviation: values[1]
    case .skewness: values[2]
    case .kurtosis: values[3]
    case .median: values[4]
    case .minimum: values[5]
    case .maximum: values[6]
    }
  }
}
