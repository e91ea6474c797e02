/// Ranks references by their similarity to queries and measures how many of the same class come first (paper 2.7).
///
/// A reference is *relevant* to a query of the same class. If the query itself is among the references, it is left out
/// of the ranking; with the artist filter, so are the songs by its artist. The most similar rank first; equal
/// similarities rank in the order of the references; NaN ranks last.
///
/// Only one row of similarities is in memory at a time, so that memory grows with the references, not with the queries:
/// ```swift
/// let evaluation = RetrievalEvaluation(references: songs)
/// let metrics = evaluation.metrics(of: evaluation.everySongAsQuery, classNames: names) { query, row in
///   cosine.write(from: embeddings[query], to: embeddings, into: &row)
/// }
/// ```
public struct RetrievalEvaluation: Sendable {
  /// The songs to find, in the order in which ties rank.
  public let references: [RetrievalSong]
  /// Whether songs by the query's own artist are left out, so that the sound counts and not the production.
  public let artistFilter: Bool

  /// Creates an evaluation over references.
  public init(references: [RetrievalSong], artistFilter: Bool = false) {
    self.references = references
    self.artistFilter = artistFilter
  }

  /// Each reference as a query for all the others.
  public var everySongAsQuery: [RetrievalQuery] {
    references.enumerated().map { RetrievalQuery(song: $0.element, referenceIndex: $0.offset) }
  }

  /// The ranks of the relevant references in the ranking of one query; nil if there are none.
  ///
  /// `similarities` holds the similarity of the query to each reference. O(r log m) for r references of which m are
  /// relevant. Safe to call from several threads at once.
  public func relevantRanks(of query: RetrievalQuery, similarities: [Float]) -> RelevantRanks? {
    precondition(
      similarities.count == references.count,
      "\(similarities.count) similarities to \(references.count) references")
    let ranked = references.indices.filter { isRanked(reference: $0, for: query) }
    guard let classIndex = query.song.classIndex else { return nil }
    let relevant = ranked.filter { references[$0].classIndex == classIndex }
      .sorted { Self.precedes($0, $1, similarities) }
    guard !relevant.isEmpty else { return nil }

    // steps[i] counts the references from after relevant reference i - 1 up to relevant reference i; the running sum is
    // the rank. The last step counts the references after all relevant ones, and is left out.
    var steps = [Int](repeating: 0, count: relevant.count + 1)
    for reference in ranked {
      steps[Self.firstIndex(in: relevant) { !Self.precedes($0, reference, similarities) }] += 1
    }
    var rank = 0
    let ranks = steps.dropLast().map { step in
      rank += step
      return rank
    }
    return RelevantRanks(ranks: ranks, rankedCount: ranked.count)
  }

  /// The measures of all queries.
  ///
  /// - Parameters:
  ///   - queries: the queries.
  ///   - classNames: the names of the classes that songs refer to.
  ///   - writeSimilarities: is given the index of a query and a row to fill with its similarity to each reference.
  /// - Throws: what `writeSimilarities` throws.
  public func metrics<Failure: Error>(
    of queries: [RetrievalQuery], classNames: [String],
    writeSimilarities: (_ query: Int, _ row: inout [Float]) throws(Failure) -> Void
  ) throws(Failure) -> RetrievalMetrics {
    var row = [Float](repeating: 0, count: references.count)
    var results: [(classIndex: Int?, ranks: RelevantRanks?)] = []
    for (index, query) in queries.enumerated() {
      try writeSimilarities(index, &row)
      results.append((query.song.classIndex, relevantRanks(of: query, similarities: row)))
    }
    return RetrievalMetrics(results: results, classNames: classNames)
  }

  func isRanked(reference: Int, for query: RetrievalQuery) -> Bool {
    if reference == query.referenceIndex { return false }
    guard artistFilter, let artist = query.song.artist else { return true }
    return references[reference].artist != artist
  }

  /// Whether the first reference ranks before the second: a total order over different references.
  static func precedes(_ first: Int, _ second: Int, _ similarities: [Float]) -> Bool {
    let (x, y) = (similarities[first], similarities[second])
    if x > y { return true }
    if x < y { return false }
    if x.isNaN != y.isNaN { return y.isNaN }
    return first < second
  }

  /// The first index of a sorted list that meets a condition, as do all that follow; the count if none does.
  static func firstIndex(in sorted: [Int], where condition: (Int) -> Bool) -> Int {
    var range = 0..<sorted.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = condition(sorted[middle]) ? range.lowerBound..<middle : middle + 1..<range.upperBound
    }
    return range.lowerBound
  }
}
