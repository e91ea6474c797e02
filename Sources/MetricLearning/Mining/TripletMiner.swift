/// Chooses the triplets of a batch for the loss (paper 2.4; "hard" is from its section 3).
///
/// Ties go to the lowest row. A song is not an anchor if no other song of the batch has its label, or if all have it.
/// Triplets come in the order of their anchors, then of their positives.
public enum TripletMiner: String, CaseIterable, Codable, Sendable {
  /// For each anchor one positive and one negative, drawn uniformly.
  case random
  /// For each anchor and each of its positives one negative, drawn uniformly from those in the open band
  /// d(a, p) < d(a, n) < d(a, p) + α; no triplet if the band is empty.
  case semiHard = "semi-hard"
  /// For each anchor and each of its positives the closest negative: the paper's own strategy.
  case custom
  /// For each anchor the farthest positive and the closest negative.
  case hard

  /// The triplets of a batch.
  ///
  /// - Parameters:
  ///   - distances: squared Euclidean, between all songs of the batch. A NaN is never in a band, and never
  ///     closest or farthest if there is a number.
  ///   - labels: the class of each song of the batch; any numbers.
  ///   - margin: α of the loss; only semi-hard mining uses it.
  ///   - generator: what random and semi-hard mining draw from; the others leave it alone.
  ///
  /// O(songs · songs) for `random`, `custom` and `hard`, O(songs · pairs) for `semiHard`.
  public func triplets(
    distances: DistanceMatrix, labels: [Int], margin: Float, using generator: inout some RandomNumberGenerator
  ) -> [Triplet] {
    precondition(labels.count == distances.count, "\(labels.count) labels for \(distances.count) songs")
    var triplets: [Triplet] = []
    for anchor in labels.indices {
      let positives = labels.indices.filter { $0 != anchor && labels[$0] == labels[anchor] }
      let negatives = labels.indices.filter { labels[$0] != labels[anchor] }
      guard !positives.isEmpty && !negatives.isEmpty else { continue }
      let pairs = pairs(
        anchor: anchor, positives: positives, negatives: negatives, distances: distances, margin: margin,
        using: &generator)
      triplets += pairs.map { Triplet(anchor: anchor, positive: $0.positive, negative: $0.negative) }
    }
    return triplets
  }

  /// The positives and negatives to pair with one anchor; neither list of candidates is empty.
  private func pairs(
    anchor: Int, positives: [Int], negatives: [Int], distances: DistanceMatrix, margin: Float,
    using generator: inout some RandomNumberGenerator
  ) -> [(positive: Int, negative: Int)] {
    let distance = { (song: Int) in distances[anchor, song] }
    switch self {
    case .random:
      let positive = positives[Int.random(in: positives.indices, using: &generator)]
      let negative = negatives[Int.random(in: negatives.indices, using: &generator)]
      return [(positive, negative)]
    case .semiHard:
      return positives.compactMap { positive in
        let lower = distance(positive)
        let band = negatives.filter { lower < distance($0) && distance($0) < lower + margin }
        return band.randomElement(using: &generator).map { (positive, $0) }
      }
    case .custom:
      let closest = Self.first(of: negatives, byLeast: distance)
      return positives.map { ($0, closest) }
    case .hard:
      let farthest = Self.first(of: positives) { -distance($0) }
      let closest = Self.first(of: negatives, byLeast: distance)
      return [(farthest, closest)]
    }
  }

  /// The candidate with the smallest value, the first of several; one with NaN only if all values are NaN.
  private static func first(of candidates: [Int], byLeast value: (Int) -> Float) -> Int {
    var best = candidates[0]
    var least = value(best)
    for candidate in candidates.dropFirst() {
      let next = value(candidate)
      if next < least || (least.isNaN && !next.isNaN) {
        best = candidate
        least = next
      }
    }
    return best
  }
}
