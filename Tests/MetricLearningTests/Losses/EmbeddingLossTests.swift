import MetricLearning
import Testing

/// Properties of every loss over labelled embeddings.
@Suite struct EmbeddingLossTests {
  static let all: [any EmbeddingLoss] = LossReduction.allCases.flatMap { reduction -> [any EmbeddingLoss] in
    [
      ContrastiveLoss(positiveMargin: 0, negativeMargin: 1, reduction: reduction),
      ContrastiveLoss(positiveMargin: 0.4, negativeMargin: 1.5, reduction: reduction),
      AngularLoss(angle: 40, reduction: reduction), AngularLoss(angle: 55, reduction: reduction),
      SupervisedContrastiveLoss(temperature: 0.1, reduction: reduction),
      SupervisedContrastiveLoss(temperature: 1, reduction: reduction),
    ]
  }

  private struct Goldens: Decodable {
    struct Case: Decodable {
      let embeddings: [[Float]]
      let labels: [Int]
      let reduction: LossReduction
      let loss: Double
      let gradient: [[Double]]
      let positiveMargin: Float?
      let negativeMargin: Float?
      let angle: Float?
      let temperature: Float?
    }

    let contrastive: [Case]
    let angular: [Case]
    let supervisedContrastive: [Case]
  }

  @Test func agreesWithPyTorchMetricLearning() throws {
    let goldens = try Golden.load(Goldens.self, from: "losses.json")
    #expect(goldens.contrastive.count == 12 && goldens.angular.count == 12 && goldens.supervisedContrastive.count == 12)
    for golden in goldens.contrastive + goldens.angular + goldens.supervisedContrastive {
      let loss: any EmbeddingLoss
      if let angle = golden.angle {
        loss = AngularLoss(angle: angle, reduction: golden.reduction)
      } else if let temperature = golden.temperature {
        loss = SupervisedContrastiveLoss(temperature: temperature, reduction: golden.reduction)
      } else {
        loss = ContrastiveLoss(
          positiveMargin: try #require(golden.positiveMargin), negativeMargin: try #require(golden.negativeMargin),
          reduction: golden.reduction)
      }
      let evaluation = loss.evaluate(unscaled: EmbeddingMatrix(rows: golden.embeddings), labels: golden.labels)
      #expect(relativeError([evaluation.loss], [golden.loss]) < 1e-6, "\(loss)")
      #expect(
        relativeError(evaluation.gradient.values.map(Double.init), golden.gradient.joined()) < 2e-6, "\(loss)")
    }
  }

  @Test(arguments: all)
  func gradientIsTheSlope(loss: any EmbeddingLoss) {
    for seed in stride(from: 1, to: 20, by: 2) as StrideTo<UInt64> {
      let batch = RandomBatch(seed: seed)
      let evaluation = loss.evaluate(unscaled: batch.embeddings, labels: batch.labels)
      let gradient = evaluation.gradient.values.map(Double.init)
      let largest = gradient.reduce(1e-3) { max($0, abs($1)) }
      for index in gradient.indices {
        // Two steps either way: the error of the slope falls with the fourth power of the step.
        let step: Float = 1.0 / 256
        let losses = ([-2, -1, 1, 2] as [Float]).map { factor in
          var values = batch.embeddings.values
          values[index] += factor * step
          let moved = EmbeddingMatrix(
            count: batch.embeddings.count, dimension: batch.embeddings.dimension, values: values)
          return loss.evaluate(unscaled: moved, labels: batch.labels).loss
        }
        let slope = (losses[0] - 8 * losses[1] + 8 * losses[2] - losses[3]) / Double(12 * step)
        #expect(abs(slope - gradient[index]) < 0.02 * largest, "seed \(seed), element \(index)")
      }
    }
  }

  @Test(arguments: all)
  func nothingToCompareNothingToLearn(loss: any EmbeddingLoss) {
    let none = loss.evaluate(unscaled: EmbeddingMatrix(rows: []), labels: [])
    #expect(none.loss == 0 && none.termCount == 0 && none.gradient.count == 0)
    let one = loss.evaluate(unscaled: EmbeddingMatrix(rows: [[0.5, 1]]), labels: [3])
    #expect(one.loss == 0 && one.termCount == 0 && one.gradient.values == [0, 0])
  }

  @Test(arguments: all, [Float.nan, .infinity])
  func divergenceReachesTheLoss(loss: any EmbeddingLoss, value: Float) {
    let embeddings = EmbeddingMatrix(rows: [[0.1, 0.3], [0.2, 0.1], [value, 0.5], [1, 2]])
    #expect(loss.evaluate(unscaled: embeddings, labels: [0, 0, 1, 1]).loss.isNaN)
  }

  @Test(arguments: all)
  func equalInputsGiveEqualBits(loss: any EmbeddingLoss) {
    let batch = RandomBatch(seed: 7)
    #expect(
      loss.evaluate(unscaled: batch.embeddings, labels: batch.labels)
        == loss.evaluate(unscaled: batch.embeddings, labels: batch.labels))
  }

  @Test(arguments: all)
  func songsOfOneLabelComeTogetherAndOthersPart(loss: any EmbeddingLoss) {
    var embeddings = EmbeddingMatrix(rows: [[1, 0.2, 0], [0.9, 0, 0.3], [1, 0.1, 0.3], [0.8, 0.2, 0.1]])
    let labels = [0, 0, 1, 1]
    func separation(_ embeddings: EmbeddingMatrix) -> Float {
      let cosine = CosineSimilarity()
      return cosine(embeddings[0], embeddings[1]) + cosine(embeddings[2], embeddings[3])
        - cosine(embeddings[0], embeddings[2]) - cosine(embeddings[1], embeddings[3])
    }
    let before = loss.evaluate(unscaled: embeddings, labels: labels).loss
    #expect(separation(embeddings) < 0.1)
    for _ in 0..<400 {
      let gradient = loss.evaluate(unscaled: embeddings, labels: labels).gradient.values
      embeddings = EmbeddingMatrix(
        count: 4, dimension: 3, values: zip(embeddings.values, gradient).map { $0 - 0.02 * $1 })
    }
    #expect(loss.evaluate(unscaled: embeddings, labels: labels).loss < before / 2)
    #expect(separation(embeddings) > 0.3)
  }
}
