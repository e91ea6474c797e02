/// The directions in which classes differ most, relative to how much the songs of a class differ (Fisher).
///
/// The axes w maximise (wᵀ S_b w) / (wᵀ S_w w) for the scatter S_w within the classes and S_b between them; along each
/// axis the variance within the classes is 1. A linear control for what a network learns. Agrees with scikit-learn 1.9
/// up to the signs of the axes: without shrinkage with its solver "svd", which leaves out directions in which the songs
/// of a class do not differ (there are some if dimensions outnumber songs); with shrinkage with its solver "eigen".
public struct LinearDiscriminantAnalysis: Sendable, Hashable {
  /// The number of elements of the vectors projected.
  public let inputDimension: Int
  /// The number of axes: at most one fewer than there are classes.
  public let outputDimension: Int
  /// The mean of the songs fitted to: `inputDimension` elements.
  public let mean: [Double]
  /// The axes, one per row, the most discriminating first: `outputDimension` × `inputDimension`.
  public let axes: [Double]

  /// Fits axes to labelled vectors.
  ///
  /// - Parameters:
  ///   - vectors: songs × dimensions.
  ///   - labels: the class of each song; any numbers. A class weighs by its number of songs.
  ///   - shrinkage: how the covariances within each class and over all songs are estimated.
  ///   - outputDimension: how many axes are kept; nil for all.
  /// - Throws: `ModelFittingError`.
  ///
  /// O(songs · dimensions² + dimensions³).
  public init(
    vectors: EmbeddingMatrix, labels: [Int], shrinkage: CovarianceShrinkage = .none, outputDimension: Int? = nil
  ) throws(ModelFittingError) {
    precondition(labels.count == vectors.count, "\(labels.count) labels for \(vectors.count) songs")
    guard vectors.values.allSatisfy(\.isFinite) else { throw .notFinite }
    let classes = LabelGroups(labels).songs
    guard classes.count > 1 else { throw .tooFewClasses(count: classes.count) }
    guard vectors.count > classes.count else {
      throw .tooFewVectors(count: vectors.count, needed: classes.count + 1)
    }
    let songs = LabelledRows(vectors: vectors, classes: classes)
    let whitening =
      switch shrinkage {
      case .none: try songs.pooledWhitening()
      case .fixed, .ledoitWolf: try songs.shrunkWhitening(shrinkage)
      }
    guard let turn = SymmetricEigen(whitening.between, count: whitening.count) else { throw .singular }
    // An axis that explains nothing compared to the first is only rounding.
    let telling = turn.values.prefix { $0 > LabelledRows.tolerance * LabelledRows.tolerance * turn.values[0] }
    let kept = min(outputDimension ?? .max, classes.count - 1, telling.count)
    inputDimension = vectors.dimension
    self.outputDimension = kept
    mean = songs.mean
    axes = (0..<kept).flatMap { whitening.combination(turn[$0], dimension: vectors.dimension) }
  }

  /// The coordinates of a vector, less the mean, on the axes: `outputDimension` elements.
  public func project(_ vector: some Collection<Float>) -> [Float] {
    precondition(vector.count == inputDimension, "\(vector.count) elements for \(inputDimension) dimensions")
    let centred = zip(vector, mean).map { Double($0) - $1 }
    return (0..<outputDimension).map { axis in
      let weights = axes[axis * inputDimension..<(axis + 1) * inputDimension]
      return Float(zip(weights, centred).reduce(0) { $0 + $1.0 * $1.1 })
    }
  }

  /// The coordinates of each row on the axes: count × `outputDimension`.
  public func project(_ vectors: EmbeddingMatrix) -> EmbeddingMatrix {
    EmbeddingMatrix(
      count: vectors.count, dimension: outputDimension,
      values: (0..<vectors.count).flatMap { project(vectors[$0]) })
  }
}

/// Songs by class.
private struct LabelledRows {
  /// As in scikit-learn: smaller singular values count as 0.
  static let tolerance = 1e-4

  let dimension: Int
  let all: CentredRows
  let classes: [CentredRows]

  var mean: [Double] { all.mean }

  init(vectors: EmbeddingMatrix, classes: [[Int]]) {
    dimension = vectors.dimension
    all = CentredRows(vectors.values.map(Double.init), dimension: vectors.dimension)
    self.classes = classes.map { songs in
      CentredRows(songs.flatMap { vectors[$0].map(Double.init) }, dimension: vectors.dimension)
    }
  }

  /// Directions of unit variance within the classes, without those of no variance.
  func pooledWhitening() throws(ModelFittingError) -> Whitening {
    let within = CentredRows(classes.flatMap { rows in (0..<rows.count).flatMap { rows[$0] } }, dimension: dimension)
    let deviations = within.deviations.map { $0 == 0 ? 1 : $0 }
    guard let eigen = SymmetricEigen(within.divided(by: deviations).covariance(), count: dimension) else {
      throw .notFinite
    }
    let rank = eigen.values.prefix { $0 > Self.tolerance * Self.tolerance }.count
    guard rank > 0 else { throw .singular }
    let directions = (0..<rank).flatMap { index in
      zip(eigen[index], deviations).map { $0 / $1 / eigen.values[index].squareRoot() }
    }
    // S_b from the means: the difference of two scatters would be rounded.
    var between = [Double](repeating: 0, count: dimension * dimension)
    for rows in classes {
      let offset = zip(rows.mean, mean).map { $0 - $1 }
      for row in 0..<dimension {
        for column in 0..<dimension {
          between[row * dimension + column] += Double(rows.count) * offset[row] * offset[column]
        }
      }
    }
    return Whitening(directions: directions, count: rank, between: between, dimension: dimension)
  }

  /// Directions of unit variance within the classes, with shrunk covariances.
  func shrunkWhitening(_ shrinkage: CovarianceShrinkage) throws(ModelFittingError) -> Whitening {
    var within = [Double](repeating: 0, count: dimension * dimension)
    for rows in classes {
      let weight = Double(rows.count) / Double(all.count)
      let covariance = shrinkage.covariance(of: rows)
      for index in within.indices { within[index] += weight * covariance[index] }
    }
    guard let eigen = SymmetricEigen(within, count: dimension) else { throw .notFinite }
    let least = Double(dimension) * .ulpOfOne * (eigen.values.first ?? 0)
    guard eigen.values.allSatisfy({ $0 > least }) else { throw .singular }
    let directions = (0..<dimension).flatMap { index in
      eigen[index].map { $0 / eigen.values[index].squareRoot() }
    }
    let between = zip(shrinkage.covariance(of: all), within).map { $0 - $1 }
    return Whitening(directions: directions, count: dimension, between: between, dimension: dimension)
  }
}

/// Directions in which the songs of a class have unit variance, and the scatter between the classes along them.
private struct Whitening {
  /// One per row: count × dimension.
  let directions: [Double]
  let count: Int
  /// count × count.
  let between: [Double]

  /// `between` is given as dimension × dimension.
  init(directions: [Double], count: Int, between: [Double], dimension: Int) {
    self.directions = directions
    self.count = count
    let half = Self.product(directions, between, rows: count, columns: dimension, inner: dimension)
    self.between = Self.productOfTransposed(half, directions, count: count, inner: dimension)
  }

  /// The sum of all directions, weighted by `shares`.
  func combination(_ shares: ArraySlice<Double>, dimension: Int) -> [Double] {
    Self.product(Array(shares), directions, rows: 1, columns: dimension, inner: count)
  }

  /// left · right: rows × columns.
  private static func product(
    _ left: [Double], _ right: [Double], rows: Int, columns: Int, inner: Int
  ) -> [Double] {
    var output = [Double](repeating: 0, count: rows * columns)
    output.withUnsafeMutableBufferPointer { output in
      right.withUnsafeBufferPointer { right in
        for row in 0..<rows {
          for index in 0..<inner {
            let factor = left[row * inner + index]
            for column in 0..<columns { output[row * columns + column] += factor * right[index * columns + column] }
          }
        }
      }
    }
    return output
  }

  /// left · rightᵀ for matrices of count × inner.
  private static func productOfTransposed(_ left: [Double], _ right: [Double], count: Int, inner: Int) -> [Double] {
    var output = [Double](repeating: 0, count: count * count)
    for row in 0..<count {
      for column in 0...row {
        var sum = 0.0
        for index in 0..<inner { sum += left[row * inner + index] * right[column * inner + index] }
        output[row * count + column] = sum
        output[column * count + row] = sum
      }
    }
    return output
  }
}
