/// How embeddings are compared when songs are ranked: by their angle or by a distance. `AnswerSearch` and
/// `ComparisonTables` in Experiments take the distances that a report shows.
public enum EmbeddingComparison: String, CaseIterable, Codable, Sendable {
  /// The cosine similarity, as in the paper.
  case cosine
  /// The Euclidean distance.
  case euclidean
  /// The Manhattan distance.
  case manhattan

  /// Writes how similar one song is to each reference into `row`, larger when closer: `references.count` elements.
  ///
  /// Distances are negated, and the Euclidean distance is squared, which does not change the ranking.
  public func writeSimilarities(
    from query: ArraySlice<Float>, to references: EmbeddingMatrix, into row: inout [Float]
  ) {
    precondition(row.count == references.count, "a row of \(row.count) for \(references.count) similarities")
    switch self {
    case .cosine:
      CosineSimilarity().write(from: query, to: references, into: &row)
    case .euclidean:
      let distance = SquaredEuclideanDistance()
      for reference in row.indices { row[reference] = -Float(distance(query, references[reference])) }
    case .manhattan:
      let distance = ManhattanDistance()
      for reference in row.indices { row[reference] = -Float(distance(query, references[reference])) }
    }
  }
}
