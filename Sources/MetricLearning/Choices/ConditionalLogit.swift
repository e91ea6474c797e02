import NeuralNetwork
import Reproducibility

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What choices between options say of the options' features: a conditional logit with a Gaussian prior.
///
///     P(option j) = exp(w · fⱼ) / Σₖ exp(w · fₖ),   wᵢ ~ N(mᵢ, dᵢ²)
///
/// The logarithm of the posterior is concave; Newton's method finds its only maximum, and the Gaussian there stands for the
/// posterior (Laplace's approximation).
///
/// Sources: McFadden, *Conditional logit analysis of qualitative choice behavior* (1974); MacKay, *Bayesian
/// interpolation* (1992), for the evidence.
package struct ConditionalLogit: Sendable {
  /// The number of features of an option.
  package var width: Int { weights.count }
  /// w where the posterior is largest.
  package let weights: [Double]
  /// The logarithm of the probability of all choices, over all weights as the prior has them: what tells priors apart.
  package let evidence: Double
  /// dᵢ, and the posterior's precision of (w − m) / d.
  private let deviations: [Double]
  private let precision: Cholesky

  /// What is known before any choice.
  package struct Prior: Sendable, Hashable {
    /// mᵢ and dᵢ > 0.
    package var means, deviations: [Double]

    /// A prior of as many means as deviations.
    package init(means: [Double], deviations: [Double]) {
      precondition(means.count == deviations.count, "\(means.count) means and \(deviations.count) deviations")
      self.means = means
      self.deviations = deviations
    }
  }

  /// Some choices between `count` options each.
  package struct Choices: Sendable {
    /// The number of options of a choice.
    package let optionCount: Int
    /// The features of options, choice by choice, that which was chosen first: choices × options × width.
    package var features: [Float] = []
    /// How much each choice counts; 1 for an answer.
    package var counts: [Double] = []
    /// The number of choices.
    package var count: Int { counts.count }

    /// No choices yet.
    package init(optionCount: Int) {
      self.optionCount = optionCount
    }
  }

  private static let mostSteps = 50

  /// Fits weights to choices; without any, the posterior is the prior. O(choices · width² + width³) a step.
  package init(_ choices: Choices, prior: Prior) {
    let width = prior.means.count
    let options = choices.optionCount
    precondition(choices.features.count == choices.count * options * width, "\(choices.features.count) features")
    // In units of the prior, all is well scaled: v = (w − m) / d, and what the prior says already is an offset.
    var scaled = choices.features
    var offsets = [Double](repeating: 0, count: choices.count * options)
    for row in offsets.indices {
      for column in 0..<width {
        let value = Double(scaled[row * width + column])
        offsets[row] += value * prior.means[column]
        scaled[row * width + column] = Float(value * prior.deviations[column])
      }
    }
    var problem = Problem(features: scaled, offsets: offsets, counts: choices.counts, options: options, width: width)
    var value = problem.logPosterior
    var cholesky = problem.precision
    for _ in 0..<Self.mostSteps {
      let step = cholesky.solution(of: problem.gradient)
      guard step.contains(where: { abs($0) > 1e-5 }) else { break }
      // Newton's step may leap too far where choices are nearly certain.
      let start = problem.values
      var share = 1.0
      repeat {
        problem.values = zip(start, step).map { $0 + share * $1 }
        share /= 2
      } while problem.logPosterior < value && share > 1e-4
      value = problem.logPosterior
      cholesky = problem.precision
    }
    weights = (0..<width).map { prior.means[$0] + prior.deviations[$0] * problem.values[$0] }
    deviations = prior.deviations
    precision = cholesky
    evidence = value - cholesky.logDeterminant / 2
  }

  /// Weights drawn from the posterior.
  package func draw(using generator: inout SeededGenerator) -> [Double] {
    let normal = (0..<width).map { _ in generator.normal() }
    return zip(weights, zip(deviations, precision.transposedSolution(of: normal))).map { $0 + $1.0 * $1.1 }
  }

  /// The probabilities of options whose scores are given.
  package static func probabilities(_ scores: some Sequence<Double>) -> [Double] {
    let sum = LogSumExp(Array(scores))
    return scores.map(sum.share)
  }
}

/// The maximum that is sought, in units of the prior.
private struct Problem {
  let features: [Float]
  let offsets, counts: [Double]
  let options, width: Int
  /// v.
  var values: [Double] { didSet { update() } }
  private(set) var logPosterior = 0.0
  /// The probability of each option of each choice.
  private var probabilities: [Double] = []

  init(features: [Float], offsets: [Double], counts: [Double], options: Int, width: Int) {
    (self.features, self.offsets, self.counts, self.options, self.width) = (features, offsets, counts, options, width)
    values = [Double](repeating: 0, count: width)
    update()
  }

  private mutating func update() {
    let products = MatrixValues.product(
      features, (offsets.count, width), values.map { Float($0) }, (1, width), transposesLeft: false,
      transposesRight: true)
    probabilities.removeAll(keepingCapacity: true)
    logPosterior = -values.reduce(0) { $0 + $1 * $1 } / 2
    for (choice, count) in counts.enumerated() {
      let rows = choice * options..<(choice + 1) * options
      let own = ConditionalLogit.probabilities(rows.map { offsets[$0] + Double(products[$0]) })
      logPosterior += count * log(max(own[0], .leastNormalMagnitude))
      probabilities += own
    }
  }

  /// Σ count (f of the chosen − its expectation) − v.
  var gradient: [Double] {
    var residuals = probabilities.map { Float(-$0) }
    for (choice, count) in counts.enumerated() {
      residuals[choice * options] += 1
      for row in choice * options..<(choice + 1) * options { residuals[row] *= Float(count) }
    }
    guard !residuals.isEmpty else { return values.map { -$0 } }
    let sums = MatrixValues.product(
      residuals, (1, residuals.count), features, (residuals.count, width), transposesLeft: false,
      transposesRight: false)
    return zip(sums, values).map { Double($0) - $1 }
  }

  /// I + Σ count (the covariance of f over a choice's options).
  var precision: Cholesky {
    var rows = features
    for (choice, count) in counts.enumerated() {
      for column in 0..<width {
        var mean = 0.0
        for option in choice * options..<(choice + 1) * options {
          mean += probabilities[option] * Double(features[option * width + column])
        }
        for option in choice * options..<(choice + 1) * options {
          let deviation = Double(features[option * width + column]) - mean
          rows[option * width + column] = Float((count * probabilities[option]).squareRoot() * deviation)
        }
      }
    }
    var matrix = [Double](repeating: 0, count: width * width)
    if !rows.isEmpty {
      matrix = MatrixValues.product(
        rows, (offsets.count, width), rows, (offsets.count, width), transposesLeft: true, transposesRight: false
      ).map(Double.init)
    }
    for index in 0..<width { matrix[index * (width + 1)] += 1 }
    guard let cholesky = Cholesky(matrix, count: width) else {
      preconditionFailure("the identity and a matrix of squares are positive definite")
    }
    return cholesky
  }
}
