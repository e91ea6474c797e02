import AudioFeatures
import Foundation
import Reproducibility

/// What came of learning from a listener's answers.
public struct EarLesson: Sendable, Hashable, Codable {
  /// Where answers come from.
  public enum Source: String, Sendable, Hashable, Codable, CodingKeyRepresentable, CaseIterable {
    /// Questions: which of three songs does not belong?
    case questions
    /// Songs that the listener put together.
    case together
    /// Playlists that are kept in the library.
    case playlists
    /// More and less like this: two liked songs are nearer to each other than to one that is disliked.
    case marks
    /// Songs that were left early, beside liked ones.
    case skips
  }

  /// The name of the model whose space was to be changed.
  public var model: String
  /// Whether the library answers with it.
  public var adopted: Bool
  /// Why it was not adopted; nil if it was.
  public var reason: String?
  /// How many answers there were, by where they come from.
  public var answers: [Source: Int]
  /// The share of answers that the model foretells as it comes, and as it was learned without them; nil if there were
  /// too few.
  public var before, after: Double?
  /// How likely it is that what was learned foretells answers better: 0...1; nil if there were too few.
  public var certainty: Double?
  /// How much each aspect of the sound counts beside how much it does as the model comes; empty for a model that compares
  /// songs as a whole.
  public var aspects: [SoundAspect: Double]
  /// How long it took, in seconds.
  public var seconds: Double
  /// The version of Akin that learned.
  public var version: String

  init(model: String, answers: [EarAnswers.Answer]) {
    self.model = model
    adopted = false
    self.answers = answers.reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }
    aspects = [:]
    seconds = 0
    version = AkinVersion.current
  }

  /// How many answers there were in all.
  public var answerCount: Int { answers.values.reduce(0, +) }

  /// "foretells 71 % of 60 answers that it had not seen, 58 % as the model comes (better with 97 % certainty): adopted"
  public var sentence: String {
    let end = adopted ? "adopted" : "not adopted" + (reason.map { ", since \($0)" } ?? "")
    guard let before, let after, let certainty else { return end }
    func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }
    return
      "foretells \(percent(after)) of \(answerCount) answers that it had not seen, \(percent(before)) as the model comes "
      + "(better with \(percent(min(0.99, max(0.01, certainty)))) certainty): \(end)"
  }
}
