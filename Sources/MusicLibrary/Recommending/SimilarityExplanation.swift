import AudioFeatures
import SearchSpaces

/// How alike two songs are, and in what.
public struct SimilarityExplanation: Sendable, Hashable {
  /// As `Recommendation.similarity`.
  public let similarity: Float
  /// The place of the other song among the song's neighbours, from 1. Recordings count once.
  public let rank: Int
  /// How many recordings have a place: all but the song's own. A copy of the song has none among them; its rank is the
  /// place that its similarity would have.
  public let songCount: Int
  /// What the model tells apart; empty for a model that compares songs as a whole.
  public let aspects: [Aspect]

  package init(similarity: Float, rank: Int, songCount: Int, aspects: [Aspect]) {
    self.similarity = similarity
    self.rank = rank
    self.songCount = songCount
    self.aspects = aspects
  }

  /// One aspect of the two songs' sound.
  public struct Aspect: Sendable, Hashable {
    /// Which one.
    public let aspect: SoundAspect
    /// How alike they are in it: 1 for the same, about 0 for two songs drawn at random, below 0 for less.
    public let similarity: Float
    /// Its part in the cosine that the similarity follows from: aspects do not count alike.
    public let contribution: Float

    package init(aspect: SoundAspect, similarity: Float, contribution: Float) {
      self.aspect = aspect
      self.similarity = similarity
      self.contribution = contribution
    }

    init(_ similarity: AspectSimilarity) {
      self.init(
        aspect: similarity.aspect, similarity: similarity.similarity, contribution: similarity.contribution)
    }

    /// The similarity in a word.
    public var likeness: Likeness { Likeness(similarity) }
  }

  /// A similarity in a word.
  public enum Likeness: String, Sendable, Hashable {
    /// From 0.5 on.
    case veryAlike = "very alike"
    /// From 0.2 on.
    case alike
    /// As two songs drawn at random, or little more.
    case asAtRandom = "as at random"
    /// Below -0.1: less alike than two songs drawn at random.
    case unlike

    /// The word for a similarity.
    public init(_ similarity: Float) {
      self =
        if similarity >= 0.5 {
          .veryAlike
        } else if similarity >= 0.2 {
          .alike
        } else if similarity >= -0.1 {
          .asAtRandom
        } else {
          .unlike
        }
    }
  }

  /// The aspects in a sentence: "alike in timbre and spectrum, less in rhythm"; nil without aspects.
  public var summary: String? { Self.summary(of: aspects) }

  static func summary(of aspects: [Aspect]) -> String? {
    guard !aspects.isEmpty else { return nil }
    func names(_ isIncluded: (Likeness) -> Bool) -> String? {
      let names = aspects.filter { isIncluded($0.likeness) }.map(\.aspect.rawValue)
      guard let last = names.last else { return nil }
      return names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " and " + last
    }
    let very = names { $0 == .veryAlike }
    let alike = names { $0 == .alike }
    let random = names { $0 == .asAtRandom }
    let unlike = names { $0 == .unlike }
    var phrases = [very.map { "very alike in \($0)" }, alike.map { "alike in \($0)" }].compactMap(\.self)
    if phrases.isEmpty {
      phrases = [random.map { "as alike in \($0) as two songs drawn at random" }].compactMap(\.self)
    } else if let random {
      phrases.append("less in \(random)")
    }
    if let unlike { phrases.append("unlike in \(unlike)") }
    return phrases.joined(separator: ", ")
  }
}
