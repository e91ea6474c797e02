import Datasets
import Evaluation
import MetricLearning

/// Lets test songs ask for their class among all songs.
struct AnswerSearch {
  private let evaluation: RetrievalEvaluation
  /// The same with songs by the query's own artist taken out.
  private let filtered: RetrievalEvaluation

  /// A search among songs whose classes are asked for.
  init(_ songs: Manifest) {
    let labels = SongLabels(songs.songs)
    let references = songs.songs.map(labels.retrievalSong)
    evaluation = RetrievalEvaluation(references: references)
    filtered = RetrievalEvaluation(references: references, artistFilter: true)
  }

  /// What songs find.
  func answers(of queries: [Int], among songs: ComparedSongs) throws -> [RunResult.Answer] {
    var row = [Float](repeating: 0, count: evaluation.references.count)
    return try queries.map { song in
      let query = query(song)
      let similarities = try songs.similarities(song)
      var answer = RunResult.Answer(
        song: song, measures: measures(evaluation, query, similarities),
        neighbours: evaluation.nearest(RunResult.neighbourCount, to: query, similarities: similarities))
      answer.otherArtists = query.song.artist == nil ? nil : measures(filtered, query, similarities)
      if let places = songs.places {
        EmbeddingComparison.euclidean.writeSimilarities(from: places[song], to: places, into: &row)
        answer.euclidean = measures(evaluation, query, row)
        EmbeddingComparison.manhattan.writeSimilarities(from: places[song], to: places, into: &row)
        answer.manhattan = measures(evaluation, query, row)
      }
      return answer
    }
  }

  /// What songs find by chance, on average.
  func chance(of queries: [Int]) -> [RunResult.Answer] {
    queries.map { song in
      let query = query(song)
      var answer = RunResult.Answer(
        song: song, measures: evaluation.expectedRandomMeasures(of: query), neighbours: [])
      answer.otherArtists = query.song.artist == nil ? nil : filtered.expectedRandomMeasures(of: query)
      return answer
    }
  }

  /// How unevenly songs come up among the nearest of all others.
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
