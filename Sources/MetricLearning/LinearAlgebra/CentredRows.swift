/// Vectors less their mean.
struct CentredRows {
  let count: Int
  let dimension: Int
  let mean: [Double]
  private var values: [Double]

  /// `rows` holds vectors of `dimension` elements, at least one.
  init(_ rows: [Double], dimension: Int) {
    self.dimension = dimension
    count = rows.count / dimension
    var mean = [Double](repeating: 0, count: dimension)
    for row in 0..<count {
      for column in 0..<dimension { mean[column] += rows[row * dimension + column] }
    }
    for column in 0..<dimension { mean[column] /= Double(count) }
    values = rows
    for row in 0..<count {
      for column in 0..<dimension { values[row * dimension + column] -= mean[column] }
    }
    self.mean = mean
  }

  subscript(row: Int) -> ArraySlice<Double> {
    values[row * dimension..<(row + 1) * dimension]
  }

  /// The population standard deviation of each dimension; 0 if only rounding differs.
  var deviations: [Double] {
    var squares = [Double](repeating: 0, count: dimension)
    for row in 0..<count {
      for (column, value) in self[row].enumerated() { squares[column] += value * value }
    }
    return zip(squares, mean).map { squares, mean in
      let rounding = Double(count) * mean * .ulpOfOne
      return squares / Double(count) <= rounding * rounding ? 0 : (squares / Double(count)).squareRoot()
    }
  }

  /// The rows with each dimension divided by its scale.
  func divided(by scales: [Double]) -> CentredRows {
    var result = self
    for row in 0..<count {
      for column in 0..<dimension { result.values[row * dimension + column] /= scales[column] }
    }
    return result
  }

  /// Σ x xᵀ / `divisor`, the number of rows unless given: dimension × dimension. O(count · dimension²).
  func covariance(divisor: Double? = nil) -> [Double] {
    var sums = [Double](repeating: 0, count: dimension * dimension)
    sums.withUnsafeMutableBufferPointer { sums in
      values.withUnsafeBufferPointer { values in
        for row in 0..<count {
          let x = UnsafeBufferPointer(rebasing: values[row * dimension..<(row + 1) * dimension])
          for first in 0..<dimension {
            for second in 0...first { sums[first * dimension + second] += x[first] * x[second] }
          }
        }
      }
      for first in 0..<dimension {
        for second in 0...first {
          let value = sums[first * dimension + second] / (divisor ?? Double(count))
          sums[first * dimension + second] = value
          sums[second * dimension + first] = value
        }
      }
    }
    return sums
  }
}
