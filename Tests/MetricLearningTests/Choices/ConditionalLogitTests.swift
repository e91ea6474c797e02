import Foundation
import MetricLearning
import Reproducibility
import Testing

@Suite struct ConditionalLogitTests {
  /// Choices of a listener with these weights, between three options with normal features.
  private func choices(_ count: Int, weights: [Double], randomSeed: UInt64 = 1) -> ConditionalLogit.Choices {
    var generator = SeededGenerator(seed: randomSeed)
    var choices = ConditionalLogit.Choices(optionCount: 3)
    for _ in 0..<count {
      var options = (0..<3).map { _ in weights.map { _ in Float(generator.normal()) } }
      let scores = options.map { zip($0, weights).reduce(0) { $0 + Double($1.0) * $1.1 } }
      let probabilities = ConditionalLogit.probabilities(scores)
      let drawn = Double.random(in: 0..<1, using: &generator)
      let chosen = drawn < probabilities[0] ? 0 : drawn < probabilities[0] + probabilities[1] ? 1 : 2
      options.swapAt(0, chosen)
      choices.features += options.flatMap(\.self)
      choices.counts.append(1)
    }
    return choices
  }

  private let flat = ConditionalLogit.Prior(means: [0, 0, 0], deviations: [10, 10, 10])

  @Test func manyChoicesTellTheWeights() {
    let weights = [1.5, -0.5, 0]
    let learned = ConditionalLogit(choices(4000, weights: weights), prior: flat)
    for (one, other) in zip(learned.weights, weights) { #expect(abs(one - other) < 0.12) }
  }

  @Test func withoutChoicesThePriorStands() {
    let prior = ConditionalLogit.Prior(means: [1, -2], deviations: [0.5, 3])
    let learned = ConditionalLogit(ConditionalLogit.Choices(optionCount: 3), prior: prior)
    #expect(learned.weights == prior.means && abs(learned.evidence) < 1e-12)
    var generator = SeededGenerator(seed: 1)
    let draws = (0..<4000).map { _ in learned.draw(using: &generator) }
    for place in 0..<2 {
      let mean = draws.reduce(0) { $0 + $1[place] } / 4000
      let deviation = (draws.reduce(0) { $0 + ($1[place] - mean) * ($1[place] - mean) } / 4000).squareRoot()
      #expect(abs(mean - prior.means[place]) < 0.06 * prior.deviations[place])
      #expect(abs(deviation / prior.deviations[place] - 1) < 0.05)
    }
  }

  /// At the maximum nothing is gained by a small step in any direction.
  @Test func theWeightsAreTheMaximumOfThePosterior() {
    let some = choices(40, weights: [2, 0, -1])
    let prior = ConditionalLogit.Prior(means: [0.5, 0.5, 0], deviations: [0.4, 1, 2])
    let learned = ConditionalLogit(some, prior: prior)
    func logPosterior(_ weights: [Double]) -> Double {
      var sum = 0.0
      for (place, weight) in weights.enumerated() {
        let z = (weight - prior.means[place]) / prior.deviations[place]
        sum -= z * z / 2
      }
      for choice in 0..<some.count {
        let scores = (0..<3).map { option in
          weights.indices.reduce(0) { $0 + weights[$1] * Double(some.features[(choice * 3 + option) * 3 + $1]) }
        }
        sum += log(ConditionalLogit.probabilities(scores)[0])
      }
      return sum
    }
    let best = logPosterior(learned.weights)
    for place in 0..<3 {
      for step in [-0.02, 0.02] {
        var other = learned.weights
        other[place] += step
        #expect(logPosterior(other) < best)
      }
    }
  }

  /// Choices by chance are explained best by a prior that expects nothing, others by one that lets weights be large.
  @Test func evidenceTellsHowFarWeightsGo() {
    let narrow = ConditionalLogit.Prior(means: [0, 0, 0], deviations: [0.05, 0.05, 0.05])
    let wide = ConditionalLogit.Prior(means: [0, 0, 0], deviations: [1, 1, 1])
    func evidence(_ weights: [Double], _ prior: ConditionalLogit.Prior) -> Double {
      ConditionalLogit(choices(200, weights: weights), prior: prior).evidence
    }
    #expect(evidence([0, 0, 0], narrow) > evidence([0, 0, 0], wide))
    #expect(evidence([2, 1, 0], wide) > evidence([2, 1, 0], narrow) + 10)
  }

  /// A choice that counts two is as two of it.
  @Test func choicesCount() {
    var one = choices(10, weights: [1, 0, 0])
    var other = one
    other.features += one.features
    other.counts += one.counts
    one.counts = one.counts.map { _ in 2 }
    let (first, second) = (ConditionalLogit(one, prior: flat), ConditionalLogit(other, prior: flat))
    for (a, b) in zip(first.weights, second.weights) { #expect(abs(a - b) < 1e-3) }
    #expect(abs(first.evidence - second.evidence) < 1e-3)
  }

  /// Choices that leave no doubt have no largest weight but for the prior.
  @Test func certainChoicesKeepWeightsFinite() {
    var certain = ConditionalLogit.Choices(optionCount: 3)
    for _ in 0..<100 {
      certain.features += [1e4, 0, 0, 0, 0, 0, -1e4, 0, 0]
      certain.counts.append(1)
    }
    let learned = ConditionalLogit(certain, prior: flat)
    #expect(learned.weights.allSatisfy(\.isFinite) && learned.evidence.isFinite && learned.weights[0] > 0)
  }
}
