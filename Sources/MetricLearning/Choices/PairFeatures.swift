import Reproducibility

/// What the vectors of two songs say of how alike they are, as features of which any weighted sum is a similarity that a
/// change of the space gives: the product of each part of the vectors, and all products along their leading directions.
///
/// The weighted sum is xᵀ (D + V M Vᵀ) y, with a weight of each part on the diagonal of D, and a symmetric M of
/// `directionCount` × `directionCount` in the leading directions V.
package struct PairFeatures: Sendable {
  /// The length of a vector.
  package let dimension: Int
  /// Its parts, which follow each other.
  package let parts: [Range<Int>]
  /// V, one direction per row: `directionCount` × `dimension`.
  private let directions: [Float]
  /// How many directions there are.
  package let directionCount: Int
  /// The standard deviation of the product of two songs at random: of each part, and of the whole.
  private let partDeviations: [Double]
  private let deviation: Double

  /// A vector as features are made of it: the vector, and its coordinates along V.
  package struct Point: Sendable {
    /// The vector.
    package let vector: [Float]
    fileprivate let coordinates: [Float]
  }

  private static let pairs = 4000

  /// What is typical of vectors of length 1, of which at least two are given.
  package init(of sample: EmbeddingMatrix, parts: [Range<Int>], directionCount: Int) {
    dimension = sample.dimension
    self.parts = parts
    let leading = PrincipalDirections(
      of: Scatter.deviations(of: (0..<sample.count).map { Array(sample[$0]) }), dimension: dimension,
      count: directionCount)
    (directions, self.directionCount) = (leading.vectors, leading.count)
    var generator = SeededGenerator(seed: 1)
    var squares = [Double](repeating: 0, count: parts.count + 1)
    var sums = squares
    for _ in 0..<Self.pairs {
      let one = Int.random(in: 0..<sample.count, using: &generator)
      let other = (one + Int.random(in: 1..<max(2, sample.count), using: &generator)) % sample.count
      var products = parts.map { Self.product(sample[one], sample[other], $0) }
      products.append(products.reduce(0, +))
      for (place, product) in products.enumerated() {
        sums[place] += product
        squares[place] += product * product
      }
    }
    let count = Double(Self.pairs)
    let deviations = zip(sums, squares).map { max(1e-12, $1 / count - $0 * $0 / count / count).squareRoot() }
    (partDeviations, deviation) = (Array(deviations.dropLast()), deviations[parts.count])
  }

  /// The number of features.
  package var width: Int { parts.count + directionCount * (directionCount + 1) / 2 }

  /// A vector of length 1, to make features of.
  package func point(_ vector: [Float]) -> Point {
    precondition(vector.count == dimension, "\(vector.count) values of \(dimension)")
    let coordinates =
      directionCount == 0
      ? []
      : MatrixValues.product(
        vector, (1, dimension), directions, (directionCount, dimension), transposesLeft: false, transposesRight: true)
    return Point(vector: vector, coordinates: coordinates)
  }

  /// The features of two songs: products of parts in units of their deviation, then those along directions in units of the
  /// deviation of the whole, the two orders of an unequal pair as one.
  package func values(_ one: Point, _ other: Point) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(width)
    for (part, deviation) in zip(parts, partDeviations) {
      values.append(Float(Self.product(one.vector[...], other.vector[...], part) / deviation))
    }
    let (a, b) = (one.coordinates, other.coordinates)
    let unit = Float(1 / deviation)
    for row in 0..<directionCount {
      values.append(a[row] * b[row] * unit)
      for column in row + 1..<max(row + 1, directionCount) {
        values.append((a[row] * b[column] + a[column] * b[row]) * unit * Float(0.5).squareRoot())
      }
    }
    return values
  }

  /// How sure a listener is, and how far from the space as it is.
  package struct Strength: Sendable, Hashable {
    /// How much the scores of two pairs at random differ, in standard deviations, as the space stands.
    package var decisiveness: Double
    /// How far the weights of parts may lie from those as the space stands, in units of `decisiveness`.
    package var parts: Double
    /// How far M may lie from 0, in units of the whole's weight.
    package var directions: Double

    /// A strength.
    package init(decisiveness: Double, parts: Double, directions: Double) {
      self.decisiveness = decisiveness
      self.parts = parts
      self.directions = directions
    }
  }

  /// The space as it is, and how far from it one may be.
  package func prior(_ strength: Strength) -> ConditionalLogit.Prior {
    let rest = width - parts.count
    return ConditionalLogit.Prior(
      means: partDeviations.map { strength.decisiveness * $0 / deviation } + Array(repeating: 0, count: rest),
      deviations: Array(repeating: strength.decisiveness * strength.parts, count: parts.count)
        + Array(repeating: strength.decisiveness * strength.directions, count: rest))
  }

  /// No weight of a part, and no square of a length, becomes less than this share of what it was.
  private static let floor = 0.03

  /// The change of vectors that compares as weights of features do: what multiplies each value, and then a change along
  /// `directionCount` directions at most.
  package func change(weights: [Double], decisiveness: Double) -> (scales: [Float], change: LowRankChange) {
    precondition(weights.count == width, "\(weights.count) weights of \(width) features")
    var scales = [Float](repeating: 1, count: dimension)
    for (place, part) in parts.enumerated() {
      let standing = decisiveness * partDeviations[place] / deviation
      let scale = Float(max(weights[place] / standing, Self.floor).squareRoot())
      for column in part { scales[column] = scale }
    }
    let count = directionCount
    guard count > 0 else { return (scales, LowRankChange(dimension: dimension, directions: [], gains: [])) }
    // Behind the scales S, V M Vᵀ is B M Bᵀ for B = S⁻¹ V = Q R: in the basis Q it is R M Rᵀ.
    var basis = directions
    for row in 0..<count {
      for column in 0..<dimension { basis[row * dimension + column] /= scales[column] }
    }
    let scaled = basis
    PrincipalDirections.orthonormalise(&basis, width: count, dimension: dimension)
    let r = MatrixValues.product(
      basis, (count, dimension), scaled, (count, dimension), transposesLeft: false, transposesRight: true)
    var form = [Float](repeating: 0, count: count * count)
    var place = parts.count
    for row in 0..<count {
      for column in row..<count {
        let value = Float(weights[place] / decisiveness) * (row == column ? 1 : Float(0.5).squareRoot())
        form[row * count + column] = value
        form[column * count + row] = value
        place += 1
      }
    }
    let half = MatrixValues.product(
      r, (count, count), form, (count, count), transposesLeft: false, transposesRight: false)
    let whole = MatrixValues.product(
      half, (count, count), r, (count, count), transposesLeft: false, transposesRight: true)
    guard let eigen = SymmetricEigen(whole.map(Double.init), count: count) else {
      preconditionFailure("weights are finite")
    }
    let turned = MatrixValues.product(
      eigen.vectors.map { Float($0) }, (count, count), basis, (count, dimension), transposesLeft: false,
      transposesRight: false)
    return (
      scales,
      LowRankChange(
        dimension: dimension, directions: turned,
        gains: eigen.values.map { Float(max(1 + $0, Self.floor).squareRoot() - 1) })
    )
  }

  private static func product(_ one: ArraySlice<Float>, _ other: ArraySlice<Float>, _ part: Range<Int>) -> Double {
    var sum = 0.0
    let (first, second) = (one.startIndex, other.startIndex)
    for index in part { sum += Double(one[first + index]) * Double(other[second + index]) }
    return sum
  }
}
