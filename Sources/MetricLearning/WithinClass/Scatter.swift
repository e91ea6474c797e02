import NeuralNetwork

/// A scatter matrix: the sum of d dᵀ over deviations d, `dimension` × `dimension`; here of vectors that should be
/// alike.
public struct Scatter: Sendable {
  /// The length of the vectors.
  public let dimension: Int
  /// Row-major and symmetric.
  public private(set) var values: [Double]

  /// The scatter of no vectors.
  public init(dimension: Int) {
    self.dimension = dimension
    values = [Double](repeating: 0, count: dimension * dimension)
  }

  /// The sum of its diagonal.
  public var trace: Double { (0..<dimension).reduce(0) { $0 + values[$1 * dimension + $1] } }

  /// Adds deviations, row by row as a multiple of `dimension` values. O(rows · dimension²).
  public mutating func add(deviations: [Float]) {
    precondition(deviations.count.isMultiple(of: dimension), "\(deviations.count) values in rows of \(dimension)")
    // Single precision within a block of rows, double between blocks.
    let block = 256
    let sums = FloatBuffer(count: dimension * dimension)
    deviations.withUnsafeBufferPointer { deviations in
      guard let start = deviations.baseAddress else { return }
      for first in stride(from: 0, to: deviations.count / dimension, by: block) {
        let count = min(block, deviations.count / dimension - first)
        let rows = Matrix(start + first * dimension, rows: count, columns: dimension)
        sums.zero()
        addProduct(of: rows.transposed, rows, to: sums.pointer)
        for index in 0..<sums.count { values[index] += Double(sums.pointer[index]) }
      }
    }
  }

  /// The deviations of some vectors from their mean, row by row, scaled so that their expected size does not depend on
  /// the size of the group; none for a single vector.
  public static func deviations(of group: [[Float]]) -> [Float] {
    guard group.count > 1 else { return [] }
    let mean = mean(of: group)
    let factor = (Double(group.count) / Double(group.count - 1)).squareRoot()
    return group.flatMap { vector in zip(vector, mean).map { Float((Double($0) - $1) * factor) } }
  }

  static func mean(of vectors: [[Float]]) -> [Double] {
    (0..<(vectors.first?.count ?? 0)).map { column in
      vectors.reduce(0) { $0 + Double($1[column]) } / Double(vectors.count)
    }
  }

  /// Adds a multiple of another scatter.
  public mutating func add(_ other: Scatter, times factor: Double) {
    precondition(other.dimension == dimension, "scatters of \(dimension) and \(other.dimension) dimensions")
    for index in values.indices { values[index] += factor * other.values[index] }
  }

  /// The average of scatters, all of the same weight, however many vectors each is of. Its trace is 1, or 0 if all
  /// scatters are 0.
  public static func average(_ scatters: [Scatter], dimension: Int) -> Scatter {
    let informative = scatters.filter { $0.trace > 0 }
    var result = Scatter(dimension: dimension)
    for scatter in informative { result.add(scatter, times: 1 / (scatter.trace * Double(informative.count))) }
    return result
  }

  /// The scatter without its part along some directions, which are orthonormal.
  public func removing(_ directions: [[Double]]) -> Scatter {
    var result = self
    for direction in directions {
      precondition(direction.count == dimension, "a direction of \(direction.count) for \(dimension) dimensions")
      // (I - d dᵀ) S (I - d dᵀ) = S - d pᵀ - p dᵀ + q d dᵀ, with p = S d and q = dᵀ p.
      let product = result.product(with: direction)
      let square = zip(direction, product).reduce(0) { $0 + $1.0 * $1.1 }
      for row in 0..<dimension {
        for column in 0..<dimension {
          result.values[row * dimension + column] +=
            square * direction[row] * direction[column] - direction[row] * product[column]
            - product[row] * direction[column]
        }
      }
    }
    return result
  }

  private func product(with vector: [Double]) -> [Double] {
    (0..<dimension).map { row in
      var sum = 0.0
      for column in 0..<dimension { sum += values[row * dimension + column] * vector[column] }
      return sum
    }
  }
}
