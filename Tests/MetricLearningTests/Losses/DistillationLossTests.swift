import MetricLearning
import Testing

/// `Tests/Goldens/character.py` beside ours.
@Suite struct DistillationLossTests {
  private struct Contents: Decodable {
    let student, teacher: [Float]
    let loss: Double
    let lossGradient: [Double]
  }

  @Test func lossAndGradientAreThoseOfPyTorch() throws {
    let golden = try Golden.load(Contents.self, from: "character.json")
    let evaluation = DistillationLoss().evaluate(
      student: EmbeddingMatrix(count: 6, dimension: 7, values: golden.student),
      teacher: EmbeddingMatrix(count: 6, dimension: 7, values: golden.teacher))
    #expect(abs(evaluation.loss - golden.loss) < 1e-6)
    #expect(relativeError(evaluation.gradient.values.map(Double.init), golden.lossGradient) < 1e-5)
  }

  @Test func nothingIsLostOnWhatIsLearned() {
    let rows = EmbeddingMatrix(rows: [[1, 2, 3], [3, -1, 0], [0, 0.5, 1]])
    let evaluation = DistillationLoss().evaluate(student: rows, teacher: rows)
    #expect(abs(evaluation.loss) < 1e-6 && evaluation.gradient.values.allSatisfy { abs($0) < 1e-6 })
  }

  @Test func zerosAndSingleRowsAreFinite() {
    for rows: [[Float]] in [[[0, 0]], [[0, 0], [0, 0]], [[1, 2]]] {
      let student = EmbeddingMatrix(rows: rows)
      let teacher = EmbeddingMatrix(rows: rows.map { _ in [1, 1] })
      let evaluation = DistillationLoss().evaluate(student: student, teacher: teacher)
      #expect(evaluation.loss.isFinite && evaluation.gradient.values.allSatisfy(\.isFinite))
    }
  }
}
