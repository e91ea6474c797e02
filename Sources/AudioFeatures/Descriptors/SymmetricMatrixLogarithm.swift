#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The logarithm of a symmetric positive definite matrix, `V log(Λ) Vᵀ` of its eigenvectors and eigenvalues.
///
/// By one-sided Jacobi rotations of the Cholesky factor, which are precise even for small eigenvalues: with `A = GᵀG`,
/// the rows of `G` are rotated in pairs until all are orthogonal. They are then the eigenvectors, each scaled by the
/// square root of its eigenvalue. O(n³) for each of a handful of sweeps; about 0.5 ms for n = 42.
package struct SymmetricMatrixLogarithm: ~Copyable {
  private typealias Lanes = SIMD4<Double>

  package let size: Int
  /// SIMD vectors in a row.
  private let rowLength: Int
  /// `size` × `rowLength`, zero past a row's end.
  private var rows: [Lanes]

  /// Two rows count as orthogonal if their cosine is below this.
  private static let tolerance = 1e-13
  /// Far more sweeps than are ever needed: convergence is quadratic.
  private static let sweepLimit = 40

  package init(size: Int) {
    precondition(size >= 1, "A matrix has at least one row, not \(size)")
    self.size = size
    rowLength = (size + Lanes.scalarCount - 1) / Lanes.scalarCount
    rows = Array(repeating: .zero, count: size * rowLength)
  }

  /// The upper triangle of the logarithm, row by row: `size (size + 1) / 2` values.
  ///
  /// - Parameter upperTriangle: the same triangle of a positive definite matrix.
  package mutating func callAsFunction(upperTriangle: [Double]) -> [Double] {
    precondition(
      upperTriangle.count == size * (size + 1) / 2, "\(upperTriangle.count) values are not a triangle of \(size) rows")
    factorise(upperTriangle)
    var sweep = 0
    while sweep < Self.sweepLimit, rotateAllPairs() { sweep += 1 }
    return logarithm()
  }

  /// Writes the Cholesky factor's columns into the rows.
  private mutating func factorise(_ upperTriangle: [Double]) {
    for index in rows.indices { rows[index] = .zero }
    var index = 0
    for row in 0..<size {
      for column in row..<size {
        var value = upperTriangle[index]
        index += 1
        for earlier in 0..<row { value -= self[earlier, row] * self[earlier, column] }
        self[row, column] = column == row ? value.squareRoot() : value / self[row, row]
      }
    }
  }

  private subscript(row: Int, column: Int) -> Double {
    get { rows[row * rowLength + column / Lanes.scalarCount][column % Lanes.scalarCount] }
    set { rows[row * rowLength + column / Lanes.scalarCount][column % Lanes.scalarCount] = newValue }
  }

  /// One sweep; returns whether any pair was not yet orthogonal.
  private mutating func rotateAllPairs() -> Bool {
    rows.withUnsafeMutableBufferPointer { [size, rowLength] rows in
      guard let start = rows.baseAddress else { return false }
      var rotated = false
      // The rotations update the lengths; each sweep computes them anew.
      var squares = (0..<size).map { Self.product(start + $0 * rowLength, start + $0 * rowLength, rowLength) }
      for first in 0..<size {
        for second in first + 1..<max(size, first + 1) {
          let (a, b) = (start + first * rowLength, start + second * rowLength)
          let product = Self.product(a, b, rowLength)
          guard abs(product) > Self.tolerance * (squares[first] * squares[second]).squareRoot() else { continue }
          rotated = true
          let ratio = (squares[second] - squares[first]) / (2 * product)
          let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (1 + ratio * ratio).squareRoot())
          let cosine = 1 / (1 + tangent * tangent).squareRoot()
          Self.rotate(a, b, rowLength, cosine: cosine, sine: cosine * tangent)
          squares[first] -= tangent * product
          squares[second] += tangent * product
        }
      }
      return rotated
    }
  }

  private static func product(_ a: UnsafePointer<Lanes>, _ b: UnsafePointer<Lanes>, _ count: Int) -> Double {
    var sum = Lanes.zero
    for index in 0..<count { sum += a[index] * b[index] }
    return sum.sum()
  }

  private static func rotate(
    _ a: UnsafeMutablePointer<Lanes>, _ b: UnsafeMutablePointer<Lanes>, _ count: Int, cosine: Double, sine: Double
  ) {
    for index in 0..<count {
      let (x, y) = (a[index], b[index])
      a[index] = x * cosine - y * sine
      b[index] = x * sine + y * cosine
    }
  }

  /// `Σ log(λ) / λ · g gᵀ` over the orthogonal rows g, λ = |g|².
  private func logarithm() -> [Double] {
    let weights = (0..<size).map { row in
      let eigenvalue = (0..<rowLength).reduce(0) { sum, index in
        sum + (rows[row * rowLength + index] * rows[row * rowLength + index]).sum()
      }
      return log(eigenvalue) / eigenvalue
    }
    var result: [Double] = []
    result.reserveCapacity(size * (size + 1) / 2)
    for row in 0..<size {
      var sums = [Lanes](repeating: .zero, count: rowLength)
      for (vector, weight) in weights.enumerated() {
        let factor = weight * self[vector, row]
        for index in 0..<rowLength { sums[index] += rows[vector * rowLength + index] * factor }
      }
      for column in row..<size { result.append(sums[column / Lanes.scalarCount][column % Lanes.scalarCount]) }
    }
    return result
  }
}
