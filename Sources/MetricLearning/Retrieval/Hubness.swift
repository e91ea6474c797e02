/// How unevenly songs appear among the nearest neighbours of others: in high dimensions a few hubs appear very often.
///
/// N_k of a song is the number of queries whose k nearest references it is among. Source: Radovanović, Nanopoulos and
/// Ivanović, *Hubs in Space* (2010).
public struct Hubness: Sendable, Hashable, Codable {
  /// N_k of each reference.
  public let occurrences: [Int]
  /// The skewness of N_k, E[(N_k − μ)³] / σ³: 0 if N_k is symmetric, above 1 if there are hubs; 0 if σ is 0.
  public let skewness: Double
  /// The largest N_k; 0 if there are no references.
  public let largestOccurrence: Int
  /// The reference with the largest N_k, the first of several; nil if there are no references.
  public let largestHub: Int?
  /// The share of references that appear for no query; 0 if there are none.
  public let antiHubShare: Double

  /// Counts how often each reference appears.
  ///
  /// - Parameters:
  ///   - nearest: for each query the indices of its nearest references, as of `RetrievalEvaluation.nearest`.
  ///   - referenceCount: the number of references.
  public init(nearest: [[Int]], referenceCount: Int) {
    var occurrences = [Int](repeating: 0, count: referenceCount)
    for reference in nearest.joined() {
      precondition(occurrences.indices.contains(reference), "reference \(reference) of \(referenceCount)")
      occurrences[reference] += 1
    }
    self.occurrences = occurrences
    largestOccurrence = occurrences.max() ?? 0
    largestHub = occurrences.firstIndex(of: largestOccurrence)
    antiHubShare = referenceCount == 0 ? 0 : Double(occurrences.count { $0 == 0 }) / Double(referenceCount)
    skewness = Self.skewness(of: occurrences)
  }

  private static func skewness(of counts: [Int]) -> Double {
    guard let first = counts.first, counts.contains(where: { $0 != first }) else { return 0 }
    let mean = Double(counts.reduce(0, +)) / Double(counts.count)
    var (squares, cubes) = (0.0, 0.0)
    for count in counts {
      let offset = Double(count) - mean
      squares += offset * offset
      cubes += offset * offset * offset
    }
    let variance = squares / Double(counts.count)
    return cubes / Double(counts.count) / (variance * variance.squareRoot())
  }
}
