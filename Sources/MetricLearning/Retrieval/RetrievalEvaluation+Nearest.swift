extension RetrievalEvaluation {
  /// The references that rank first for a query, best first: `count` of them, or all if there are fewer.
  ///
  /// `similarities` holds the similarity of the query to each reference. The order is the one of `relevantRanks`.
  /// O(references · log count).
  public func nearest(_ count: Int, to query: RetrievalQuery, similarities: [Float]) -> [Int] {
    precondition(count >= 0, "the nearest \(count) references")
    precondition(
      similarities.count == references.count,
      "\(similarities.count) similarities to \(references.count) references")
    var nearest: [Int] = []
    for reference in references.indices where isRanked(reference: reference, for: query) {
      if nearest.count == count {
        guard let last = nearest.last, Self.precedes(reference, last, similarities) else { continue }
        nearest.removeLast()
      }
      nearest.insert(
        reference, at: Self.firstIndex(in: nearest) { Self.precedes(reference, $0, similarities) })
    }
    return nearest
  }
}
