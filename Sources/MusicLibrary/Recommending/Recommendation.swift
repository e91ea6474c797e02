import Catalogue

/// One answer of a `Recommender`.
public struct Recommendation: Sendable, Hashable {
  /// The song.
  public var track: Track
  /// How alike it sounds, in -1...1: 1 for the same sound, about 0 for two songs drawn at random, below 0 for what is
  /// less alike than that. It means the same for every model, and orders the answers.
  ///
  /// It is the cosine of the vectors that are searched, on that scale (`CosineScale`); the descriptor models correct it
  /// for hubs (`MutualProximityCorrection`).
  public var similarity: Float

  /// An answer.
  public init(track: Track, similarity: Float) {
    self.track = track
    self.similarity = similarity
  }
}
