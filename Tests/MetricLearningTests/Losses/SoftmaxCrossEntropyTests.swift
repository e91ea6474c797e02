import MetricLearning
import Reproducibility
import Testing

@Suite struct SoftmaxCrossEntropyTests {
  @Test func agreesWithPyTorch() throws {
    for golden in try MetricGoldens.load().crossEntropies {
      let evaluation = SoftmaxCrossEntropy(reduction: golden.reduction).evaluate(
        logits: Array(golden.logits.joined()), classCount: 4, labels: golden.labels)
      #expect(abs(evaluation.loss - golden.loss) <= 1e-12 * max(1, golden.loss))
      #expect(evaluation.correctCount == golden.correct)
      for (value, golden) in zip(evaluation.gradient, golden.gradient.joined()) {
        #expect(abs(Double(value) - golden) <= 1e-7)
      }
    }
  }

  @Test(arguments: LossReduction.allCases)
  func gradientIsTheSlope(reduction: LossReduction) {
    var generator = SeededGenerator(seed: 8)
    let logits = (0..<15).map { _ in Float(generator.normal()) }
    let loss = SoftmaxCrossEntropy(reduction: reduction)
    let labels = [0, 2, 1, 2, 0]
    let gradient = loss.evaluate(logits: logits, classCount: 3, labels: labels).gradient
    for index in logits.indices {
      let step: Float = 1e-3
      var lower = logits
      lower[index] -= step
      var upper = logits
      upper[index] += step
      let rise =
        loss.evaluate(logits: upper, classCount: 3, labels: labels).loss
        - loss.evaluate(logits: lower, classCount: 3, labels: labels).loss
      #expect(abs(rise / Double(upper[index] - lower[index]) - Double(gradient[index])) < 1e-6)
    }
  }

  @Test func hugeLogitsNeitherOverflowNorVanish() {
    let evaluation = SoftmaxCrossEntropy().evaluate(
      logits: [1e30, -1e30, -5000, 5000], classCount: 2, labels: [0, 0])
    #expect(evaluation.loss == 10_000)
    #expect(evaluation.gradient == [0, 0, -1, 1])
    #expect(evaluation.correctCount == 1)
  }

  @Test func theLowestClassWinsATieAndNaNIsNeverCorrect() {
    let loss = SoftmaxCrossEntropy()
    #expect(loss.evaluate(logits: [1, 1, 1, 1], classCount: 2, labels: [0, 1]).correctCount == 1)
    let diverged = loss.evaluate(logits: [.nan, 1, 1, .nan], classCount: 2, labels: [0, 0])
    #expect(diverged.loss.isNaN && diverged.correctCount == 0)
  }

  @Test(arguments: LossReduction.allCases)
  func anEmptyBatchHasNoLoss(reduction: LossReduction) {
    let evaluation = SoftmaxCrossEntropy(reduction: reduction).evaluate(logits: [], classCount: 8, labels: [])
    #expect(evaluation.loss == 0 && evaluation.correctCount == 0 && evaluation.gradient.isEmpty)
  }
}
