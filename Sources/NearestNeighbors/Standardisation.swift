/// Shifts and scales each dimension of a collection of vectors to mean 0 and population standard deviation 1, so that
/// dimensions of different units weigh the same in a cosine:
///
///     y = (x - mean) / deviation
///
/// A dimension that is constant over the collection becomes 0. The statistics are those of the collection that is
/// searched; queries from outside of it are standardised with them too.
public struct Standardisation: Sendable, Hashable, Codable {
  /// The mean of each dimension.
  public let means: [Double]
  /// What each dimension is multiplied by: one over its standard deviation, or 0 if it is constant.
  public let scales: [Double]

  /// Stored statistics; nil unless there are as many means as scales, at least one, and all of them are finite.
  public init?(means: [Double], scales: [Double]) {
    guard !means.isEmpty, means.count == scales.count, (means + scales).allSatisfy(\.isFinite) else { return nil }
    self.means = means
    self.scales = scales
  }

  /// The statistics of `count` vectors, given row by row as `count` × `dimension` values, computed in `Double` in two
  /// passes. For fewer than two vectors every dimension is constant.
  ///
  /// - Parameter copies: Which of the vectors are copies, which count once; nil if none is.
  /// - Throws: `NearestNeighborsError.notFinite`.
  public init(
    fitting vectors: [Float], count: Int, dimension: Int, copies: Copies? = nil
  ) throws(NearestNeighborsError) {
    precondition(dimension > 0, "the dimension is \(dimension); it must be at least 1")
    precondition(
      vectors.count == count * dimension, "\(vectors.count) values for \(count) vectors of dimension \(dimension)")
    try NearestNeighborsError.check(vectors, dimension: dimension)
    // Sums have one order, whatever that of the rows is.
    let rows = copies?.sample(count) ?? Array(0..<count)
    let means = Self.means(of: vectors, rows: rows, dimension: dimension)
    self.means = means
    self.scales = Self.scales(of: vectors, rows: rows, means: means)
  }

  private static func means(of vectors: [Float], rows: [Int], dimension: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: dimension)
    for row in rows {
      for column in 0..<dimension { sums[column] += Double(vectors[row * dimension + column]) }
    }
    return sums.map { $0 / Double(max(rows.count, 1)) }
  }

  private static func scales(of vectors: [Float], rows: [Int], means: [Double]) -> [Double] {
    let dimension = means.count
    var squares = [Double](repeating: 0, count: dimension)
    var varies = [Bool](repeating: false, count: dimension)
    for row in rows {
      let start = row * dimension
      for column in 0..<dimension {
        let difference = Double(vectors[start + column]) - means[column]
        squares[column] += difference * difference
        // By equality, since the rounded mean of equal values may leave a tiny deviation.
        if vectors[start + column] != vectors[column] { varies[column] = true }
      }
    }
    return zip(squares, varies).map { squares, varies in
      varies ? 1 / (squares / Double(rows.count)).squareRoot() : 0
    }
  }

  /// The statistics of the `count` vectors of these statistics together with `otherCount` vectors of others.
  ///
  /// With typical statistics as the others, a small collection relies on them, and a large one hardly at all.
  public func pooled(count: Double, with other: Standardisation, count otherCount: Double) -> Standardisation {
    precondition(dimension == other.dimension, "statistics of \(dimension) and of \(other.dimension) dimensions")
    let (share, otherShare) = (count / (count + otherCount), otherCount / (count + otherCount))
    var (means, scales) = (means, scales)
    for column in 0..<dimension {
      let mean = self.means[column] + otherShare * (other.means[column] - self.means[column])
      let variance = share * spread(column, around: mean) + otherShare * other.spread(column, around: mean)
      means[column] = mean
      scales[column] = variance > 0 ? 1 / variance.squareRoot() : 0
    }
    return Standardisation(pooledMeans: means, scales: scales)
  }

  private init(pooledMeans means: [Double], scales: [Double]) {
    self.means = means
    self.scales = scales
  }

  /// The mean squared deviation of a dimension from a value.
  private func spread(_ column: Int, around value: Double) -> Double {
    let deviation = scales[column] > 0 ? 1 / scales[column] : 0
    return deviation * deviation + (means[column] - value) * (means[column] - value)
  }

  /// The number of dimensions.
  public var dimension: Int { means.count }

  /// Standardises vectors in place, given row by row as a multiple of `dimension` values.
  ///
  /// A query far outside the collection may exceed `Float` and become infinite, which a search refuses.
  public func apply(to vectors: inout [Float]) {
    precondition(
      vectors.count.isMultiple(of: dimension), "\(vectors.count) values are not rows of \(dimension)")
    for start in stride(from: 0, to: vectors.count, by: dimension) {
      for column in 0..<dimension {
        vectors[start + column] = Float((Double(vectors[start + column]) - means[column]) * scales[column])
      }
    }
  }

  /// Standardised copies of vectors, given row by row as a multiple of `dimension` values.
  public func applied(to vectors: consuming [Float]) -> [Float] {
    apply(to: &vectors)
    return vectors
  }
}

extension Standardisation {
  private enum CodingKeys: CodingKey {
    case means, scales
  }

  /// Reads stored statistics.
  ///
  /// - Throws: `DecodingError`, also if there are not as many means as scales, or none, or if one is not finite.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let means = try container.decode([Double].self, forKey: .means)
    let scales = try container.decode([Double].self, forKey: .scales)
    guard let stored = Self(means: means, scales: scales) else {
      throw DecodingError.dataCorruptedError(
        forKey: .scales, in: container,
        debugDescription: "\(means.count) means and \(scales.count) scales are not a standardisation")
    }
    self = stored
  }
}
