import Figures

/// The mean of repeated measurements and their sample standard deviation.
struct MeanAndDeviation: Hashable {
  let mean: Double
  /// Divided by n − 1; nil for a single measurement.
  let deviation: Double?

  /// Nil if there is no measurement.
  init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    deviation =
      values.count < 2
      ? nil : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }

  /// "0.724 ± 0.012"
  var text: String { deviation.map { "\(Self.text(mean)) ± \(Self.text($0))" } ?? Self.text(mean) }

  /// A number with three decimals, as in the paper.
  static func text(_ value: Double) -> String { ReportNumber.text(value, decimals: 3) }
}
