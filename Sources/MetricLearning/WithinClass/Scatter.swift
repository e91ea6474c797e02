import NeuralNetwork

/// How vectors that should be alike differ: the sum of d dᵀ over their deviations d, `dimension` × `dimension`.
public struct Scatter: Sendable {
  /// The length of the vectors.
  public let dimension: Int
  /// Row-major and symmetric.
  public private(set) var values: [Double]

  /// Of no vectors.
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
        for place in 0..<sums.count { values[place] += Double(sums.pointer[place]) }
      }
    }
  }

  /// How some vectors differ from their mean, row by row, scaled so that groups of every size say the same of how much a vector
  /// differs from its like. Of a single one: nothing.
  public static func deviations(of group: [[Float]]) -> [Float] {
    guard group.count > 1 else { return [] }
    let mean = mean(of: group)
    let factor = (Double(group.count) / Double(group.count - 1)).squareRoot()
    return group.flatMap { vector in zip(vector, mean).map { Float((Double($0) - $1) * factor) } }
  }

  static func mean(of vectors: [[Float]]) -> [Double] {
    (0..<(vectors.first?.count ?? 0)).map { place in
      vectors.reduce(0) { $0 + Double($1[place]) } / Double(vectors.count)
    }
  }

  /// Adds a share of another one.
  public mutating func add(_ other: Scatter, times factor: Double) {
    precondition(other.dimension == dimension, "scatters of \(dimension) and \(other.dimension) dimensions")
    for place in values.indices { values[place] += factor * other.values[place] }
  }

  /// The average of scatters, each of which counts the same however many vectors it is of: its trace is 1, or 0 where none of
  /// them has anything.
  public static func average(_ scatters: [Scatter], dimension: Int) -> Scatter {
    let telling = scatters.filter { $0.trace > 0 }
    var result = Scatter(dimension: dimension)
    for scatter in telling { result.add(scatter, times: 1 / (scatter.trace * Double(telling.count))) }
    return result
  }

  /// The same without what lies along some directions, which are orthonormal.
  public func sparing(_ directions: [[Double]]) -> Scatter {
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
