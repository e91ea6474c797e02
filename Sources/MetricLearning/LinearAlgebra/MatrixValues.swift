import NeuralNetwork

/// Products of matrices that lie in arrays, row by row.
enum MatrixValues {
  /// `left · right`, either of them transposed first if that is asked for; shapes are (rows, columns) as they lie.
  static func product(
    _ left: [Float], _ leftShape: (rows: Int, columns: Int), _ right: [Float], _ rightShape: (rows: Int, columns: Int),
    transposesLeft: Bool, transposesRight: Bool
  ) -> [Float] {
    let rows = transposesLeft ? leftShape.columns : leftShape.rows
    let columns = transposesRight ? rightShape.rows : rightShape.columns
    var output = [Float](repeating: 0, count: rows * columns)
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        output.withUnsafeMutableBufferPointer { output in
          guard let l = left.baseAddress, let r = right.baseAddress, let result = output.baseAddress else { return }
          let one = Matrix(l, rows: leftShape.rows, columns: leftShape.columns)
          let other = Matrix(r, rows: rightShape.rows, columns: rightShape.columns)
          addProduct(
            of: transposesLeft ? one.transposed : one, transposesRight ? other.transposed : other, to: result)
        }
      }
    }
    return output
  }

  /// The products of rows with each other, `rows · rowsᵀ`, summed in double precision: the lower triangle of a matrix of
  /// `count` × `count`, as `SymmetricEigen` and `Cholesky` read it, and zeros above it.
  ///
  /// O(count² / 2) products of rows.
  static func products(ofRows rows: [Float], count: Int) -> [Double] {
    guard count > 0 else { return [] }
    let length = rows.count / count
    // Some columns at a time, as doubles that stay in the cache; two rows by two, which halves what is read.
    let columns = 512
    let width = columns / 4
    let even = count + count % 2
    var sums = [Double](repeating: 0, count: even * even)
    var part = [SIMD4<Double>](repeating: .zero, count: even * width)
    for first in stride(from: 0, to: length, by: columns) {
      part.withUnsafeMutableBytes { bytes in
        let values = bytes.assumingMemoryBound(to: Double.self)
        for row in 0..<count {
          for column in 0..<columns {
            let place = first + column
            values[row * columns + column] = place < length ? Double(rows[row * length + place]) : 0
          }
        }
      }
      part.withUnsafeBufferPointer { part in
        guard let start = part.baseAddress else { return }
        for row in stride(from: 0, to: even, by: 2) {
          for other in stride(from: 0, through: row, by: 2) {
            let tile = tile(start + row * width, start + other * width, width)
            sums[row * even + other] += tile.0
            sums[row * even + other + 1] += tile.1
            sums[(row + 1) * even + other] += tile.2
            sums[(row + 1) * even + other + 1] += tile.3
          }
        }
      }
    }
    return (0..<count).flatMap { row in (0..<count).map { $0 <= row ? sums[row * even + $0] : 0 } }
  }

  /// The products of two rows that follow each other with two others.
  private static func tile(
    _ left: UnsafePointer<SIMD4<Double>>, _ right: UnsafePointer<SIMD4<Double>>, _ width: Int
  ) -> (Double, Double, Double, Double) {
    var (a, b, c, d) = (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
    for place in 0..<width {
      let (first, second) = (left[place], left[width + place])
      let (third, fourth) = (right[place], right[width + place])
      a += first * third
      b += first * fourth
      c += second * third
      d += second * fourth
    }
    return (a.sum(), b.sum(), c.sum(), d.sum())
  }
}
