import MetricLearning
import Testing

@Suite struct TripletMarginLossTests {
  @Test func agreesWithPyTorch() throws {
    for golden in try MetricGoldens.load().tripletLosses {
      let evaluation = TripletMarginLoss(margin: golden.margin, reduction: golden.reduction).evaluate(
        embeddings: EmbeddingMatrix(rows: golden.embeddings),
        triplets: golden.triplets.map { Triplet(anchor: $0[0], positive: $0[1], negative: $0[2]) })
      #expect(abs(evaluation.loss - golden.loss) <= 1e-6 * golden.loss)
      #expect(evaluation.activeCount == golden.active)
      #expect(evaluation.tripletCount == golden.triplets.count)
      let expected = Array(golden.gradient.joined())
      let largest = expected.map(abs).max() ?? 0
      for (value, golden) in zip(evaluation.gradient.values, expected) {
        #expect(abs(Double(value) - golden) <= 1e-6 * largest)
      }
    }
  }

  @Test(arguments: [1, 3, 5, 7, 9, 11, 13, 15] as [UInt64], LossReduction.allCases)
  func gradientIsTheSlope(seed: UInt64, reduction: LossReduction) {
    let batch = RandomBatch(seed: seed)
    let triplets = batch.allTriplets
    let loss = TripletMarginLoss(margin: 0.5, reduction: reduction)
    let evaluation = loss.evaluate(embeddings: batch.embeddings, triplets: triplets)
    let step: Float = 1e-3
    for index in batch.embeddings.values.indices {
      let losses = [-step, step].map { step in
        var values = batch.embeddings.values
        values[index] += step
        let moved = EmbeddingMatrix(
          count: batch.embeddings.count, dimension: batch.embeddings.dimension, values: values)
        return loss.evaluate(embeddings: moved, triplets: triplets)
      }
      // The slope jumps if a triplet becomes active or inactive.
      guard losses[0].activeCount == losses[1].activeCount else { continue }
      let slope = (losses[1].loss - losses[0].loss) / Double(2 * step)
      #expect(abs(slope - Double(evaluation.gradient.values[index])) <= 2e-3 * max(1, abs(slope)))
    }
  }

  @Test func atTheMarginExactlyNothingIsActive() {
    let embeddings = EmbeddingMatrix(rows: [[0], [1], [2]])
    let triplets = [Triplet(anchor: 0, positive: 1, negative: 2)]
    let evaluation = TripletMarginLoss(margin: 3).evaluate(embeddings: embeddings, triplets: triplets)
    #expect(evaluation.loss == 0 && evaluation.activeCount == 0 && evaluation.activeTripletFraction == 0)
    #expect(evaluation.gradient.values == [0, 0, 0])
    let active = TripletMarginLoss(margin: 4).evaluate(embeddings: embeddings, triplets: triplets)
    #expect(active.loss == 1 && active.activeTripletFraction == 1)
    #expect(active.gradient.values == [2, 2, -4])
  }

  @Test(arguments: LossReduction.allCases)
  func noTripletsNoLoss(reduction: LossReduction) {
    let loss = TripletMarginLoss(reduction: reduction)
    let evaluation = loss.evaluate(embeddings: EmbeddingMatrix(rows: [[1, 2], [3, 4]]), triplets: [])
    #expect(evaluation.loss == 0 && evaluation.activeTripletFraction == 0)
    #expect(evaluation.gradient == EmbeddingMatrix(rows: [[0, 0], [0, 0]]))
    #expect(loss.evaluate(embeddings: EmbeddingMatrix(rows: []), triplets: []).gradient.values.isEmpty)
  }

  @Test(arguments: [Float.nan, .infinity])
  func divergenceReachesTheLoss(value: Float) {
    let embeddings = EmbeddingMatrix(rows: [[0], [value], [value]])
    let triplets = [Triplet(anchor: 0, positive: 1, negative: 2)]
    #expect(TripletMarginLoss().evaluate(embeddings: embeddings, triplets: triplets).loss.isNaN)
  }
}
