import Foundation
import MetricLearning
import Testing

@Suite struct CollapseDetectorTests {
  private func findings(_ epochs: [(loss: Double?, spread: Double)]) -> [CollapseDetector.Finding?] {
    var detector = CollapseDetector(margin: 0.5, patience: 3)
    return epochs.map { detector.record(meanLoss: $0.loss, spread: $0.spread) }
  }

  @Test func alikeEmbeddingsAreNoticedAfterPatience() {
    #expect(
      findings([(0.2, 0.001), (0.2, 0.001), (0.2, 0.3), (0.2, 0.001), (0.2, 0), (0.2, 0.009), (0.2, 0)])
        == [nil, nil, nil, nil, nil, .embeddingsAlike, .embeddingsAlike])
  }

  @Test func aLossThatStaysAtTheMarginIsNoticed() {
    #expect(
      findings([(0.5, 0.3), (0.499, 0.3), (0.502, 0.3), (0.48, 0.3), (0.5, 0.3)])
        == [nil, nil, .lossAtMargin, nil, nil])
  }

  @Test func anEpochWithoutTripletsSaysNothingOfTheLoss() {
    #expect(findings([(0.5, 0.3), (0.5, 0.3), (nil, 0.3), (0.5, 0.3)]) == [nil, nil, nil, .lossAtMargin])
  }

  @Test func divergenceIsNoticedAtOnce() {
    #expect(findings([(.nan, 0.3)]) == [.notFinite])
    #expect(findings([(.infinity, 0.3)]) == [.notFinite])
    #expect(findings([(nil, .nan)]) == [.notFinite])
  }

  @Test func collapsedEmbeddingsShowBothSigns() {
    let embeddings = EmbeddingMatrix(rows: [[Float]](repeating: [0.5, 0.5, 0.5], count: 6))
    let triplets = (0..<3).map { Triplet(anchor: $0, positive: ($0 + 1) % 3, negative: $0 + 3) }
    let loss = TripletMarginLoss(reduction: .mean).evaluate(embeddings: embeddings, triplets: triplets).loss
    #expect(loss == 1 && embeddings.relativeSpread == 0)
    var detector = CollapseDetector(margin: 1, patience: 1)
    #expect(detector.record(meanLoss: loss, spread: 0.5) == .lossAtMargin)
    #expect(detector.record(meanLoss: 0.1, spread: embeddings.relativeSpread) == .embeddingsAlike)
  }

  @Test func goesOnFromACheckpoint() throws {
    var detector = CollapseDetector(margin: 1, patience: 2)
    #expect(detector.record(meanLoss: 1, spread: 0.5) == nil)
    var resumed = try JSONDecoder().decode(CollapseDetector.self, from: JSONEncoder().encode(detector))
    #expect(resumed.record(meanLoss: 1, spread: 0.5) == .lossAtMargin)
  }
}
