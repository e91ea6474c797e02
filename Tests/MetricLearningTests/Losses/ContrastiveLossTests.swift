import MetricLearning
import Testing

@Suite struct ContrastiveLossTests {
  @Test func marginsAreDistances() {
    // Positives 3 apart, the negative 4 and 5 from them.
    let embeddings = EmbeddingMatrix(rows: [[0, 0], [3, 0], [0, 4]])
    let loss = ContrastiveLoss(positiveMargin: 1, negativeMargin: 4.5, reduction: .sum)
    let evaluation = loss.evaluate(embeddings: embeddings, labels: [2, 2, 9])
    #expect(evaluation.loss == 0.5 * 4 + 0.5 * 0.25)
    #expect(evaluation.termCount == 3)
    #expect(evaluation.gradient.values == [-2, 0.5, 2, 0, 0, -0.5])
    // One positive and two negatives.
    let mean = ContrastiveLoss(positiveMargin: 1, negativeMargin: 4.5).evaluate(
      embeddings: embeddings, labels: [2, 2, 9])
    #expect(mean.loss == 2 + 0.125 / 2)
  }

  @Test func negativesAtOnePlaceHaveNoDirection() {
    let evaluation = ContrastiveLoss(reduction: .sum).evaluate(
      embeddings: EmbeddingMatrix(rows: [[1, 1], [1, 1]]), labels: [0, 1])
    #expect(evaluation.loss == 0.5)
    #expect(evaluation.gradient.values == [0, 0, 0, 0])
  }
}
