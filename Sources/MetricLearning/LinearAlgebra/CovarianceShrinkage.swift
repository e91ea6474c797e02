/// How a covariance that is estimated from few vectors is shrunk towards one that has an inverse.
public enum CovarianceShrinkage: Sendable, Hashable, Codable {
  /// No shrinkage.
  case none
  /// (1 − s) Σ + s (tr Σ / d) I with s in 0...1.
  case fixed(Double)
  /// s from the data (Ledoit and Wolf, *A Well-Conditioned Estimator for Large-Dimensional Covariance Matrices*, 2004),
  /// after each dimension is scaled to unit variance; scaled back afterwards.
  case ledoitWolf

  /// The covariance of the rows, divided by their number: dimension × dimension, row-major.
  func covariance(of rows: CentredRows) -> [Double] {
    let dimension = rows.dimension
    switch self {
    case .none:
      return rows.covariance()
    case .fixed(let amount):
      return Self.shrunk(rows.covariance(), by: amount, dimension: dimension)
    case .ledoitWolf:
      let deviations = rows.deviations.map { $0 == 0 ? 1 : $0 }
      let unit = rows.divided(by: deviations)
      let covariance = unit.covariance()
      let amount = Self.ledoitWolfAmount(unit, covariance: covariance)
      var shrunk = Self.shrunk(covariance, by: amount, dimension: dimension)
      for row in 0..<dimension {
        for column in 0..<dimension { shrunk[row * dimension + column] *= deviations[row] * deviations[column] }
      }
      return shrunk
    }
  }

  /// (1 − s) Σ + s (tr Σ / d) I.
  private static func shrunk(_ covariance: [Double], by amount: Double, dimension: Int) -> [Double] {
    var result = covariance.map { $0 * (1 - amount) }
    let mean = trace(covariance, dimension: dimension) / Double(dimension)
    for index in 0..<dimension { result[index * (dimension + 1)] += amount * mean }
    return result
  }

  /// s: the error of Σ as an estimate over its distance from a multiple of the identity, at most 1.
  private static func ledoitWolfAmount(_ rows: CentredRows, covariance: [Double]) -> Double {
    let dimension = Double(rows.dimension)
    guard rows.dimension > 1 else { return 0 }
    let mean = trace(covariance, dimension: rows.dimension) / dimension
    let squares = covariance.reduce(0) { $0 + $1 * $1 }
    let distance = (squares - dimension * mean * mean) / dimension
    // Σ_ij mean of x_i² x_j² is the mean of ‖x‖⁴.
    let fourth = (0..<rows.count).reduce(0.0) { sum, row in
      let length = rows[row].reduce(0) { $0 + $1 * $1 }
      return sum + length * length
    }
    let error = (fourth / Double(rows.count) - squares) / (dimension * Double(rows.count))
    let amount = min(error, distance)
    return amount == 0 ? 0 : amount / distance
  }

  private static func trace(_ matrix: [Double], dimension: Int) -> Double {
    (0..<dimension).reduce(0) { $0 + matrix[$1 * (dimension + 1)] }
  }
}
