import Foundation
import MetricLearning
import SearchSpaces

/// What answers say of how songs are to be compared: the posteriors of several strengths, each as far as its evidence goes.
struct EarModel {
  /// A strength, what answers say if it is right, and how likely it is.
  private struct Part {
    let strength: PairFeatures.Strength
    let posterior: ConditionalLogit
    var share: Double
  }

  private let parts: [Part]

  /// Learns from choices. That nothing is to be learned is as likely, before any choice, as all else together.
  init(_ choices: [EarSongs.Choice], features: PairFeatures) {
    self.init(
      choices, features: features, freedoms: [(Self.none, 1)] + Self.some.map { ($0, 1 / Double(Self.some.count)) })
  }

  /// The model as it comes, as decisive as suits the choices.
  init(standing choices: [EarSongs.Choice], features: PairFeatures) {
    self.init(choices, features: features, freedoms: [(Self.none, 1)])
  }

  private typealias Freedom = (parts: Double, directions: Double)

  private init(_ choices: [EarSongs.Choice], features: PairFeatures, freedoms: [(freedom: Freedom, prior: Double)]) {
    let joined = choices.joined
    let fitted = freedoms.flatMap { freedom, prior in
      Self.decisiveness.map { decisiveness in
        let strength = PairFeatures.Strength(
          decisiveness: decisiveness, parts: freedom.parts, directions: freedom.directions)
        return Part(
          strength: strength, posterior: ConditionalLogit(joined, prior: features.prior(strength)), share: prior)
      }
    }
    let largest = fitted.map(\.posterior.evidence).max() ?? 0
    let shares = fitted.map { $0.share * exp($0.posterior.evidence - largest) }
    let sum = shares.reduce(0, +)
    parts = zip(fitted, shares).map { part, share in
      Part(strength: part.strength, posterior: part.posterior, share: share / sum)
    }
  }

  /// How far from the model as it comes aspects and directions may lie, and how decisive a listener is: what is tried.
  private static let none: Freedom = (0.01, 0.01)
  private static let some: [Freedom] = [(0.1, 0.01), (0.3, 0.03), (1, 0.01), (0.3, 0.1), (1, 0.1), (1, 0.3), (1, 1)]
  private static let decisiveness = [0.15, 0.5, 1.5, 4]

  /// The change of search vectors that compares as the answers say, in the mean over strengths.
  func change(_ features: PairFeatures) -> SpaceChange {
    var weights = [Double](repeating: 0, count: features.width)
    for part in parts {
      for (place, weight) in part.posterior.weights.enumerated() {
        weights[place] += part.share * weight / part.strength.decisiveness
      }
    }
    let (scales, change) = features.change(weights: weights, decisiveness: 1)
    return SpaceChange(kind: .ear, scales: scales, change: change)
  }

  /// The logarithm of the probability of a choice.
  func logProbability(_ choice: EarSongs.Choice) -> Double {
    let probability = parts.reduce(0) { sum, part in
      sum + part.share * ConditionalLogit.probabilities(Self.scores(choice.features, part.posterior.weights))[0]
    }
    return log(max(probability, .leastNormalMagnitude))
  }

  /// The scores of a choice's options.
  static func scores(_ features: [Float], _ weights: [Double]) -> [Double] {
    stride(from: 0, to: features.count, by: weights.count).map { start in
      zip(features[start..<start + weights.count], weights).reduce(0) { $0 + Double($1.0) * $1.1 }
    }
  }
}
