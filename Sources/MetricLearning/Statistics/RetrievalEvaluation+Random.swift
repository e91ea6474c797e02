extension RetrievalEvaluation {
  /// The measures of chance: what a random order of the references has on average, computed and not drawn.
  ///
  /// It knows how many references are relevant to each query, and leaves out the same queries and references as
  /// `metrics` does. O(queries · references).
  public func expectedRandomMetrics(of queries: [RetrievalQuery], classNames: [String]) -> RetrievalMetrics {
    RetrievalMetrics(
      queryMeasures: queries.map { ($0.song.classIndex, expectedRandomMeasures(of: $0)) }, classNames: classNames)
  }

  /// The measures of chance of one query; nil where no reference is relevant to it.
  public func expectedRandomMeasures(of query: RetrievalQuery) -> QueryMeasures? {
    guard let classIndex = query.song.classIndex else { return nil }
    let ranked = references.indices.filter { isRanked(reference: $0, for: query) }
    let relevantCount = ranked.count { references[$0].classIndex == classIndex }
    guard relevantCount > 0 else { return nil }
    return QueryMeasures(expectedOfRelevant: relevantCount, among: ranked.count)
  }
}
