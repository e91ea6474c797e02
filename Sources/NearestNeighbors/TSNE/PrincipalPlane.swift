import Reproducibility

/// The plane in which vectors spread most: their first two principal components.
///
/// By subspace iteration with 8 directions, at O(count × dimension) per iteration: precise enough to start from, and
/// without ever forming the covariance of long vectors.
struct PrincipalPlane {
  /// Each vector's coordinates in the plane.
  let scores: [SIMD2<Double>]

  private typealias Lanes = SIMD8<Float>
  private static let roundLimit = 60
  private static let tolerance = 1e-6
  private static let rowsPerPart = 512

  /// The sign of each component is such that its largest loading is positive.
  init(of vectors: MetricVectors, using generator: inout SplitMix, threads: Int) {
    let means = Self.means(of: vectors)
    var basis = (0..<vectors.dimension).map { _ in
      var lanes = Lanes.zero
      for lane in 0..<8 { lanes[lane] = Float(generator.nextNormalPair().x) }
      return lanes
    }
    Self.orthonormalise(&basis)
    var captured = 0.0
    for _ in 0..<Self.roundLimit {
      let round = Self.multiply(vectors, means: means, by: basis, threads: threads)
      basis = round.products
      Self.orthonormalise(&basis)
      let previous = captured
      captured = round.variance
      if abs(captured - previous) <= Self.tolerance * captured { break }
    }
    let projected = Self.project(vectors, means: means, on: basis, threads: threads)
    let rotation = Self.leadingPair(of: projected)
    let signs = Self.signs(of: basis, rotation)
    scores = projected.map { lanes in
      [Self.dot(lanes, rotation.0) * signs.x, Self.dot(lanes, rotation.1) * signs.y]
    }
  }

  private static func dot(_ lanes: Lanes, _ weights: SIMD8<Double>) -> Double { (SIMD8<Double>(lanes) * weights).sum() }

  private static func means(of vectors: MetricVectors) -> [Float] {
    var sums = [Double](repeating: 0, count: vectors.dimension)
    for row in 0..<vectors.count {
      for index in 0..<vectors.dimension { sums[index] += Double(vectors.values[row * vectors.dimension + index]) }
    }
    return sums.map { Float($0 / Double(vectors.count)) }
  }

  /// A row of X·B, where X is centred.
  @inline(__always)
  private static func project(_ row: UnsafePointer<Float>, _ means: [Float], _ basis: [Lanes]) -> Lanes {
    var sums = (Lanes.zero, Lanes.zero)
    let even = basis.count & ~1
    for index in stride(from: 0, to: even, by: 2) {
      sums.0 += basis[index] * (row[index] - means[index])
      sums.1 += basis[index + 1] * (row[index + 1] - means[index + 1])
    }
    if even < basis.count { sums.0 += basis[even] * (row[even] - means[even]) }
    return sums.0 + sums.1
  }

  private static func project(
    _ vectors: MetricVectors, means: [Float], on basis: [Lanes], threads: Int
  ) -> [Lanes] {
    [Lanes](unsafeUninitializedCapacity: vectors.count) { projected, initialized in
      vectors.values.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { return }
        Parallel.forEachRange(of: vectors.count, size: rowsPerPart, threads: threads) { rows in
          for row in rows { projected[row] = project(values + row * vectors.dimension, means, basis) }
        }
      }
      initialized = vectors.count
    }
  }

  /// Xᵀ·X·B, and the variance that B captures, times the number of vectors. Parts of fixed size are added in order, so
  /// that the number of threads makes no difference.
  private static func multiply(
    _ vectors: MetricVectors, means: [Float], by basis: [Lanes], threads: Int
  ) -> (products: [Lanes], variance: Double) {
    let dimension = vectors.dimension
    let partCount = (vectors.count + rowsPerPart - 1) / rowsPerPart
    var parts = [(products: [Lanes], variance: Double)](repeating: ([], 0), count: partCount)
    parts.withUnsafeMutableBufferPointer { parts in
      vectors.values.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { return }
        Parallel.forEachRange(of: vectors.count, size: rowsPerPart, threads: threads) { rows in
          var products = [Lanes](repeating: .zero, count: dimension)
          var variance = 0.0
          for row in rows {
            let start = values + row * dimension
            let projected = project(start, means, basis)
            variance += Double((projected * projected).sum())
            for index in 0..<dimension { products[index] += projected * (start[index] - means[index]) }
          }
          parts[rows.lowerBound / rowsPerPart] = (products, variance)
        }
      }
    }
    var total = parts[0]
    for part in parts.dropFirst() {
      for index in 0..<dimension { total.products[index] += part.products[index] }
      total.variance += part.variance
    }
    return total
  }

  /// The Gram–Schmidt method, twice for each column; a column that the others span becomes 0.
  private static func orthonormalise(_ basis: inout [Lanes]) {
    for column in 0..<8 {
      let before = columnSquare(basis, column)
      for _ in 0..<2 {
        for earlier in 0..<column {
          var product = 0.0
          for lanes in basis { product += Double(lanes[earlier]) * Double(lanes[column]) }
          for index in basis.indices { basis[index][column] -= Float(product) * basis[index][earlier] }
        }
      }
      let square = columnSquare(basis, column)
      let scale = square > 1e-10 * before ? 1 / square.squareRoot() : 0
      for index in basis.indices { basis[index][column] = Float(Double(basis[index][column]) * scale) }
    }
  }

  private static func columnSquare(_ basis: [Lanes], _ column: Int) -> Double {
    basis.reduce(0) { $0 + Double($1[column]) * Double($1[column]) }
  }

  /// The two directions among the 8 in which the projected vectors spread most.
  private static func leadingPair(of projected: [Lanes]) -> (SIMD8<Double>, SIMD8<Double>) {
    var covariance = [SIMD8<Double>](repeating: .zero, count: 8)
    for lanes in projected {
      let lanes = SIMD8<Double>(lanes)
      for row in 0..<8 { covariance[row] += lanes * lanes[row] }
    }
    let vectors = SymmetricEigenvectors(of: covariance)
    return (vectors.sorted[0], vectors.sorted[1])
  }

  private static func signs(of basis: [Lanes], _ rotation: (SIMD8<Double>, SIMD8<Double>)) -> SIMD2<Double> {
    var largest = SIMD2<Double>.zero
    for lanes in basis {
      let loadings = SIMD2(dot(lanes, rotation.0), dot(lanes, rotation.1))
      for axis in 0..<2 where abs(loadings[axis]) > abs(largest[axis]) { largest[axis] = loadings[axis] }
    }
    return [largest.x < 0 ? -1 : 1, largest.y < 0 ? -1 : 1]
  }
}

/// The eigenvectors of a symmetric 8 × 8 matrix, by Jacobi's rotations.
struct SymmetricEigenvectors {
  /// In the order of falling eigenvalues.
  let sorted: [SIMD8<Double>]

  init(of matrix: [SIMD8<Double>]) {
    var matrix = matrix
    var vectors = (0..<8).map { row in
      var lanes = SIMD8<Double>.zero
      lanes[row] = 1
      return lanes
    }
    for _ in 0..<30 {
      for first in 0..<7 {
        for second in first + 1..<8 where matrix[first][second] != 0 {
          Self.rotate(&matrix, &vectors, first, second)
        }
      }
    }
    sorted = (0..<8).sorted { matrix[$0][$0] > matrix[$1][$1] }.map { vectors[$0] }
  }

  /// Rotates two axes so that the entry between them vanishes.
  private static func rotate(
    _ matrix: inout [SIMD8<Double>], _ vectors: inout [SIMD8<Double>], _ first: Int, _ second: Int
  ) {
    let ratio = (matrix[second][second] - matrix[first][first]) / (2 * matrix[first][second])
    guard ratio.isFinite else { return }
    let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (ratio * ratio + 1).squareRoot())
    let cosine = 1 / (tangent * tangent + 1).squareRoot()
    let sine = tangent * cosine
    for row in 0..<8 {
      let (left, right) = (matrix[row][first], matrix[row][second])
      matrix[row][first] = cosine * left - sine * right
      matrix[row][second] = sine * left + cosine * right
    }
    (matrix[first], matrix[second]) = (
      cosine * matrix[first] - sine * matrix[second], sine * matrix[first] + cosine * matrix[second]
    )
    (vectors[first], vectors[second]) = (
      cosine * vectors[first] - sine * vectors[second], sine * vectors[first] + cosine * vectors[second]
    )
  }
}
