import Reproducibility

/// Initial weights as in Keras.
enum Initialisation {
  /// Glorot's uniform distribution: ±√(6 / (fanIn + fanOut)).
  static func glorotUniform(
    _ values: UnsafeMutablePointer<Float>, count: Int, fanIn: Int, fanOut: Int,
    using generator: inout SeededGenerator
  ) {
    let limit = (6 / Double(fanIn + fanOut)).squareRoot()
    for i in 0..<count { values[i] = Float(limit * (2 * generator.uniform() - 1)) }
  }

  /// A `rows` × `columns` matrix, rows ≥ columns, whose columns are orthonormal: Gram and Schmidt's procedure on
  /// normal numbers, each vector orthogonalised twice.
  static func orthogonal(
    _ values: UnsafeMutablePointer<Float>, rows: Int, columns: Int, using generator: inout SeededGenerator
  ) {
    precondition(rows >= columns, "\(columns) orthonormal columns of \(rows) numbers")
    var basis: [[Double]] = []
    while basis.count < columns {
      var vector = (0..<rows).map { _ in generator.normal() }
      for _ in 0..<2 {
        for other in basis {
          let projection = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          for i in 0..<rows { vector[i] -= projection * other[i] }
        }
      }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard norm > 1e-6 else { continue }
      basis.append(vector.map { $0 / norm })
    }
    for row in 0..<rows {
      for column in 0..<columns { values[row * columns + column] = Float(basis[column][row]) }
    }
  }
}
