extension RetrievalEvaluation {
  /// The measures of chance for one query: the mean over all orders of the references, computed rather than drawn. Nil
  /// if no reference is relevant to it.
  ///
  /// References that `metrics` leaves out are left out here too. O(references).
  public func expectedRandomMeasures(of query: RetrievalQuery) -> QueryMeasures? {
    guard let classIndex = query.song.classIndex else { return nil }
    let ranked = references.indices.filter { isRanked(reference: $0, for: query) }
    let relevantCount = ranked.count { references[$0].classIndex == classIndex }
    guard relevantCount > 0 else { return nil }
    return QueryMeasures(expectedOfRelevant: relevantCount, among: ranked.count)
  }
}
