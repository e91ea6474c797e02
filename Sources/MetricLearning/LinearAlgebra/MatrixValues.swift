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
}
