import NeuralNetwork
import Reproducibility

/// The directions along which rows are longest: the leading right singular vectors of a matrix of rows, by block power
/// iteration with a Rayleigh–Ritz step (Halko, Martinsson and Tropp 2011). The matrix of the scatter is never formed.
package struct PrincipalDirections {
  /// The squared length of all rows along each direction, largest first.
  package let values: [Double]
  /// Orthonormal, one per row: `count` × `dimension`.
  package let vectors: [Float]
  /// The number of directions.
  package var count: Int { values.count }

  private static let iterations = 12

  /// The leading `count` directions of `rows`, given row by row, or as many as there are.
  ///
  /// O(rows · dimension · count) for each of a fixed number of iterations. The last directions may not have converged;
  /// this matters little, since those whose values lie close to each other are about equally good.
  package init(of rows: [Float], dimension: Int, count: Int) {
    let height = rows.count / dimension
    let wanted = min(count, height, dimension)
    let width = min(wanted + max(16, wanted / 4), height, dimension)
    guard wanted > 0, rows.contains(where: { $0 != 0 }) else {
      (values, vectors) = ([], [])
      return
    }
    var generator = SeededGenerator(seed: 1)
    var basis = (0..<width * dimension).map { _ in Float(generator.normal()) }
    for _ in 0..<Self.iterations {
      let along = Self.product(rows, height, basis, width, dimension)
      basis = Self.transposedProduct(along, height, width, rows, dimension)
      Self.orthonormalise(&basis, width: width, dimension: dimension)
    }
    let along = Self.product(rows, height, basis, width, dimension)
    // The scatter within the basis: width × width.
    let scatter = Self.transposedProduct(along, height, width, along, width).map(Double.init)
    guard let eigen = SymmetricEigen(scatter, count: width), let largest = eigen.values.first, largest > 0 else {
      (values, vectors) = ([], [])
      return
    }
    values = Array(eigen.values.prefix(wanted).prefix { $0 > 1e-9 * largest })
    vectors = Self.transposedProduct(
      Self.columns(eigen.vectors, values.count, width), width, values.count, basis, dimension)
  }

  /// `left` (height × dimension) times the transpose of `right` (width × dimension): height × width.
  private static func product(
    _ left: [Float], _ height: Int, _ right: [Float], _ width: Int, _ dimension: Int
  ) -> [Float] {
    MatrixValues.product(
      left, (height, dimension), right, (width, dimension), transposesLeft: false, transposesRight: true)
  }

  /// The transpose of `left` (height × width) times `right` (height × dimension): width × dimension.
  private static func transposedProduct(
    _ left: [Float], _ height: Int, _ width: Int, _ right: [Float], _ dimension: Int
  ) -> [Float] {
    MatrixValues.product(
      left, (height, width), right, (height, dimension), transposesLeft: true, transposesRight: false)
  }

  /// The first `count` rows of a matrix of `width` columns, as columns: width × count.
  private static func columns(_ rows: [Double], _ count: Int, _ width: Int) -> [Float] {
    (0..<width).flatMap { column in (0..<count).map { Float(rows[$0 * width + column]) } }
  }

  /// Makes rows orthonormal, by the Cholesky factor of their products, twice because of rounding; one that depends on
  /// others becomes zero.
  static func orthonormalise(_ rows: inout [Float], width: Int, dimension: Int) {
    for _ in 0..<2 {
      let products = MatrixValues.product(
        rows, (width, dimension), rows, (width, dimension), transposesLeft: false, transposesRight: true)
      guard let eigen = SymmetricEigen(products.map(Double.init), count: width), let largest = eigen.values.first,
        largest > 0
      else { return }
      // Löwdin's symmetric form, which needs no order of the rows: products to the power of -1/2, times the rows.
      var root = [Float](repeating: 0, count: width * width)
      for (place, value) in eigen.values.enumerated() where value > 1e-12 * largest {
        let vector = Array(eigen[place])
        for row in 0..<width {
          let factor = vector[row] / value.squareRoot()
          for column in 0..<width { root[row * width + column] += Float(factor * vector[column]) }
        }
      }
      rows = MatrixValues.product(
        root, (width, width), rows, (width, dimension), transposesLeft: false, transposesRight: false)
    }
  }
}
