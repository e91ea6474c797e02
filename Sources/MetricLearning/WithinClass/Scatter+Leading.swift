import NeuralNetwork
import Reproducibility

extension Scatter {
  /// The directions of the largest scatter, with the scatter along each, largest first.
  struct Leading {
    var values: [Double]
    /// Orthonormal.
    var vectors: [[Double]]
  }

  /// The `count` leading eigenvectors, or all if there are fewer, by orthogonal iteration with a Rayleigh–Ritz step:
  /// for a few eigenvectors of a large matrix, a hundredth of the work of a full decomposition.
  ///
  /// O(dimension² · count) for each of a fixed number of iterations. The last vectors may not have converged; this
  /// matters little, since eigenvalues that close to each other are about equally good.
  func leading(_ count: Int) -> Leading {
    let wanted = min(count, dimension)
    let width = min(dimension, wanted + max(16, wanted / 2))
    // A full decomposition is faster if nearly all are wanted.
    guard width < dimension else { return exact(wanted) }
    var generator = SeededGenerator(seed: 1)
    var basis = (0..<width).map { _ in (0..<dimension).map { _ in generator.normal() } }
    Self.orthonormalise(&basis)
    let matrix = values.map { Float($0) }
    var products = basis
    for _ in 0..<40 {
      products = self.products(of: matrix, with: basis)
      basis = products
      Self.orthonormalise(&basis)
    }
    products = self.products(of: matrix, with: basis)
    var projected = [Double](repeating: 0, count: width * width)
    for row in 0..<width {
      for column in 0..<width {
        projected[row * width + column] = zip(basis[row], products[column]).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    guard let eigen = SymmetricEigen(projected, count: width) else { return Leading(values: [], vectors: []) }
    return Leading(
      values: Array(eigen.values.prefix(wanted)),
      vectors: (0..<wanted).map { number in
        var vector = [Double](repeating: 0, count: dimension)
        for (weight, row) in zip(eigen[number], basis) {
          for index in 0..<dimension { vector[index] += weight * row[index] }
        }
        return vector
      })
  }

  private func exact(_ count: Int) -> Leading {
    guard let eigen = SymmetricEigen(values, count: dimension) else { return Leading(values: [], vectors: []) }
    return Leading(values: Array(eigen.values.prefix(count)), vectors: (0..<count).map { Array(eigen[$0]) })
  }

  /// The matrix times each vector.
  private func products(of matrix: [Float], with vectors: [[Double]]) -> [[Double]] {
    let rows = vectors.flatMap { $0.map { Float($0) } }
    let output = FloatBuffer(count: rows.count)
    matrix.withUnsafeBufferPointer { matrix in
      rows.withUnsafeBufferPointer { rows in
        guard let matrix = matrix.baseAddress, let start = rows.baseAddress else { return }
        addProduct(
          of: Matrix(start, rows: vectors.count, columns: dimension),
          Matrix(matrix, rows: dimension, columns: dimension), to: output.pointer)
      }
    }
    return vectors.indices.map { row in
      (0..<dimension).map { Double(output.pointer[row * dimension + $0]) }
    }
  }

  /// The Gram–Schmidt method, twice because of rounding; a vector that depends on those before it becomes zero.
  static func orthonormalise(_ vectors: inout [[Double]]) {
    for index in vectors.indices {
      var vector = vectors[index]
      let length = Self.length(vector)
      for _ in 0..<2 {
        for other in vectors[..<index] {
          let product = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          for column in vector.indices { vector[column] -= product * other[column] }
        }
      }
      let rest = Self.length(vector)
      let factor = rest > 1e-9 * length ? 1 / rest : 0
      vectors[index] = vector.map { $0 * factor }
    }
  }

  private static func length(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
