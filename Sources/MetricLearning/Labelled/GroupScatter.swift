/// How vectors of one group differ, and how much of all scatter the groups explain.
struct GroupScatter {
  /// 1 minus the share of all scatter that lies within groups: 0...1, and 0 for groups by chance.
  let trust: Double
  /// The deviations of vectors from the means of their groups; empty if no group has two vectors, or if there is one.
  private let deviations: [Float]
  private let squares: Double

  /// Groups vectors by their labels; those without a label take no part.
  init(_ vectors: EmbeddingMatrix, labels: [Int?]) {
    let labelled = labels.indices.filter { labels[$0] != nil }
    let groups = LabelGroups(labelled.map { labels[$0] ?? 0 }).songs.map { $0.map { labelled[$0] } }
      .filter { $0.count > 1 }
    guard groups.count > 1 else {
      (trust, deviations, squares) = (0, [], 0)
      return
    }
    deviations = groups.flatMap { group in Scatter.deviations(of: group.map { Array(vectors[$0]) }) }
    squares = deviations.reduce(0) { $0 + Double($1) * Double($1) }
    let count = groups.reduce(0) { $0 + $1.count }
    let all = Scatter.deviations(of: (0..<vectors.count).map { Array(vectors[$0]) })
    let total = all.reduce(0) { $0 + Double($1) * Double($1) } / Double(vectors.count)
    trust = total > 0 ? max(0, 1 - squares / Double(count) / total) : 0
  }

  /// Rows whose scatter is that of the deviations, with a trace of `weight`.
  func rows(weight: Double) -> [Float] {
    guard squares > 0, weight > 0 else { return [] }
    let factor = Float((weight / squares).squareRoot())
    return deviations.map { $0 * factor }
  }
}
