#if canImport(Accelerate)
  import Accelerate
#else
  import COpenBLAS
#endif

/// A matrix in memory: row-major, `stride` floats from one row to the next.
struct Matrix {
  var pointer: UnsafePointer<Float>
  var rows: Int
  var columns: Int
  var stride: Int
  var isTransposed = false

  init(_ pointer: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int? = nil) {
    self.pointer = pointer
    self.rows = rows
    self.columns = columns
    self.stride = stride ?? columns
  }

  /// The same memory, read as its transpose.
  var transposed: Matrix {
    var result = self
    swap(&result.rows, &result.columns)
    result.isTransposed.toggle()
    return result
  }
}

/// OpenBLAS starts threads of its own unless told not to; this program parallelises over songs instead.
private let singleThreadedBLAS: Void = {
  #if !canImport(Accelerate)
    openblas_set_num_threads(1)
  #endif
}()

/// `output = left · right`, or `output += left · right` where `accumulating`; `output` has `stride` floats a row.
func multiply(
  _ left: Matrix, _ right: Matrix, into output: UnsafeMutablePointer<Float>, stride: Int? = nil,
  accumulating: Bool = false
) {
  precondition(
    left.columns == right.rows, "\(left.rows)×\(left.columns) times \(right.rows)×\(right.columns)")
  _ = singleThreadedBLAS
  cblas_sgemm(
    CblasRowMajor, left.isTransposed ? CblasTrans : CblasNoTrans, right.isTransposed ? CblasTrans : CblasNoTrans,
    numericCast(left.rows), numericCast(right.columns), numericCast(left.columns), 1,
    left.pointer, numericCast(left.stride), right.pointer, numericCast(right.stride), accumulating ? 1 : 0,
    output, numericCast(stride ?? right.columns))
}

/// Adds the sum of each column of `matrix` to `sums`.
func addColumnSums(of matrix: Matrix, to sums: UnsafeMutablePointer<Float>) {
  precondition(!matrix.isTransposed, "columns of a transposed matrix")
  for row in 0..<matrix.rows {
    let values = matrix.pointer + row * matrix.stride
    for column in 0..<matrix.columns { sums[column] += values[column] }
  }
}
