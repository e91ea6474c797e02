import MetricLearning
import Reproducibility
import Testing

@Suite struct PairFeaturesTests {
  private let vectors: EmbeddingMatrix
  private let features: PairFeatures

  init() {
    var generator = SeededGenerator(seed: 3)
    // Some directions matter more than others.
    let values = (0..<80).flatMap { _ in (0..<12).map { Float(generator.normal()) / Float($0 + 1) } }
    vectors = L2Normalisation().forward(EmbeddingMatrix(count: 80, dimension: 12, values: values)).embeddings
    features = PairFeatures(of: vectors, parts: [0..<4, 4..<12], directionCount: 3)
  }

  private func product(_ one: [Float], _ other: [Float]) -> Double {
    zip(one, other).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  private func score(_ weights: [Double], _ one: Int, _ other: Int) -> Double {
    let values = features.values(features.point(Array(vectors[one])), features.point(Array(vectors[other])))
    return zip(values, weights).reduce(0) { $0 + Double($1.0) * $1.1 }
  }

  @Test func asThingsStandTheScoreIsTheProduct() {
    #expect(features.width == 2 + 6)
    let prior = features.prior(.init(decisiveness: 2, parts: 1, directions: 0.1))
    #expect(prior.deviations == [2, 2] + Array(repeating: 0.2, count: 6))
    let unit = score(prior.means, 0, 1) / product(Array(vectors[0]), Array(vectors[1]))
    var squares = 0.0
    var count = 0.0
    for one in 0..<20 {
      for other in (one + 1)..<20 {
        let score = score(prior.means, one, other)
        #expect(abs(score - unit * product(Array(vectors[one]), Array(vectors[other]))) < 1e-4 * abs(unit))
        squares += score * score
        count += 1
      }
    }
    // So decisive are two pairs at random; the mean is about 0.
    #expect(abs((squares / count).squareRoot() - 2) < 0.8)
  }

  /// Products of changed vectors are what the weights make of features, up to the unit of the scores.
  @Test func theChangeComparesAsTheWeightsSay() {
    let prior = features.prior(.init(decisiveness: 1, parts: 1, directions: 0.1))
    let unit = score(prior.means, 0, 1) / product(Array(vectors[0]), Array(vectors[1]))
    var weights = prior.means
    weights[0] *= 3
    weights[1] *= 0.5
    for (place, value) in [0.4, 0.1, -0.1, 0.3, 0.05, -0.2].enumerated() { weights[2 + place] = value * 0.5 }
    let (scales, change) = features.change(weights: weights, decisiveness: 1)
    #expect(scales.count == 12 && change.count == 3)
    func changed(_ row: Int) -> [Float] {
      var vector = zip(vectors[row], scales).map { $0 * $1 }
      change.apply(to: &vector)
      return vector
    }
    for (one, other) in [(0, 1), (2, 3), (4, 4), (10, 50), (7, 70)] {
      let expected = score(weights, one, other) / unit
      #expect(abs(product(changed(one), changed(other)) - expected) < 1e-4 * max(1, abs(expected)))
    }
  }

  @Test func nothingBecomesNegative() {
    var weights = features.prior(.init(decisiveness: 1, parts: 1, directions: 0.1)).means
    weights[0] = -5
    weights[2] = -50
    let (scales, change) = features.change(weights: weights, decisiveness: 1)
    #expect(scales.allSatisfy { $0 > 0 } && change.gains.allSatisfy { $0 > -1 })
  }
}
