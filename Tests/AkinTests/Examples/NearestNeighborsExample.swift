import NearestNeighbors

/// The names of the vectors that are most similar to a query by their cosine, the most similar first.
func names(nearestTo query: [Float], in vectors: KeyValuePairs<String, [Float]>, count: Int) throws -> [String] {
  let index = try CosineIndex(
    ids: vectors.map(\.key), dimension: query.count, vectors: vectors.flatMap(\.value))
  return try index.nearest(to: query, count: count).map(\.id)
}
