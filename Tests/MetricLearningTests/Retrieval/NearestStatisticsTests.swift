import MetricLearning
import Reproducibility
import Testing

/// Nearest references by three measures, and hubness.
@Suite struct NearestStatisticsTests {
  @Test func agreesWithScikitLearn() throws {
    let golden = try EvaluationGoldens.load().neighbours
    let vectors = EmbeddingMatrix(rows: golden.vectors)
    let evaluation = RetrievalEvaluation(references: golden.labels.map { RetrievalSong(classIndex: $0) })
    let queries = evaluation.everySongAsQuery
    var row = [Float](repeating: 0, count: vectors.count)
    #expect(golden.cases.count == 6)
    for expected in golden.cases {
      let nearest = queries.indices.map { query in
        expected.measure.writeSimilarities(from: vectors[query], to: vectors, into: &row)
        return evaluation.nearest(expected.k, to: queries[query], similarities: row)
      }
      #expect(nearest == expected.nearest, "\(expected.measure)")
      let hubness = Hubness(nearest: nearest, referenceCount: vectors.count)
      #expect(abs(hubness.skewness - expected.skewness) < 1e-12)
      #expect(hubness.largestOccurrence == expected.largest && hubness.antiHubShare == expected.antiHubShare)
      #expect(hubness.occurrences[try #require(hubness.largestHub)] == expected.largest)
    }
  }

  /// The nearest are the first of the ranking from which relevant ranks are taken.
  @Test(arguments: 0..<100 as Range<UInt64>)
  func nearestIsTheHeadOfTheRanking(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let references = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
      RetrievalSong(
        classIndex: Int.random(in: 0..<2, using: &generator), artist: Int.random(in: 0..<4, using: &generator))
    }
    let choices: [Float] = [.nan, -.infinity, 0, 0.5, 1]
    let similarities = references.map { _ in choices[Int.random(in: choices.indices, using: &generator)] }
    let evaluation = RetrievalEvaluation(references: references, artistFilter: seed.isMultiple(of: 2))
    for query in evaluation.everySongAsQuery {
      let all = evaluation.nearest(references.count, to: query, similarities: similarities)
      let relevant = all.indices.filter { references[all[$0]].classIndex == query.song.classIndex }
      let ranks = evaluation.relevantRanks(of: query, similarities: similarities)
      #expect((ranks?.ranks ?? []) == relevant.map { $0 + 1 })
      #expect(ranks.map { $0.rankedCount == all.count } ?? true)
      for count in 0...references.count {
        let nearest = evaluation.nearest(count, to: query, similarities: similarities)
        #expect(nearest == Array(all.prefix(count)))
      }
    }
  }

  @Test func hubnessOfEvenAndEmptyCollections() {
    let even = Hubness(nearest: [[1], [2], [0]], referenceCount: 3)
    #expect(even.skewness == 0 && even.largestOccurrence == 1 && even.largestHub == 0 && even.antiHubShare == 0)
    let none = Hubness(nearest: [], referenceCount: 0)
    #expect(none.skewness == 0 && none.largestOccurrence == 0 && none.largestHub == nil && none.antiHubShare == 0)
  }

  @Test(arguments: [0, 1, 3, 4, 5, 9, 60])
  func manhattanIsTheSumOfDifferences(dimension: Int) {
    var generator = SeededGenerator(seed: UInt64(dimension))
    let vectors = EmbeddingMatrix(
      count: 2, dimension: dimension, values: (0..<2 * dimension).map { _ in Float(generator.normal()) })
    let expected = zip(vectors[0], vectors[1]).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) }
    #expect(abs(ManhattanDistance()(vectors[0], vectors[1]) - expected) < 1e-12)
    #expect(ManhattanDistance()(vectors[1], vectors[0]) == ManhattanDistance()(vectors[0], vectors[1]))
  }

  @Test(arguments: EmbeddingComparison.allCases)
  func closerIsLarger(comparison: EmbeddingComparison) {
    let references = EmbeddingMatrix(rows: [[1, 1], [1, 2], [-1, 3], [.nan, 0]])
    var row = [Float](repeating: 0, count: 4)
    comparison.writeSimilarities(from: references[0], to: references, into: &row)
    #expect(row[0] > row[1] && row[1] > row[2] && row[3].isNaN)
  }
}
