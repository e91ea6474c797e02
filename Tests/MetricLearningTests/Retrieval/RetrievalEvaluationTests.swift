import Foundation
import MetricLearning
import Reproducibility
import Testing

@Suite struct RetrievalEvaluationTests {
  @Test func agreesWithScikitLearnAndPyTorchMetricLearning() throws {
    for golden in try MetricGoldens.load().retrievals {
      let embeddings = EmbeddingMatrix(rows: golden.embeddings)
      let classCount = try #require(golden.labels.max()) + 1
      let evaluation = RetrievalEvaluation(references: golden.labels.map { RetrievalSong(classIndex: $0) })
      let queries = evaluation.everySongAsQuery
      var averagePrecisions: [Double] = []
      let metrics = evaluation.metrics(of: queries, classNames: (0..<classCount).map { "\($0)" }) { query, row in
        CosineSimilarity().write(from: embeddings[query], to: embeddings, into: &row)
        let ranks = evaluation.relevantRanks(of: queries[query], similarities: row)
        averagePrecisions.append(ranks?.averagePrecision ?? .nan)
      }
      #expect(metrics.queries == golden.labels.count && metrics.skippedQueries == 0)
      for (value, golden) in zip(averagePrecisions, golden.averagePrecisions) {
        #expect(abs(value - golden) < 1e-12)
      }
      #expect(abs(metrics.map - golden.map) < 1e-12)
      #expect(abs(metrics.mrr - golden.mrr) < 1e-12)
      for (value, golden) in zip(
        [metrics.precisionAt1, metrics.precisionAt5, metrics.precisionAt9], golden.precisions)
      {
        #expect(abs(value - golden) < 1e-12)
      }
      let weighted = metrics.classes.reduce(0) { $0 + $1.map * Double($1.queries) }
      #expect(abs(weighted / Double(metrics.queries) - golden.map) < 1e-12)
      #expect(metrics.classes.reduce(0) { $0 + $1.queries } == metrics.queries)
    }
  }

  /// Ties, NaN, unknown classes and artists, and the artist filter, compared with a plain loop.
  @Test(arguments: 0..<300 as Range<UInt64>)
  func ranksAsStated(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let count = Int.random(in: 0...30, using: &generator)
    let references = (0..<count).map { _ in
      RetrievalSong(
        classIndex: Int.random(in: 0..<10, using: &generator) == 0 ? nil : Int.random(in: 0..<3, using: &generator),
        artist: Int.random(in: 0..<4, using: &generator) == 0 ? nil : Int.random(in: 0..<5, using: &generator))
    }
    let choices: [Float] = [.nan, -.infinity, -0.5, -0.0, 0, 0.25, 0.5, 1]
    let similarities = (0..<count).map { _ in choices[Int.random(in: choices.indices, using: &generator)] }
    let filter = seed.isMultiple(of: 2)
    let evaluation = RetrievalEvaluation(references: references, artistFilter: filter)
    let strangers = [RetrievalQuery(song: RetrievalSong(classIndex: 1, artist: 2), referenceIndex: nil)]
    for query in evaluation.everySongAsQuery + strangers {
      var left = references.indices.filter { index in
        let sameArtist = query.song.artist != nil && references[index].artist == query.song.artist
        return index != query.referenceIndex && !(filter && sameArtist)
      }
      let rankedCount = left.count
      var ranks: [Int] = []
      for rank in 1...max(1, rankedCount) where !left.isEmpty {
        // The next one: the first with the largest number, or the first of all if only NaN are left.
        var next = left[0]
        for index in left where similarities[index] > similarities[next] || similarities[next].isNaN {
          if !similarities[index].isNaN { next = index }
        }
        left.removeAll { $0 == next }
        if query.song.classIndex != nil && references[next].classIndex == query.song.classIndex {
          ranks.append(rank)
        }
      }
      let result = evaluation.relevantRanks(of: query, similarities: similarities)
      #expect(result == (ranks.isEmpty ? nil : RelevantRanks(ranks: ranks, rankedCount: rankedCount)))
    }
  }

  @Test func measuresFollowFromRanks() {
    let ranks = RelevantRanks(ranks: [2, 3, 7], rankedCount: 20)
    #expect(ranks.reciprocalRank == 0.5)
    #expect(abs(ranks.averagePrecision - (1 / 2.0 + 2 / 3.0 + 3 / 7.0) / 3) < 1e-15)
    #expect(ranks.precision(at: 1) == 0)
    #expect(ranks.precision(at: 5) == 0.4)
    #expect(ranks.precision(at: 9) == 3 / 9.0)
    #expect(RelevantRanks(ranks: [1, 2], rankedCount: 2).precision(at: 9) == 1, "of two recommendations two are right")
  }

  @Test func queriesWithoutRelevantReferencesAreCounted() {
    // The third song is alone in its class; the fourth has none.
    let references = [0, 0, 1, nil].map { RetrievalSong(classIndex: $0) }
    let evaluation = RetrievalEvaluation(references: references)
    let metrics = evaluation.metrics(of: evaluation.everySongAsQuery, classNames: ["a", "b"]) { _, row in
      row = [0, 0, 1, 1]
    }
    #expect(metrics.queries == 2 && metrics.skippedQueries == 2)
    #expect(metrics.mrr == 1 / 3.0 && metrics.map == 1 / 3.0 && metrics.precisionAt1 == 0)
    #expect(metrics.precisionAt9 == 1 / 3.0)
    #expect(metrics.classes.map(\.name) == ["a"])
  }

  @Test func theArtistFilterTakesTheOwnArtistOutOfTheRanking() {
    let references = [(0, 7), (0, 7), (1, 8), (0, 9)].map { RetrievalSong(classIndex: $0.0, artist: $0.1) }
    let query = RetrievalQuery(song: references[0], referenceIndex: 0)
    let row: [Float] = [1, 0.9, 0.8, 0.7]
    let plain = RetrievalEvaluation(references: references).relevantRanks(of: query, similarities: row)
    let filtered = RetrievalEvaluation(references: references, artistFilter: true)
      .relevantRanks(of: query, similarities: row)
    #expect(plain == RelevantRanks(ranks: [1, 3], rankedCount: 3))
    #expect(filtered == RelevantRanks(ranks: [2], rankedCount: 2))
  }

  @Test func aSingleClassIsAlwaysRight() {
    let evaluation = RetrievalEvaluation(references: [RetrievalSong](repeating: .init(classIndex: 0), count: 12))
    let metrics = evaluation.metrics(of: evaluation.everySongAsQuery, classNames: ["only"]) { query, row in
      row = (0..<12).map { Float($0 * query % 5) }
    }
    #expect(
      [metrics.mrr, metrics.map, metrics.precisionAt1, metrics.precisionAt5, metrics.precisionAt9] == [1, 1, 1, 1, 1])
  }

  @Test func nothingToMeasure() throws {
    let evaluation = RetrievalEvaluation(references: [])
    let none = evaluation.metrics(of: [], classNames: []) { _, _ in }
    #expect(none.queries == 0 && none.skippedQueries == 0 && none.map == 0 && none.classes.isEmpty)
    let query = RetrievalQuery(song: RetrievalSong(classIndex: 0), referenceIndex: nil)
    let skipped = evaluation.metrics(of: [query], classNames: ["a"]) { _, _ in }
    #expect(skipped.queries == 0 && skipped.skippedQueries == 1)
    #expect(try JSONEncoder().encode(skipped).isEmpty == false, "no NaN, which JSON does not have")
  }

  @Test func encodesAsTheDocumentedShape() throws {
    let metrics = RetrievalMetrics(
      results: [(0, RelevantRanks(ranks: [1], rankedCount: 4)), (0, nil)], classNames: ["ABBA"])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(metrics)
    #expect(
      String(decoding: data, as: UTF8.self) == """
        {"classes":[{"map":1,"mrr":1,"name":"ABBA","p@1":1,"p@5":0.25,"p@9":0.25,"queries":1}],\
        "map":1,"mrr":1,"p@1":1,"p@5":0.25,"p@9":0.25,"queries":1,"skippedQueries":1}
        """)
    #expect(try JSONDecoder().decode(RetrievalMetrics.self, from: data) == metrics)
  }
}
