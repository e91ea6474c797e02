import CKernels

/// A matrix in memory: row-major, `stride` floats from one row to the next.
package struct Matrix {
  var pointer: UnsafePointer<Float>
  var rows: Int
  var columns: Int
  var stride: Int
  private var isTransposed = false

  package init(_ pointer: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int? = nil) {
    self.pointer = pointer
    self.rows = rows
    self.columns = columns
    self.stride = stride ?? columns
  }

  /// The same memory, read as its transpose.
  package var transposed: Matrix {
    var result = self
    swap(&result.rows, &result.columns)
    result.isTransposed.toggle()
    return result
  }

  /// Calls `body` with the rows of the matrix in memory; a transpose is copied.
  func withUnsafeRows(_ body: (_ pointer: UnsafePointer<Float>, _ stride: Int) -> Void) {
    guard isTransposed else { return body(pointer, stride) }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: rows * columns) { copy in
      guard let start = copy.baseAddress else { return }
      for column in 0..<columns {
        for row in 0..<rows { start[row * columns + column] = pointer[column * stride + row] }
      }
      body(start, columns)
    }
  }

  /// The matrix as the kernels read a left operand.
  var operand: akin_operand {
    akin_operand(start: pointer, row: Int64(isTransposed ? 1 : stride), column: Int64(isTransposed ? stride : 1))
  }
}

/// `output += left · right`; `output` has `stride` floats a row.
package func addProduct(
  of left: Matrix, _ right: Matrix, to output: UnsafeMutablePointer<Float>, stride: Int? = nil
) {
  precondition(
    left.columns == right.rows, "\(left.rows)×\(left.columns) times \(right.rows)×\(right.columns)")
  right.withUnsafeRows { pointer, rowStride in
    akin_add_product(
      Int64(left.rows), Int64(right.columns), Int64(left.columns), left.operand, pointer, Int64(rowStride), output,
      Int64(stride ?? right.columns))
  }
}

/// Adds the sum of each column of `matrix` to `sums`.
func addColumnSums(of matrix: Matrix, to sums: UnsafeMutablePointer<Float>) {
  for row in 0..<matrix.rows {
    let values = matrix.pointer + row * matrix.stride
    for column in 0..<matrix.columns { sums[column] += values[column] }
  }
}
