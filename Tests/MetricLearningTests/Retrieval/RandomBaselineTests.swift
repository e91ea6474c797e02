import MetricLearning
import Reproducibility
import Testing

@Suite struct RandomBaselineTests {
  /// All ways in which the relevant can be distributed among the references.
  @Test(arguments: 1...9)
  func isTheMeanOverAllOrders(rankedCount: Int) {
    for relevantCount in 1...rankedCount {
      var all: [QueryMeasures] = []
      for way in 0..<(1 << rankedCount) where way.nonzeroBitCount == relevantCount {
        let ranks = (1...rankedCount).filter { way >> ($0 - 1) & 1 == 1 }
        all.append(QueryMeasures(RelevantRanks(ranks: ranks, rankedCount: rankedCount)))
      }
      let expected = QueryMeasures(expectedOfRelevant: relevantCount, among: rankedCount)
      let measures: [KeyPath<QueryMeasures, Double>] = [
        \.reciprocalRank, \.averagePrecision, \.precisionAt1, \.precisionAt5, \.precisionAt9,
      ]
      for measure in measures {
        let mean = all.reduce(0) { $0 + $1[keyPath: measure] } / Double(all.count)
        #expect(abs(expected[keyPath: measure] - mean) < 1e-12, "\(relevantCount) of \(rankedCount)")
      }
    }
  }

  @Test func countsWhatTheEvaluationRanks() {
    var generator = SeededGenerator(seed: 6)
    let references = (0..<30).map { index in
      RetrievalSong(classIndex: index == 29 ? nil : index % 3, artist: index % 10)
    }
    let evaluation = RetrievalEvaluation(references: references, artistFilter: true)
    let queries = evaluation.everySongAsQuery
    let names = ["a", "b", "c"]
    let expected = RetrievalMetrics(
      queryMeasures: queries.map { ($0.song.classIndex, evaluation.expectedRandomMeasures(of: $0)) },
      classNames: names)
    #expect(expected.queries == 29 && expected.skippedQueries == 1 && expected.classes.count == 3)
    // The mean over many random orders is close.
    let rounds = 400
    var (map, mrr) = (0.0, 0.0)
    for _ in 0..<rounds {
      let metrics = evaluation.metrics(of: queries, classNames: names) { _, row in
        for index in row.indices { row[index] = Float(generator.uniform()) }
      }
      #expect(metrics.queries == 29 && metrics.skippedQueries == 1)
      map += metrics.map / Double(rounds)
      mrr += metrics.mrr / Double(rounds)
    }
    #expect(abs(map - expected.map) < 0.005 && abs(mrr - expected.mrr) < 0.01)
  }

  @Test func largeCollectionsStayExact() {
    // H_n / n + … tends to m / n for many relevant references.
    let measures = QueryMeasures(expectedOfRelevant: 50_000, among: 100_000)
    #expect(abs(measures.averagePrecision - 0.5) < 1e-4)
    #expect(abs(measures.reciprocalRank - 0.693147) < 1e-4)
    #expect(QueryMeasures(expectedOfRelevant: 100_000, among: 100_000).averagePrecision == 1)
  }
}
