import MetricLearning
import Reproducibility
import Testing

@Suite struct TripletMinerTests {
  private func mine(_ miner: TripletMiner, _ batch: RandomBatch, margin: Float = 1, seed: UInt64 = 1) -> [Triplet] {
    var generator = SeededGenerator(seed: seed)
    return miner.triplets(distances: batch.distances, labels: batch.labels, margin: margin, using: &generator)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func hardTakesFarthestPositiveAndClosestNegative(seed: UInt64) {
    let batch = RandomBatch(seed: seed)
    let all = batch.allTriplets
    let expected = all.filter { triplet in
      !all.contains { other in
        guard other.anchor == triplet.anchor else { return false }
        let positive = batch.distances[other.anchor, other.positive]
        let negative = batch.distances[other.anchor, other.negative]
        return (-positive, other.positive)
          < (-batch.distances[triplet.anchor, triplet.positive], triplet.positive)
          || (negative, other.negative) < (batch.distances[triplet.anchor, triplet.negative], triplet.negative)
      }
    }
    #expect(mine(.hard, batch) == expected)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func customTakesEveryPositiveWithTheClosestNegative(seed: UInt64) {
    let batch = RandomBatch(seed: seed)
    let all = batch.allTriplets
    let expected = all.filter { triplet in
      !all.contains { other in
        other.anchor == triplet.anchor
          && (batch.distances[other.anchor, other.negative], other.negative)
            < (batch.distances[triplet.anchor, triplet.negative], triplet.negative)
      }
    }
    #expect(mine(.custom, batch) == expected)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func semiHardTakesOneNegativeOfTheBandForEachPair(seed: UInt64) {
    let batch = RandomBatch(seed: seed)
    let margin: Float = 0.75
    let band = batch.allTriplets.filter { triplet in
      let positive = batch.distances[triplet.anchor, triplet.positive]
      let negative = batch.distances[triplet.anchor, triplet.negative]
      return positive < negative && negative < positive + margin
    }
    let mined = mine(.semiHard, batch, margin: margin)
    #expect(mined.map(Pair.init) == orderedPairs(of: band), "each pair with a band once, in order")
    #expect(Set(mined).isSubset(of: band))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func randomTakesOneTripletForEachAnchor(seed: UInt64) {
    let batch = RandomBatch(seed: seed)
    let all = batch.allTriplets
    let mined = mine(.random, batch)
    #expect(mined.map(\.anchor) == Set(all.map(\.anchor)).sorted())
    #expect(Set(mined).isSubset(of: all))
  }

  @Test(arguments: [TripletMiner.random, .semiHard])
  func everyCandidateIsDrawnEquallyOften(miner: TripletMiner) throws {
    let labels = [0, 0, 1, 1, 1, 0, 2]
    // Anchor 0: positives 1 and 5; negatives 2, 3, 4 within the band, 6 beyond it.
    var values = [Float](repeating: 9, count: 49)
    values[1] = 1
    values[5] = 1
    values[2] = 1.25
    values[3] = 1.5
    values[4] = 1.75
    let distances = DistanceMatrix(count: 7, values: values)
    var generator = SeededGenerator(seed: 5)
    var drawn: [Triplet: Int] = [:]
    let rounds = 4000
    for _ in 0..<rounds {
      let triplets = miner.triplets(distances: distances, labels: labels, margin: 1, using: &generator)
      for triplet in triplets where triplet.anchor == 0 {
        drawn[triplet, default: 0] += 1
      }
    }
    let negatives = miner == .random ? [2, 3, 4, 6] : [2, 3, 4]
    let share = Double(rounds) / Double(miner == .random ? 8 : 3)
    #expect(drawn.count == 2 * negatives.count)
    for positive in [1, 5] {
      for negative in negatives {
        let count = try #require(drawn[Triplet(anchor: 0, positive: positive, negative: negative)])
        #expect(abs(Double(count) - share) < 5 * share.squareRoot(), "\(positive), \(negative): \(count)")
      }
    }
  }

  @Test func agreesWithPyTorchMetricLearning() throws {
    for golden in try MetricGoldens.load().minedTriplets {
      let embeddings = EmbeddingMatrix(rows: golden.embeddings)
      let distances = SquaredEuclideanDistance().matrix(of: embeddings)
      var generator = SeededGenerator(seed: 1)
      func mined(_ miner: TripletMiner) -> [[Int]] {
        miner.triplets(distances: distances, labels: golden.labels, margin: golden.margin, using: &generator)
          .map { [$0.anchor, $0.positive, $0.negative] }
      }
      #expect(mined(.hard) == golden.hard)
      #expect(mined(.custom) == golden.custom)
      var unseen = Set(golden.semiHardBand)
      for _ in 0..<2000 {
        let triplets = mined(.semiHard)
        #expect(Set(triplets).isSubset(of: golden.semiHardBand))
        unseen.subtract(triplets)
      }
      #expect(unseen.isEmpty, "the whole band is drawn from")
    }
  }

  @Test(arguments: TripletMiner.allCases, [[], [3], [0, 0, 0], [0, 1, 2]])
  func findsNothingWithoutPositivesAndNegatives(miner: TripletMiner, labels: [Int]) {
    var generator = SeededGenerator(seed: 1)
    let distances = DistanceMatrix(
      count: labels.count, values: [Float](repeating: 0.5, count: labels.count * labels.count))
    #expect(miner.triplets(distances: distances, labels: labels, margin: 1, using: &generator).isEmpty)
  }

  @Test func numbersComeBeforeNaN() {
    var generator = SeededGenerator(seed: 1)
    var values = [Float](repeating: .nan, count: 36)
    values[2] = 0.5
    values[4] = 2
    let distances = DistanceMatrix(count: 6, values: values)
    let labels = [0, 0, 0, 1, 1, 1]
    let hard = TripletMiner.hard.triplets(distances: distances, labels: labels, margin: 1, using: &generator)
    #expect(hard[0] == Triplet(anchor: 0, positive: 2, negative: 4))
    #expect(hard[1] == Triplet(anchor: 1, positive: 0, negative: 3))
    #expect(TripletMiner.semiHard.triplets(distances: distances, labels: labels, margin: 1, using: &generator) == [])
  }

  @Test(arguments: TripletMiner.allCases)
  func sameSeedMinesTheSame(miner: TripletMiner) {
    let batch = RandomBatch(seed: 11)
    #expect(mine(miner, batch, seed: 7) == mine(miner, batch, seed: 7))
  }

  @Test func namesAreThoseOfTheCommandLine() {
    #expect(TripletMiner.allCases.map(\.rawValue) == ["random", "semi-hard", "custom", "hard"])
  }
}

/// An anchor with a positive.
private struct Pair: Hashable {
  let anchor: Int
  let positive: Int

  init(_ triplet: Triplet) {
    anchor = triplet.anchor
    positive = triplet.positive
  }
}

private func orderedPairs(of triplets: [Triplet]) -> [Pair] {
  Set(triplets.map(Pair.init)).sorted { ($0.anchor, $0.positive) < ($1.anchor, $1.positive) }
}
