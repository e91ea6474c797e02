/// The coordinates in the plane that `TSNE` gave to vectors.
public struct TSNEMap: Sendable, Hashable {
  /// One point for each vector, in the order of the vectors, centred on (0, 0). Distances have no unit.
  public let coordinates: [SIMD2<Float>]
  /// The Kullback–Leibler divergence that was reached, in nats; 0 for fewer than two vectors.
  public let divergence: Double
  /// The perplexity that was used: the one asked for, or less if there are few vectors.
  public let perplexity: Double
  /// The number of steps that were taken.
  public let iterations: Int
  /// Whether the repulsion was computed from all pairs.
  public let isExact: Bool

  /// The map of no vectors, or of one.
  static func trivial(count: Int) -> TSNEMap {
    TSNEMap(
      coordinates: [SIMD2<Float>](repeating: .zero, count: count), divergence: 0, perplexity: 1, iterations: 0,
      isExact: true)
  }
}

/// How far t-SNE has come.
public enum TSNEProgress: Sendable, Hashable {
  /// The neighbours are being found; this is not counted in steps.
  case neighbors
  /// That many steps, of at most `limit`, have been taken.
  case iteration(Int, limit: Int)
}
