/// Where `TSNE` placed its vectors.
public struct TSNEMap: Sendable, Hashable {
  /// One place for each vector, in the order of the vectors, centred on (0, 0). Distances have no unit.
  public let places: [SIMD2<Float>]
  /// The Kullback–Leibler divergence that was reached, in nats; 0 where there was nothing to place.
  public let divergence: Double
  /// The perplexity that was used: what was asked for, or less where there are few vectors.
  public let perplexity: Double
  /// The steps that were taken.
  public let iterations: Int
  /// Whether all pairs were counted.
  public let isExact: Bool

  /// No places, or one.
  static func trivial(count: Int) -> TSNEMap {
    TSNEMap(
      places: [SIMD2<Float>](repeating: .zero, count: count), divergence: 0, perplexity: 1, iterations: 0,
      isExact: true)
  }
}

/// How far a `TSNE` has come.
public enum TSNEProgress: Sendable, Hashable {
  /// The neighbours are being found, which is not counted in steps.
  case neighbors
  /// So many steps of at most so many have been taken.
  case iteration(Int, limit: Int)
}
