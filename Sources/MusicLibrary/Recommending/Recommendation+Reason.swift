import AudioFeatures
import Catalogue

extension Recommendation {
  /// What a song shares with the one that it was recommended for.
  public struct Reason: Sendable, Hashable {
    /// The song that it was compared with: the seed's song that it is most like, or the song before it on a path; nil
    /// for one that is not in the library.
    public let song: Track?
    /// How alike the two are in each aspect of the sound.
    public let aspects: [SimilarityExplanation.Aspect]
    /// What was measured of the recommended song; nil if nothing was yet.
    public let measures: TrackMeasures?

    /// The aspects in words.
    public var summary: String { SimilarityExplanation.summary(of: aspects) ?? "" }
  }
}

extension Recommendation.Reason: Encodable {
  private enum CodingKeys: CodingKey {
    case with, summary, aspects, tempo, loudness, brightness
  }

  /// Writes every key, null if nothing is known.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(song?.path, forKey: .with)
    try container.encode(summary, forKey: .summary)
    try container.encode(aspects, forKey: .aspects)
    try container.encode(measures?.tempo, forKey: .tempo)
    try container.encode(measures?.loudness, forKey: .loudness)
    try container.encode(measures?.brightness, forKey: .brightness)
  }
}

extension SimilarityExplanation.Aspect: Encodable {
  private enum CodingKeys: CodingKey {
    case aspect, likeness, similarity, contribution
  }

  /// Writes the names and the numbers.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(aspect.rawValue, forKey: .aspect)
    try container.encode(likeness.rawValue, forKey: .likeness)
    try container.encode(similarity, forKey: .similarity)
    try container.encode(contribution, forKey: .contribution)
  }
}
