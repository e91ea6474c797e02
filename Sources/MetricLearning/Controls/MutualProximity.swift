#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Rescales distances by how likely two songs are to be each other's neighbours, which takes hubs their place.
///
/// With X_a the distances of song a to others as a normal distribution, the new distance of a and b at distance d is
/// 1 − P(X_a > d) P(X_b > d), in 0...1 and smaller when closer. The means and deviations may come from a sample of
/// reference songs. Source: Schnitzer et al., *Local and Global Scaling Reduce Hubs in Space* (2012), in its Gaussian
/// and independent form, which musly uses.
public struct MutualProximity: Sendable, Hashable {
  /// The distances of one song to others, as a normal distribution.
  public struct Neighborhood: Sendable, Hashable, Codable {
    /// The mean of the distances.
    public var mean: Double
    /// Their standard deviation, over count − 1.
    public var standardDeviation: Double

    /// A distribution of known moments.
    public init(mean: Double, standardDeviation: Double) {
      self.mean = mean
      self.standardDeviation = standardDeviation
    }

    /// The moments of a song's distances to others; those that are not finite are left out. Where fewer than two are
    /// left, the deviation is 0.
    public init(distances: some Sequence<Float>) {
      let finite = distances.lazy.filter(\.isFinite).map(Double.init)
      var (count, sum) = (0, 0.0)
      for distance in finite {
        count += 1
        sum += distance
      }
      mean = count == 0 ? 0 : sum / Double(count)
      let squares = finite.reduce(0) { [mean] in $0 + ($1 - mean) * ($1 - mean) }
      standardDeviation = count < 2 ? 0 : (squares / Double(count - 1)).squareRoot()
    }

    /// P(X ≤ d). A song whose distances are all the same has all farther songs beyond them and all nearer ones within.
    func share(within distance: Double) -> Double {
      let offset = distance - mean
      guard offset != 0 else { return 0.5 }
      return 0.5 * erfc(-offset / (standardDeviation * 2.0.squareRoot()))
    }
  }

  /// Creates the rescaling.
  public init() {}

  /// The new distance of two songs at a distance; NaN of NaN.
  public func callAsFunction(_ distance: Float, _ first: Neighborhood, _ second: Neighborhood) -> Float {
    // 1 − (1 − p)(1 − q) without the ones, in which close songs would become equal.
    let (p, q) = (first.share(within: Double(distance)), second.share(within: Double(distance)))
    return Float(p + q * (1 - p))
  }

  /// Rescales a query's distances to references in place.
  public func rescale(_ row: inout [Float], query: Neighborhood, references: [Neighborhood]) {
    precondition(row.count == references.count, "\(row.count) distances to \(references.count) references")
    for index in row.indices { row[index] = self(row[index], query, references[index]) }
  }

  /// What each song of a collection has around it.
  ///
  /// - Parameters:
  ///   - distances: between all songs of the collection.
  ///   - sample: the songs that distances are taken to; all where nil.
  ///   - countsItself: whether a song's distance to itself is one of them, as in musly.
  public func neighborhoods(
    of distances: DistanceMatrix, sample: [Int]? = nil, countsItself: Bool = false
  ) -> [Neighborhood] {
    let others = sample ?? Array(0..<distances.count)
    return (0..<distances.count).map { song in
      Neighborhood(distances: others.lazy.filter { countsItself || $0 != song }.map { distances[song, $0] })
    }
  }

  /// The new distances of a collection; each song's to itself stays 0.
  public func rescaled(
    _ distances: DistanceMatrix, sample: [Int]? = nil, countsItself: Bool = false
  ) -> DistanceMatrix {
    let neighborhoods = neighborhoods(of: distances, sample: sample, countsItself: countsItself)
    let count = distances.count
    var values = distances.values
    for first in 0..<count {
      values[first * (count + 1)] = 0
      for second in 0..<first {
        let distance = self(distances[first, second], neighborhoods[first], neighborhoods[second])
        values[first * count + second] = distance
        values[second * count + first] = distance
      }
    }
    return DistanceMatrix(count: count, values: values)
  }
}
