import MetricLearning
import Testing

@Suite struct AngularLossTests {
  @Test func pairsWithoutNegativesAreTermsOfZero() {
    let evaluation = AngularLoss().evaluate(
      embeddings: EmbeddingMatrix(rows: [[1, 0], [0, 1], [0.6, 0.8]]), labels: [5, 5, 5])
    #expect(evaluation.loss == 0 && evaluation.termCount == 3)
    #expect(evaluation.gradient.values.allSatisfy { $0 == 0 })
  }

  /// Near 90° the exponents are in the thousands.
  @Test func steepAnglesDoNotOverflow() {
    let evaluation = AngularLoss(angle: 89, reduction: .sum).evaluate(
      embeddings: EmbeddingMatrix(rows: [[1, 0], [0, 1], [0.6, 0.8]]), labels: [5, 5, 6])
    #expect(evaluation.loss > 10_000 && evaluation.loss.isFinite)
    #expect(evaluation.gradient.values.allSatisfy { $0.isFinite })
  }
}
