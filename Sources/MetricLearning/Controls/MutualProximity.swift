#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Rescales distances by how likely two songs are each other's neighbours, so that hubs lose their advantage.
///
/// With the distances of song a to others as a normal distribution X_a, the new distance of a and b at distance d is
///
///     1 − P(X_a > d) P(X_b > d)
///
/// in 0...1, smaller when closer. Source: Schnitzer et al., *Local and Global Scaling Reduce Hubs in Space* (2012), the
/// Gaussian form with independence, as in musly. Searches correct similarities in the same way: see
/// `MutualProximityCorrection` of `NearestNeighbors`.
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

    /// The moments of a song's distances to others; those that are not finite are left out. If fewer than two are left,
    /// the deviation is 0.
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

    /// P(X ≤ d). If all distances of a song are the same, it is 0 below that distance, 1 above, and ½ at it.
    func share(within distance: Double) -> Double {
      let offset = distance - mean
      guard offset != 0 else { return 0.5 }
      return 0.5 * erfc(-offset / (standardDeviation * 2.0.squareRoot()))
    }
  }

  /// Creates the rescaling.
  public init() {}

  /// The new distance of two songs with the given distance; NaN if that is NaN.
  public func callAsFunction(_ distance: Float, _ first: Neighborhood, _ second: Neighborhood) -> Float {
    // 1 − (1 − p)(1 − q), but without the subtractions from 1, which would round close songs to equal distances.
    let (p, q) = (first.share(within: Double(distance)), second.share(within: Double(distance)))
    return Float(p + q * (1 - p))
  }

  /// The distances of each song to the others, as normal distributions.
  private func neighborhoods(of distances: DistanceMatrix, countsItself: Bool) -> [Neighborhood] {
    let songs = 0..<distances.count
    return songs.map { song in
      Neighborhood(distances: songs.lazy.filter { countsItself || $0 != song }.map { distances[song, $0] })
    }
  }

  /// The new distances of a collection; the distance of a song to itself stays 0.
  ///
  /// - Parameters:
  ///   - distances: Between all songs of the collection.
  ///   - countsItself: Whether a song's distance to itself counts among its distances, as in musly.
  public func rescaled(_ distances: DistanceMatrix, countsItself: Bool = false) -> DistanceMatrix {
    let neighborhoods = neighborhoods(of: distances, countsItself: countsItself)
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
