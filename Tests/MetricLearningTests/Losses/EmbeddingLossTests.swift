import MetricLearning
import Testing

/// One of the losses over labelled embeddings; those that depend on directions only include the scaling to length 1, as
/// in the trainer.
struct EmbeddingLoss: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let isScaled: Bool
  let evaluateUnscaled: @Sendable (EmbeddingMatrix, [Int]) -> EmbeddingLossEvaluation

  func evaluate(_ embeddings: EmbeddingMatrix, _ labels: [Int]) -> EmbeddingLossEvaluation {
    guard isScaled else { return evaluateUnscaled(embeddings, labels) }
    let unit = L2Normalisation().forward(embeddings)
    let evaluation = evaluateUnscaled(unit.embeddings, labels)
    return EmbeddingLossEvaluation(
      loss: evaluation.loss, termCount: evaluation.termCount,
      gradient: L2Normalisation().backward(evaluation.gradient, of: unit))
  }

  static func contrastive(_ positive: Float, _ negative: Float, _ reduction: LossReduction) -> EmbeddingLoss {
    let loss = ContrastiveLoss(positiveMargin: positive, negativeMargin: negative, reduction: reduction)
    return EmbeddingLoss(testDescription: "\(loss)", isScaled: false) { loss.evaluate(embeddings: $0, labels: $1) }
  }

  static func angular(_ angle: Float, _ reduction: LossReduction) -> EmbeddingLoss {
    let loss = AngularLoss(angle: angle, reduction: reduction)
    return EmbeddingLoss(testDescription: "\(loss)", isScaled: true) { loss.evaluate(embeddings: $0, labels: $1) }
  }

  static func supervisedContrastive(_ temperature: Float, _ reduction: LossReduction) -> EmbeddingLoss {
    let loss = SupervisedContrastiveLoss(temperature: temperature, reduction: reduction)
    return EmbeddingLoss(testDescription: "\(loss)", isScaled: true) { loss.evaluate(embeddings: $0, labels: $1) }
  }

  static let all: [EmbeddingLoss] = LossReduction.allCases.flatMap { reduction in
    [
      contrastive(0, 1, reduction), contrastive(0.4, 1.5, reduction), angular(40, reduction), angular(55, reduction),
      supervisedContrastive(0.1, reduction), supervisedContrastive(1, reduction),
    ]
  }
}

/// Properties of every loss over labelled embeddings.
@Suite struct EmbeddingLossTests {
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
      let loss: EmbeddingLoss
      if let angle = golden.angle {
        loss = .angular(angle, golden.reduction)
      } else if let temperature = golden.temperature {
        loss = .supervisedContrastive(temperature, golden.reduction)
      } else {
        loss = .contrastive(
          try #require(golden.positiveMargin), try #require(golden.negativeMargin), golden.reduction)
      }
      let evaluation = loss.evaluate(EmbeddingMatrix(rows: golden.embeddings), golden.labels)
      #expect(relativeError([evaluation.loss], [golden.loss]) < 1e-6, "\(loss.testDescription)")
      #expect(
        relativeError(evaluation.gradient.values.map(Double.init), golden.gradient.joined()) < 2e-6,
        "\(loss.testDescription)")
    }
  }

  @Test(arguments: EmbeddingLoss.all)
  func gradientIsTheSlope(loss: EmbeddingLoss) {
    for seed in stride(from: 1, to: 20, by: 2) as StrideTo<UInt64> {
      let batch = RandomBatch(seed: seed)
      let evaluation = loss.evaluate(batch.embeddings, batch.labels)
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
          return loss.evaluate(moved, batch.labels).loss
        }
        let slope = (losses[0] - 8 * losses[1] + 8 * losses[2] - losses[3]) / Double(12 * step)
        #expect(abs(slope - gradient[index]) < 0.02 * largest, "seed \(seed), element \(index)")
      }
    }
  }

  @Test(arguments: EmbeddingLoss.all)
  func nothingToCompareNothingToLearn(loss: EmbeddingLoss) {
    let none = loss.evaluate(EmbeddingMatrix(rows: []), [])
    #expect(none.loss == 0 && none.termCount == 0 && none.gradient.count == 0)
    let one = loss.evaluate(EmbeddingMatrix(rows: [[0.5, 1]]), [3])
    #expect(one.loss == 0 && one.termCount == 0 && one.gradient.values == [0, 0])
  }

  @Test(arguments: EmbeddingLoss.all, [Float.nan, .infinity])
  func divergenceReachesTheLoss(loss: EmbeddingLoss, value: Float) {
    let embeddings = EmbeddingMatrix(rows: [[0.1, 0.3], [0.2, 0.1], [value, 0.5], [1, 2]])
    #expect(loss.evaluate(embeddings, [0, 0, 1, 1]).loss.isNaN)
  }

  @Test(arguments: EmbeddingLoss.all)
  func equalInputsGiveEqualBits(loss: EmbeddingLoss) {
    let batch = RandomBatch(seed: 7)
    #expect(loss.evaluate(batch.embeddings, batch.labels) == loss.evaluate(batch.embeddings, batch.labels))
  }

  @Test(arguments: EmbeddingLoss.all)
  func songsOfOneLabelComeTogetherAndOthersPart(loss: EmbeddingLoss) {
    var embeddings = EmbeddingMatrix(rows: [[1, 0.2, 0], [0.9, 0, 0.3], [1, 0.1, 0.3], [0.8, 0.2, 0.1]])
    let labels = [0, 0, 1, 1]
    func separation(_ embeddings: EmbeddingMatrix) -> Float {
      let cosine = CosineSimilarity()
      return cosine(embeddings[0], embeddings[1]) + cosine(embeddings[2], embeddings[3])
        - cosine(embeddings[0], embeddings[2]) - cosine(embeddings[1], embeddings[3])
    }
    let before = loss.evaluate(embeddings, labels).loss
    #expect(separation(embeddings) < 0.1)
    for _ in 0..<400 {
      let gradient = loss.evaluate(embeddings, labels).gradient.values
      embeddings = EmbeddingMatrix(
        count: 4, dimension: 3, values: zip(embeddings.values, gradient).map { $0 - 0.02 * $1 })
    }
    #expect(loss.evaluate(embeddings, labels).loss < before / 2)
    #expect(separation(embeddings) > 0.3)
  }
}
