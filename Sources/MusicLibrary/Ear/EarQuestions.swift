import Catalogue
import Foundation
import MetricLearning
import Reproducibility

/// Chooses questions whose answers teach most: those of which the posterior is sure that it does not know the answer,
/// though each way to compare songs that it holds possible would know it.
///
/// Source: Houlsby, Huszár, Ghahramani and Lengyel, *Bayesian active learning for classification and preference
/// learning* (2011): the mutual information of the answer and the weights.
struct EarQuestions {
  private let songs: EarSongs
  private let draws: [[Double]]

  /// As wide as what is learned may get, so that questions do not depend on how much was believed of earlier answers.
  private static let strength = PairFeatures.Strength(decisiveness: 2, parts: 1, directions: 0.1)
  /// So many weights stand for the posterior.
  private static let drawCount = 48

  /// - Parameter answers: What is known, as far as it was asked for.
  init(songs: EarSongs, answers: [EarAnswers.Answer], using generator: inout SeededGenerator) throws {
    self.songs = songs
    let choices = try answers.compactMap { try songs.choice(of: $0.songs, count: $0.count) }
    let posterior = ConditionalLogit(choices.joined, prior: songs.features.prior(Self.strength))
    draws = (0..<Self.drawCount).map { _ in posterior.draw(using: &generator) }
  }

  /// The most telling of some questions about three songs; nil if there is none.
  func mostTelling(of trios: [[TrackID]]) throws -> [TrackID]? {
    var best: (trio: [TrackID], information: Double)?
    for trio in trios {
      guard let choice = try songs.choice(of: trio, count: 1) else { continue }
      let information = Self.information(choice.features, draws)
      if information > best?.information ?? -.infinity { best = (trio, information) }
    }
    return best?.trio
  }

  /// The entropy of the mean answer less the mean entropy of answers, in nats.
  private static func information(_ features: [Float], _ draws: [[Double]]) -> Double {
    func entropy(_ probabilities: [Double]) -> Double {
      -probabilities.reduce(0) { $0 + $1 * log(max($1, .leastNormalMagnitude)) }
    }
    let answers = draws.map { ConditionalLogit.probabilities(EarModel.scores(features, $0)) }
    let count = Double(draws.count)
    let mean = (0..<3).map { option in answers.reduce(0) { $0 + $1[option] } / count }
    return entropy(mean) - answers.reduce(0) { $0 + entropy($1) } / count
  }
}
