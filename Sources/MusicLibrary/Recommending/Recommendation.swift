import Catalogue

/// One answer of a `Recommender`.
public struct Recommendation: Sendable, Hashable {
  /// The song.
  public var track: Track
  /// How alike it sounds, in -1...1: about 0 for two songs drawn at random, 1 for the same sound. The cosine of the
  /// vectors that are searched; the descriptor models correct it for hubs (`MutualProximityCorrection`).
  public var similarity: Float

  /// An answer.
  public init(track: Track, similarity: Float) {
    self.track = track
    self.similarity = similarity
  }
}
