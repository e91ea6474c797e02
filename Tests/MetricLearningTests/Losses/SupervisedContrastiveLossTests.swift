import Foundation
import MetricLearning
import Testing

@Suite struct SupervisedContrastiveLossTests {
  /// Two excerpts of each song, with the song as the label: the loss of SimCLR.
  @Test func excerptsOfASongArePositives() {
    let rows: [[Float]] = [[1, 0], [0.8, 0.6], [0, 1], [-0.6, 0.8]]
    let evaluation = SupervisedContrastiveLoss(temperature: 0.5).evaluate(
      embeddings: EmbeddingMatrix(rows: rows), labels: [10, 10, 11, 11])
    let losses = (0..<4).map { anchor in
      let logits = rows.map { row in zip(row, rows[anchor]).reduce(0.0) { $0 + 2 * Double($1.0) * Double($1.1) } }
      let others = (0..<4).filter { $0 != anchor }.reduce(0.0) { $0 + exp(logits[$1]) }
      return -log(exp(logits[anchor ^ 1]) / others)
    }
    #expect(abs(evaluation.loss - losses.reduce(0, +) / 4) < 1e-7)
    #expect(evaluation.termCount == 4)
  }

  @Test func anchorsWithoutPositivesAreNoTerms() {
    let embeddings = EmbeddingMatrix(rows: [[1, 0], [0.8, 0.6], [0, 1]])
    let loss = SupervisedContrastiveLoss(reduction: .mean)
    #expect(loss.evaluate(embeddings: embeddings, labels: [1, 1, 2]).termCount == 2)
    let none = loss.evaluate(embeddings: embeddings, labels: [1, 2, 3])
    #expect(none.loss == 0 && none.termCount == 0 && none.gradient.values.allSatisfy { $0 == 0 })
  }

  @Test func smallTemperaturesDoNotOverflow() {
    let evaluation = SupervisedContrastiveLoss(temperature: 1e-6).evaluate(
      embeddings: EmbeddingMatrix(rows: [[1, 0], [-1, 0], [1, 0]]), labels: [1, 1, 2])
    #expect(evaluation.loss > 1e5 && evaluation.loss.isFinite)
    #expect(evaluation.gradient.values.allSatisfy { $0.isFinite })
  }
}
