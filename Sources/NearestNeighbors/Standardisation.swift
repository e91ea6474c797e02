/// Shifts and scales each dimension of a collection of vectors to mean 0 and population standard deviation 1, so that
/// dimensions of different units weigh the same in a cosine:
///
///     y = (x - mean) / deviation
///
/// A dimension that is constant over the collection becomes 0: it tells nothing apart. The statistics belong to the
/// collection that is searched; queries from outside are standardised with them too.
public struct Standardisation: Sendable, Hashable, Codable {
  /// The mean of each dimension.
  public let means: [Double]
  /// What each dimension is multiplied by: one over its standard deviation, or 0 where it is constant.
  public let scales: [Double]

  /// Stored statistics: as many means as scales, all of them finite, and at least one; nil where they are not.
  public init?(means: [Double], scales: [Double]) {
    guard !means.isEmpty, means.count == scales.count, (means + scales).allSatisfy(\.isFinite) else { return nil }
    self.means = means
    self.scales = scales
  }

  /// The statistics of `count` vectors, given row by row as `count` × `dimension` values, computed in `Double` in two
  /// passes. Of no vectors, or of one, every dimension is constant.
  ///
  /// - Throws: `NearestNeighborsError.notFinite`.
  public init(fitting vectors: [Float], count: Int, dimension: Int) throws(NearestNeighborsError) {
    precondition(dimension > 0, "the dimension is \(dimension); it must be at least 1")
    precondition(
      vectors.count == count * dimension, "\(vectors.count) values for \(count) vectors of dimension \(dimension)")
    try NearestNeighborsError.check(vectors, dimension: dimension)
    let means = Self.means(of: vectors, count: count, dimension: dimension)
    self.means = means
    self.scales = Self.scales(of: vectors, count: count, means: means)
  }

  private static func means(of vectors: [Float], count: Int, dimension: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: dimension)
    for start in stride(from: 0, to: vectors.count, by: dimension) {
      for place in 0..<dimension { sums[place] += Double(vectors[start + place]) }
    }
    return sums.map { $0 / Double(max(count, 1)) }
  }

  private static func scales(of vectors: [Float], count: Int, means: [Double]) -> [Double] {
    let dimension = means.count
    var squares = [Double](repeating: 0, count: dimension)
    var varies = [Bool](repeating: false, count: dimension)
    for start in stride(from: 0, to: vectors.count, by: dimension) {
      for place in 0..<dimension {
        let difference = Double(vectors[start + place]) - means[place]
        squares[place] += difference * difference
        // Told by equality, since the rounded mean of equal values may leave a tiny deviation.
        if vectors[start + place] != vectors[place] { varies[place] = true }
      }
    }
    return zip(squares, varies).map { squares, varies in
      varies ? 1 / (squares / Double(count)).squareRoot() : 0
    }
  }

  /// The statistics of a collection of `count` vectors, which these are of, together with `otherCount` more.
  ///
  /// So a small collection leans on what is typical, and a large one hardly.
  public func pooled(count: Double, with other: Standardisation, count otherCount: Double) -> Standardisation {
    precondition(dimension == other.dimension, "statistics of \(dimension) and of \(other.dimension) dimensions")
    let (share, otherShare) = (count / (count + otherCount), otherCount / (count + otherCount))
    var (means, scales) = (means, scales)
    for place in 0..<dimension {
      let mean = self.means[place] + otherShare * (other.means[place] - self.means[place])
      let variance = share * spread(place, around: mean) + otherShare * other.spread(place, around: mean)
      means[place] = mean
      scales[place] = variance > 0 ? 1 / variance.squareRoot() : 0
    }
    return Standardisation(pooledMeans: means, scales: scales)
  }

  private init(pooledMeans means: [Double], scales: [Double]) {
    self.means = means
    self.scales = scales
  }

  /// The mean square of the distances from a value.
  private func spread(_ place: Int, around value: Double) -> Double {
    let deviation = scales[place] > 0 ? 1 / scales[place] : 0
    return deviation * deviation + (means[place] - value) * (means[place] - value)
  }

  /// The number of dimensions.
  public var dimension: Int { means.count }

  /// Standardises vectors in place, given row by row as a multiple of `dimension` values.
  ///
  /// A query far outside the collection may exceed `Float` and become infinite, which a search refuses.
  public func apply(to vectors: inout [Float]) {
    precondition(
      vectors.count.isMultiple(of: dimension), "\(vectors.count) values are no whole number of \(dimension)")
    for start in stride(from: 0, to: vectors.count, by: dimension) {
      for place in 0..<dimension {
        vectors[start + place] = Float((Double(vectors[start + place]) - means[place]) * scales[place])
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
  /// - Throws: `AudioDecodingError` where there are not as many means as scales, or none, or where one is not finite.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let means = try container.decode([Double].self, forKey: .means)
    let scales = try container.decode([Double].self, forKey: .scales)
    guard let stored = Self(means: means, scales: scales) else {
      throw DecodingError.dataCorruptedError(
        forKey: .scales, in: container,
        debugDescription: "\(means.count) means and \(scales.count) scales are no standardisation")
    }
    self = stored
  }
}
