import MetricLearning
import NearestNeighbors

/// Lets test songs ask for their class among all songs.
struct AnswerSearch {
  /// The class of each song.
  let labels: [Int]

  /// The answers in a model's vectors, `labels.count` × dimension, in the space of all songs.
  func answers(of queries: [Int], model: EmbeddingModel, vectors: [Float]) throws -> [RunResult.Answer] {
    let space = try VectorSpace(model: model, fitting: vectors, count: labels.count)
    let placed = space.applied(to: vectors)
    let dimension = model.dimension
    let index = try CosineIndex(ids: Array(labels.indices), dimension: dimension, vectors: placed)
    return try answers(of: queries) { query in
      try index.similarities(to: Array(placed[query * dimension..<(query + 1) * dimension]))
    }
  }

  /// The answers by any similarity; `similarities` gives those of a song to each song, itself included.
  func answers(of queries: [Int], similarities: (_ query: Int) throws -> [Float]) rethrows -> [RunResult.Answer] {
    let evaluation = RetrievalEvaluation(references: labels.map { RetrievalSong(classIndex: $0) })
    return try queries.map { query in
      let row = try similarities(query)
      let ranks = evaluation.relevantRanks(
        of: RetrievalQuery(song: evaluation.references[query], referenceIndex: query), similarities: row)
      // As the evaluation ranks: equal similarities in the order of the songs.
      let order = row.indices.filter { $0 != query }.sorted { (row[$0], $1) > (row[$1], $0) }
      return RunResult.Answer(
        song: query, measures: ranks.map(QueryMeasures.init),
        neighbours: Array(order.prefix(RunResult.neighbourCount)))
    }
  }
}
