#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The first coefficients of the orthonormal discrete cosine transform of type II:
/// `c[k] = √(2/N) Σ x[n] cos(πk(2n + 1) / 2N)`, with `√(1/N)` for k = 0.
struct CosineTransform {
  let inputCount: Int
  let coefficientCount: Int
  /// `inputCount` × `coefficientCount`, so that the inner loop runs over independent sums and vectorises.
  private let basis: [Float]

  init(inputCount: Int, coefficientCount: Int) {
    precondition(
      (1...inputCount).contains(coefficientCount),
      "\(inputCount) values have no \(coefficientCount) cosine coefficients")
    self.inputCount = inputCount
    self.coefficientCount = coefficientCount
    let size = Double(inputCount)
    basis = (0..<inputCount).flatMap { index in
      (0..<coefficientCount).map { k in
        let scale = (k == 0 ? 1 / size : 2 / size).squareRoot()
        return Float(scale * cos(.pi * Double(k) * (2 * Double(index) + 1) / (2 * size)))
      }
    }
  }

  /// Transforms rows of `inputCount` values into rows of `coefficientCount`.
  func callAsFunction(rows: [Float]) -> [Float] {
    precondition(rows.count.isMultiple(of: inputCount), "\(rows.count) values are not rows of \(inputCount)")
    let rowCount = rows.count / inputCount
    return [Float](unsafeUninitializedCapacity: rowCount * coefficientCount) { output, count in
      output.initialize(repeating: 0)
      rows.withUnsafeBufferPointer { rows in
        basis.withUnsafeBufferPointer { basis in
          for row in 0..<rowCount {
            let sums = UnsafeMutableBufferPointer(
              rebasing: output[row * coefficientCount..<(row + 1) * coefficientCount])
            for index in 0..<inputCount {
              let value = rows[row * inputCount + index]
              let factors = UnsafeBufferPointer(
                rebasing: basis[index * coefficientCount..<(index + 1) * coefficientCount])
              for k in 0..<coefficientCount { sums[k] += value * factors[k] }
            }
          }
        }
      }
      count = rowCount * coefficientCount
    }
  }
}
