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
          let sum =
            factor[row * count + column]
            - Self.product(of: column, in: factor, from: row * count, and: column * count)
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

  /// The sum of products of `count` elements, in eight sums side by side: additions to one would wait for each other.
  private static func product(
    of count: Int, in values: UnsafeMutableBufferPointer<Double>, from one: Int, and other: Int
  ) -> Double {
    let bytes = UnsafeRawBufferPointer(values)
    let size = MemoryLayout<Double>.size
    var sums = SIMD8<Double>.zero
    let whole = count / 8 * 8
    for index in stride(from: 0, to: whole, by: 8) {
      sums +=
        bytes.loadUnaligned(fromByteOffset: (one + index) * size, as: SIMD8<Double>.self)
        * bytes.loadUnaligned(fromByteOffset: (other + index) * size, as: SIMD8<Double>.self)
    }
    var sum = sums.sum()
    for index in whole..<count { sum += values[one + index] * values[other + index] }
    return sum
  }

  /// x with A x = b. O(count²).
  func solution(of right: [Double]) -> [Double] {
    precondition(right.count == count, "\(right.count) values for a matrix of \(count) rows")
    var x = right
    factor.withUnsafeBufferPointer { factor in
      x.withUnsafeMutableBufferPointer { x in
        for row in 0..<count {
          var sum = x[row]
          for column in 0..<row { sum -= factor[row * count + column] * x[column] }
          x[row] = sum / factor[row * (count + 1)]
        }
        for row in (0..<count).reversed() {
          let value = x[row] / factor[row * (count + 1)]
          x[row] = value
          for column in 0..<row { x[column] -= factor[row * count + column] * value }
        }
      }
    }
    return x
  }

  /// x with Lᵀ x = b: if the values of b are independent with variance 1, x has the covariance A⁻¹. O(count²).
  func transposedSolution(of right: [Double]) -> [Double] {
    precondition(right.count == count, "\(right.count) values for a matrix of \(count) rows")
    var x = right
    for row in (0..<count).reversed() {
      x[row] /= factor[row * (count + 1)]
      for column in 0..<row { x[column] -= factor[row * count + column] * x[row] }
    }
    return x
  }

  /// ln |A|.
  var logDeterminant: Double {
    2 * (0..<count).reduce(0) { $0 + log(factor[$1 * (count + 1)]) }
  }
}
