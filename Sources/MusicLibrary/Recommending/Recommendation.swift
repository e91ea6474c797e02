import Catalogue

/// One answer of a `Recommender`.
public struct Recommendation: Sendable, Hashable {
  /// The song.
  public var track: Track
  /// How alike it sounds, in -1...1: 1 for the same sound, about 0 for two songs drawn at random, below 0 for what is
  /// less alike than that. It means the same for every model, and orders the answers.
  ///
  /// It is the cosine of the vectors that are searched, on that scale (`CosineScale`); the descriptor models correct it
  /// for hubs (`MutualProximityCorrection`). On a path it is the similarity to the first song.
  public var similarity: Float
  /// Where the song lies on a path; nil if it is on none.
  public var pathPlace: PathPlace?
  /// Why it was recommended, if that was asked for: `Recommender.explained`.
  public var reason: Reason?

  /// A song's place on a path.
  public struct PathPlace: Sendable, Hashable {
    /// The similarity to the song before; nil for the first.
    public var step: Float?
    /// The similarity to the last song.
    public var toEnd: Float
  }

  /// An answer.
  public init(track: Track, similarity: Float, pathPlace: PathPlace? = nil) {
    self.track = track
    self.similarity = similarity
    self.pathPlace = pathPlace
  }
}
