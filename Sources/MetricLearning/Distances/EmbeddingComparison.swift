/// How embeddings are compared when songs are ranked: by an angle or by a distance.
public enum EmbeddingComparison: String, CaseIterable, Codable, Sendable {
  /// The cosine similarity, as in the paper.
  case cosine
  /// The Euclidean distance.
  case euclidean
  /// The Manhattan distance.
  case manhattan

  /// Writes how similar one song is to each reference into `row`, larger when closer: `references.count` elements.
  ///
  /// A distance is written as its negative, the Euclidean one squared, which ranks alike.
  public func writeSimilarities(
    from query: ArraySlice<Float>, to references: EmbeddingMatrix, into row: inout [Float]
  ) {
    precondition(row.count == references.count, "\(row.count) places for \(references.count) similarities")
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
