/// How well queries found the songs of their class (paper 2.7): means over the queries, each in 0...1.
///
/// Encodes as `{"queries","skippedQueries","mrr","map","p@1","p@5","p@9","classes":[{"name","queries",…}]}`.
public struct RetrievalMetrics: Sendable, Hashable, Codable {
  /// The measures over the queries of one class.
  public struct ClassMetrics: Sendable, Hashable, Codable {
    /// The name of the class.
    public let name: String
    /// The number of queries measured.
    public let queries: Int
    /// The mean reciprocal rank of the first relevant reference.
    public let mrr: Double
    /// The mean average precision.
    public let map: Double
    /// The mean precision of the first recommendation.
    public let precisionAt1: Double
    /// The mean precision of the first five recommendations.
    public let precisionAt5: Double
    /// The mean precision of the first nine recommendations.
    public let precisionAt9: Double

    private enum CodingKeys: String, CodingKey {
      case name, queries, mrr, map
      case precisionAt1 = "p@1"
      case precisionAt5 = "p@5"
      case precisionAt9 = "p@9"
    }
  }

  /// The number of queries measured; if it is 0, so are all measures.
  public let queries: Int
  /// The number of queries that were left out, since no reference is relevant to them.
  public let skippedQueries: Int
  /// The mean reciprocal rank of the first relevant reference.
  public let mrr: Double
  /// The mean average precision.
  public let map: Double
  /// The mean precision of the first recommendation.
  public let precisionAt1: Double
  /// The mean precision of the first five recommendations.
  public let precisionAt5: Double
  /// The mean precision of the first nine recommendations.
  public let precisionAt9: Double
  /// The measures of each class with a query that was measured, in the order of the classes.
  public let classes: [ClassMetrics]

  private enum CodingKeys: String, CodingKey {
    case queries, skippedQueries, mrr, map
    case precisionAt1 = "p@1"
    case precisionAt5 = "p@5"
    case precisionAt9 = "p@9"
    case classes
  }

  /// Averages the results of queries.
  ///
  /// - Parameters:
  ///   - results: for each query its class, as an index of `classNames`, and the ranks of the relevant references; nil
  ///     if there are none.
  ///   - classNames: the names of the classes.
  public init(results: [(classIndex: Int?, ranks: RelevantRanks?)], classNames: [String]) {
    self.init(
      queryMeasures: results.map { ($0.classIndex, $0.ranks.map(QueryMeasures.init)) }, classNames: classNames)
  }

  /// Averages the measures of queries.
  ///
  /// - Parameters:
  ///   - queryMeasures: for each query its class, as an index of `classNames`, and its measures; nil if no reference
  ///     is relevant to it.
  ///   - classNames: the names of the classes.
  public init(queryMeasures: [(classIndex: Int?, measures: QueryMeasures?)], classNames: [String]) {
    let measured = queryMeasures.compactMap(\.measures)
    queries = measured.count
    skippedQueries = queryMeasures.count - measured.count
    mrr = Self.mean(of: measured, \.reciprocalRank)
    map = Self.mean(of: measured, \.averagePrecision)
    precisionAt1 = Self.mean(of: measured, \.precisionAt1)
    precisionAt5 = Self.mean(of: measured, \.precisionAt5)
    precisionAt9 = Self.mean(of: measured, \.precisionAt9)

    var byClass = [[QueryMeasures]](repeating: [], count: classNames.count)
    for query in queryMeasures {
      guard let classIndex = query.classIndex, let measures = query.measures else { continue }
      precondition(byClass.indices.contains(classIndex), "class \(classIndex) of \(classNames.count)")
      byClass[classIndex].append(measures)
    }
    classes = zip(classNames, byClass).filter { !$0.1.isEmpty }.map { name, measures in
      ClassMetrics(
        name: name, queries: measures.count,
        mrr: Self.mean(of: measures, \.reciprocalRank), map: Self.mean(of: measures, \.averagePrecision),
        precisionAt1: Self.mean(of: measures, \.precisionAt1),
        precisionAt5: Self.mean(of: measures, \.precisionAt5),
        precisionAt9: Self.mean(of: measures, \.precisionAt9))
    }
  }

  private static func mean(of measures: [QueryMeasures], _ value: (QueryMeasures) -> Double) -> Double {
    measures.isEmpty ? 0 : measures.reduce(0) { $0 + value($1) } / Double(measures.count)
  }
}
