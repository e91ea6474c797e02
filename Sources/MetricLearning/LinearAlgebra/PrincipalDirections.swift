import Reproducibility

/// The directions along which rows are longest: the leading right singular vectors of a matrix of rows.
///
/// They are the eigenvectors of the products of its rows, or of its columns, if these are few; of a larger matrix they
/// are sought in the Krylov space of a block of random vectors (Golub and Underwood 1977; Musco and Musco 2015), and the
/// matrix of the scatter is never formed. Products that become squares of lengths are summed in double precision.
package struct PrincipalDirections {
  /// The squared length of all rows along each direction, largest first.
  package let values: [Double]
  /// Orthonormal, one per row: `count` × `dimension`.
  package let vectors: [Float]
  /// The number of directions.
  package var count: Int { values.count }

  /// The vectors that one step adds to a Krylov space.
  private static let blockSize = 16
  /// The directions of a Krylov space: so many for each that is wanted, and so many at least.
  private static let spacePerDirection = 3, smallestSpace = 256
  /// Directions whose value is smaller, relative to the largest, are rounding.
  private static let negligible = 1e-9

  /// The leading `count` directions of `rows`, given row by row, or as many as there are.
  ///
  /// O(rows · dimension · size) for the size of the Krylov space. They are exact, but for rounding, if there are no more
  /// rows or dimensions than that. Otherwise the last directions may not have converged; this matters little, since
  /// those whose values lie close to each other are about equally good.
  package init(of rows: [Float], dimension: Int, count: Int) {
    let height = rows.count / dimension
    let wanted = min(count, height, dimension)
    let size = max(Self.smallestSpace, Self.spacePerDirection * wanted)
    guard wanted > 0, rows.contains(where: { $0 != 0 }) else {
      (values, vectors) = ([], [])
      return
    }
    if height <= min(size, dimension) {
      let leading = Self.leading(wanted, ofProductsOf: rows, count: height)
      values = leading.values
      vectors = Self.directions(leading, of: rows, dimension: dimension)
    } else if dimension <= size {
      let leading = Self.leading(wanted, ofProductsOf: Self.transposed(rows, height, dimension), count: dimension)
      values = leading.values
      vectors = leading.vectors.map { Float($0) }
    } else {
      let space = Self.krylovSpace(of: rows, height, dimension, size: size)
      let width = space.basis.count / dimension
      let leading = Self.leading(wanted, ofProductsOf: space.lengths, count: width)
      values = leading.values
      vectors =
        values.isEmpty
        ? []
        : MatrixValues.product(
          leading.vectors.map { Float($0) }, (values.count, width), space.basis, (width, dimension),
          transposesLeft: false, transposesRight: false)
    }
  }

  /// The leading eigenvalues that are not rounding, and eigenvectors, one per row, of the products of rows.
  private static func leading(
    _ wanted: Int, ofProductsOf rows: [Float], count: Int
  ) -> (values: [Double], vectors: [Double]) {
    guard let eigen = SymmetricEigen(MatrixValues.products(ofRows: rows, count: count), count: count),
      let largest = eigen.values.first, largest > 0
    else { return ([], []) }
    let values = Array(eigen.values.prefix(wanted).prefix { $0 > negligible * largest })
    return (values, Array(eigen.vectors.prefix(values.count * count)))
  }

  /// The right singular vectors that belong to left ones: Σ u x / σ over the rows x.
  private static func directions(
    _ left: (values: [Double], vectors: [Double]), of rows: [Float], dimension: Int
  ) -> [Float] {
    let height = rows.count / dimension
    return left.values.enumerated().flatMap { place, value in
      var direction = [Double](repeating: 0, count: dimension)
      for row in 0..<height {
        let factor = left.vectors[place * height + row] / value.squareRoot()
        for column in 0..<dimension { direction[column] += factor * Double(rows[row * dimension + column]) }
      }
      return direction.map { Float($0) }
    }
  }

  // MARK: - The Krylov space

  /// An orthonormal basis of X, X S, X S², … for a block X of random vectors and the rows' scatter S: width × dimension
  /// for the first width of at least `size`; and the lengths of all rows along it, width × height.
  private static func krylovSpace(
    of rows: [Float], _ height: Int, _ dimension: Int, size: Int
  ) -> (basis: [Float], lengths: [Float]) {
    var generator = SeededGenerator(seed: 1)
    var block = (0..<blockSize * dimension).map { _ in Float(generator.normal()) }
    var (basis, lengths): ([Float], [Float]) = ([], [])
    while basis.count < size * dimension {
      // Twice, because of rounding.
      for _ in 0..<2 {
        remove(basis, from: &block, dimension: dimension)
        orthonormalise(&block, width: blockSize, dimension: dimension)
      }
      let along = MatrixValues.product(
        rows, (height, dimension), block, (blockSize, dimension), transposesLeft: false, transposesRight: true)
      basis += block
      lengths += transposed(along, height, blockSize)
      block = MatrixValues.product(
        along, (height, blockSize), rows, (height, dimension), transposesLeft: true, transposesRight: false)
    }
    return (basis, lengths)
  }

  /// Takes from the vectors of a block what lies along those of an orthonormal basis.
  private static func remove(_ basis: [Float], from block: inout [Float], dimension: Int) {
    let width = basis.count / dimension
    guard width > 0 else { return }
    let along = MatrixValues.product(
      basis, (width, dimension), block, (blockSize, dimension), transposesLeft: false, transposesRight: true)
    let part = MatrixValues.product(
      along, (width, blockSize), basis, (width, dimension), transposesLeft: true, transposesRight: false)
    for index in block.indices { block[index] -= part[index] }
  }

  private static func transposed(_ values: [Float], _ rows: Int, _ columns: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: values.count) { output, count in
      for row in 0..<rows {
        for column in 0..<columns { output[column * rows + row] = values[row * columns + column] }
      }
      count = values.count
    }
  }

  /// Makes rows orthonormal, by the root of their products, twice because of rounding; one that depends on others becomes
  /// zero, or they share what there is.
  static func orthonormalise(_ rows: inout [Float], width: Int, dimension: Int) {
    for _ in 0..<2 {
      guard let eigen = SymmetricEigen(MatrixValues.products(ofRows: rows, count: width), count: width),
        let largest = eigen.values.first, largest > 0
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
