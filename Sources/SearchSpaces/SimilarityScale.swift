import NearestNeighbors

/// How a search's cosines become similarities: 1 for the same sound, and about 0 for two songs drawn at random.
package enum SimilarityScale: Sendable {
  /// By the cosine of two songs drawn at random.
  case ofCosines(CosineScale)
  /// By what is unusual for both songs, so that hubs are taken out.
  case withoutHubs(MutualProximityCorrection)
}
