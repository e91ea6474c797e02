#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A positive-definite matrix A = L Lᵀ with L lower triangular, in double precision.
struct Cholesky {
  let count: Int
  /// L, row-major; the elements above the diagonal are not used.
  private var factor: [Double]

  /// Decomposes a matrix of `count` × `count`, of which only the lower triangle is read; nil if it is not positive
  /// definite. O(count³ / 6) multiplications.
  init?(_ matrix: [Double], count: Int) {
    self.count = count
    factor = matrix
    let isPositive = factor.withUnsafeMutableBufferPointer { factor in
      for row in 0..<count {
        for column in 0...row {
          var sum = factor[row * count + column]
          for index in 0..<column { sum -= factor[row * count + index] * factor[column * count + index] }
          if column < row {
            factor[row * count + column] = sum / factor[column * count + column]
          } else {
            guard sum > 0 && sum.isFinite else { return false }
            factor[row * count + row] = sum.squareRoot()
          }
        }
      }
      return true
    }
    guard isPositive else { return nil }
  }

  /// ln |A|.
  var logDeterminant: Double {
    2 * (0..<count).reduce(0) { $0 + log(factor[$1 * (count + 1)]) }
  }
}
