import Datasets
import Evaluation
import MetricLearning

/// Finds the answers to test songs, which ask for their class among all songs.
struct AnswerSearch {
  private let evaluation: RetrievalEvaluation
  /// The same evaluation without songs by the query's own artist.
  private let filtered: RetrievalEvaluation

  /// A search among these songs.
  init(_ songs: Manifest) {
    let labels = SongLabels(songs.songs)
    let references = songs.songs.map(labels.retrievalSong)
    evaluation = RetrievalEvaluation(references: references)
    filtered = RetrievalEvaluation(references: references, artistFilter: true)
  }

  /// What the queries find.
  func answers(of queries: [Int], among songs: ComparedSongs) throws -> [RunResult.Answer] {
    var row = [Float](repeating: 0, count: evaluation.references.count)
    return try queries.map { song in
      let query = query(song)
      let similarities = try songs.similarities(song)
      var answer = RunResult.Answer(
        song: song, measures: measures(evaluation, query, similarities),
        neighbours: evaluation.nearest(RunResult.neighbourCount, to: query, similarities: similarities))
      answer.otherArtists = query.song.artist == nil ? nil : measures(filtered, query, similarities)
      if let coordinates = songs.coordinates {
        EmbeddingComparison.euclidean.writeSimilarities(from: coordinates[song], to: coordinates, into: &row)
        answer.euclidean = measures(evaluation, query, row)
        EmbeddingComparison.manhattan.writeSimilarities(from: coordinates[song], to: coordinates, into: &row)
        answer.manhattan = measures(evaluation, query, row)
      }
      return answer
    }
  }

  /// What the queries find by chance, on average.
  func chance(of queries: [Int]) -> [RunResult.Answer] {
    queries.map { song in
      let query = query(song)
      var answer = RunResult.Answer(
        song: song, measures: evaluation.expectedRandomMeasures(of: query), neighbours: [])
      answer.otherArtists = query.song.artist == nil ? nil : filtered.expectedRandomMeasures(of: query)
      return answer
    }
  }

  /// How unevenly songs come up among the nearest neighbours of all songs.
  func hubness(_ songs: ComparedSongs) throws -> RunResult.Hubs {
    let nearest = try evaluation.references.indices.map { song in
      evaluation.nearest(RunResult.neighbourCount, to: query(song), similarities: try songs.similarities(song))
    }
    return RunResult.Hubs(Hubness(nearest: nearest, referenceCount: evaluation.references.count))
  }

  private func query(_ song: Int) -> RetrievalQuery {
    RetrievalQuery(song: evaluation.references[song], referenceIndex: song)
  }

  private func measures(
    _ evaluation: RetrievalEvaluation, _ query: RetrievalQuery, _ similarities: [Float]
  ) -> QueryMeasures? {
    evaluation.relevantRanks(of: query, similarities: similarities).map(QueryMeasures.init)
  }
}
