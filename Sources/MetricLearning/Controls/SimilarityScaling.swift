/// Cross-domain similarity local scaling: 2 s(a, b) − r(a) − r(b), where r is a song's mean similarity to its nearest.
///
/// A hub is near to many, so r takes from it what it has too much. Larger is closer, in −4...4 for cosines. Source:
/// Conneau et al., *Word Translation Without Parallel Data* (2018), equation 4.
public struct SimilarityScaling: Sendable, Hashable, Codable {
  /// The number of nearest songs that r is the mean over; 10 in the source.
  public var neighborCount: Int

  /// Creates the scaling; `neighborCount` is at least 1.
  public init(neighborCount: Int = 10) {
    precondition(neighborCount > 0, "\(neighborCount) neighbours")
    self.neighborCount = neighborCount
  }

  /// r: the mean of the largest `neighborCount` similarities, of all where there are fewer, 0 of none; NaN is left out.
  ///
  /// - Parameters:
  ///   - similarities: of a song to each reference.
  ///   - itself: the song's own place among them, which is no neighbour; nil where it has none.
  public func density(of similarities: [Float], itself: Int? = nil) -> Float {
    var nearest: [Float] = []
    for (index, similarity) in similarities.enumerated() where index != itself && !similarity.isNaN {
      if nearest.count == neighborCount {
        guard similarity > nearest[neighborCount - 1] else { continue }
        nearest.removeLast()
      }
      // Largest first; few enough to look through.
      nearest.insert(similarity, at: nearest.firstIndex { $0 < similarity } ?? nearest.count)
    }
    return nearest.isEmpty ? 0 : Float(nearest.reduce(0.0) { $0 + Double($1) } / Double(nearest.count))
  }

  /// Scales a query's similarities to references in place, by the densities of both.
  public func rescale(_ row: inout [Float], query: Float, references: [Float]) {
    precondition(row.count == references.count, "\(row.count) similarities to \(references.count) references")
    for index in row.indices { row[index] = 2 * row[index] - query - references[index] }
  }
}
