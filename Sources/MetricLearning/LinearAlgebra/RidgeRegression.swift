import NeuralNetwork

/// Linear weights that tell targets from vectors: W minimises ‖Y − X W‖² + λ ‖W‖², both X and Y less their means, with λ
/// relative to the mean squared length of a row of X.
///
/// Source: Hoerl and Kennard, *Ridge Regression* (1970); in its dual form if there are fewer rows than dimensions.
package struct RidgeRegression {
  /// One row for each target: targets × dimension.
  package let weights: [Float]

  /// Fits weights to rows of `dimension` values; each target has one value for each row.
  ///
  /// O(rows · dimension · min(rows, dimension)).
  package init(_ rows: [Float], dimension: Int, targets: [[Double]], strength: Double) {
    let height = rows.count / dimension
    let centred = Self.centred(rows, dimension: dimension, height: height)
    let squares = centred.reduce(0.0) { $0 + Double($1) * Double($1) }
    guard height > 1, squares > 0, !targets.isEmpty else {
      weights = [Float](repeating: 0, count: targets.count * dimension)
      return
    }
    let ridge = strength * squares / Double(height)
    let values = targets.map { target in
      precondition(target.count == height, "\(target.count) values of a target for \(height) rows")
      let mean = target.reduce(0, +) / Double(height)
      return target.map { $0 - mean }
    }
    let isDual = height <= dimension
    let size = isDual ? height : dimension
    var products = MatrixValues.product(
      centred, (height, dimension), centred, (height, dimension), transposesLeft: !isDual, transposesRight: isDual
    ).map(Double.init)
    for index in 0..<size { products[index * (size + 1)] += ridge }
    guard let cholesky = Cholesky(products, count: size) else {
      preconditionFailure("a matrix of products with \(ridge) on its diagonal is not positive definite")
    }
    if isDual {
      let solved = values.flatMap { cholesky.solution(of: $0).map { Float($0) } }
      weights = MatrixValues.product(
        solved, (values.count, height), centred, (height, dimension), transposesLeft: false, transposesRight: false)
    } else {
      let right = MatrixValues.product(
        values.flatMap { $0.map { Float($0) } }, (values.count, height), centred, (height, dimension),
        transposesLeft: false, transposesRight: false)
      weights = values.indices.flatMap { target in
        cholesky.solution(of: right[target * dimension..<(target + 1) * dimension].map(Double.init)).map { Float($0) }
      }
    }
  }

  private static func centred(_ rows: [Float], dimension: Int, height: Int) -> [Float] {
    var means = [Double](repeating: 0, count: dimension)
    for row in 0..<height {
      for column in 0..<dimension { means[column] += Double(rows[row * dimension + column]) }
    }
    let offsets = means.map { Float($0 / Double(max(1, height))) }
    var centred = rows
    for row in 0..<height {
      for column in 0..<dimension { centred[row * dimension + column] -= offsets[column] }
    }
    return centred
  }
}
