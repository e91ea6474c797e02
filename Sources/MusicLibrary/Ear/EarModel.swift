import Foundation
import MetricLearning
import SearchSpaces

/// What answers say of how songs are to be compared: the posterior of the strength that explains them best.
struct EarModel {
  /// The posterior of the weights of features.
  let posterior: ConditionalLogit
  private let strength: PairFeatures.Strength

  /// Learns from choices. That nothing is to be learned is among what is tried.
  init(_ choices: [EarSongs.Choice], features: PairFeatures) {
    self.init(choices, features: features, strengths: Self.freedoms.flatMap(Self.strengths))
  }

  /// The model as it comes, as decisive as suits the choices best.
  init(standing choices: [EarSongs.Choice], features: PairFeatures) {
    self.init(choices, features: features, strengths: Self.strengths(Self.none))
  }

  private init(_ choices: [EarSongs.Choice], features: PairFeatures, strengths: [PairFeatures.Strength]) {
    let joined = choices.joined
    let fitted = strengths.map { ($0, ConditionalLogit(joined, prior: features.prior($0))) }
    guard let best = fitted.max(by: { $0.1.evidence < $1.1.evidence }) else {
      preconditionFailure("no strength to try")
    }
    (strength, posterior) = best
  }

  /// How far from the model as it comes parts and directions may lie: what is tried.
  private static let freedoms = [none, (0.3, 0.01), (1, 0.01), (1, 0.1), (1, 0.3)]
  private static let none = (0.01, 0.01)

  private static func strengths(_ freedom: (parts: Double, directions: Double)) -> [PairFeatures.Strength] {
    [0.5, 1.5, 4].map { .init(decisiveness: $0, parts: freedom.parts, directions: freedom.directions) }
  }

  /// The change of search vectors that compares as the answers say.
  func change(_ features: PairFeatures) -> SpaceChange {
    let (scales, change) = features.change(weights: posterior.weights, decisiveness: strength.decisiveness)
    return SpaceChange(kind: .ear, scales: scales, change: change)
  }

  /// The logarithm of the probability of a choice.
  func logProbability(_ choice: EarSongs.Choice) -> Double {
    let probabilities = ConditionalLogit.probabilities(Self.scores(choice.features, posterior.weights))
    return log(max(probabilities[0], .leastNormalMagnitude))
  }

  /// The scores of a choice's options.
  static func scores(_ features: [Float], _ weights: [Double]) -> [Double] {
    stride(from: 0, to: features.count, by: weights.count).map { start in
      zip(features[start..<start + weights.count], weights).reduce(0) { $0 + Double($1.0) * $1.1 }
    }
  }
}
