/// The pairwise loss ½ Σ₊ max(0, d − m₊)² + ½ Σ₋ max(0, m₋ − d)² over Euclidean distances d.
///
/// Positives, pairs of one label, are drawn nearer than m₊, negatives pushed farther than m₋. Source: Hadsell, Chopra
/// and LeCun, *Dimensionality Reduction by Learning an Invariant Mapping* (2006), where m₊ is 0. All unordered pairs of
/// the batch are terms, in the order of their rows; all sums run in double precision.
public struct ContrastiveLoss: EmbeddingLoss, Hashable, Codable {
  /// Distances count, and so do lengths.
  public static let expectsUnitLength = false

  /// m₊: how far apart (Euclidean) positives may lie.
  public var positiveMargin: Float
  /// m₋: how far apart negatives should lie.
  public var negativeMargin: Float
  /// The sum of all terms, or the mean over the positives plus the mean over the negatives: a batch of P classes × K
  /// songs has about P times as many negatives, which would outweigh the positives in one mean.
  public var reduction: LossReduction

  /// Creates the loss.
  public init(positiveMargin: Float = 0, negativeMargin: Float = 1, reduction: LossReduction = .mean) {
    self.positiveMargin = positiveMargin
    self.negativeMargin = negativeMargin
    self.reduction = reduction
  }

  /// The loss over all pairs of a batch, and its gradient with respect to every row of `embeddings`.
  ///
  /// ∂/∂x = ±excess · (x − y) / d for each pair (x, y); a negative pair at distance 0 has no direction and gets no
  /// gradient. `labels` holds the class of each row; any numbers. A number that is not finite makes the loss NaN.
  /// O(count² · dimension).
  public func evaluate(embeddings: EmbeddingMatrix, labels: [Int]) -> EmbeddingLossEvaluation {
    precondition(labels.count == embeddings.count, "\(labels.count) labels for \(embeddings.count) songs")
    let (positiveScale, negativeScale, pairCount) = scales(labels)
    var loss = 0.0
    var gradient = [Double](repeating: 0, count: embeddings.values.count)
    for first in labels.indices {
      for second in labels[..<first].indices {
        let isPositive = labels[first] == labels[second]
        let distance = SquaredEuclideanDistance()(embeddings[first], embeddings[second]).squareRoot()
        // A diverged network, with its negatives infinitely far, would look perfect.
        guard distance.isFinite else {
          loss = .nan
          continue
        }
        let excess = isPositive ? distance - Double(positiveMargin) : Double(negativeMargin) - distance
        guard excess > 0 else { continue }
        let scale = isPositive ? positiveScale : negativeScale
        loss += 0.5 * excess * excess * scale
        guard distance != 0 else { continue }
        let slope = (isPositive ? excess : -excess) / distance * scale
        Self.add(slope, pair: (first, second), embeddings: embeddings, to: &gradient)
      }
    }
    return EmbeddingLossEvaluation(
      loss: loss, termCount: pairCount,
      gradient: EmbeddingMatrix(
        count: embeddings.count, dimension: embeddings.dimension, values: gradient.map { Float($0) }))
  }

  /// The factors of positive and negative terms, and the number of all pairs.
  private func scales(_ labels: [Int]) -> (positive: Double, negative: Double, pairCount: Int) {
    let pairCount = labels.count * (labels.count - 1) / 2
    let positives = LabelGroups(labels).songs.reduce(0) { $0 + $1.count * ($1.count - 1) / 2 }
    return (
      reduction.scale(termCount: positives), reduction.scale(termCount: pairCount - positives), pairCount
    )
  }

  /// Adds slope · (x − y) to the first row of a pair, and subtracts it from the second.
  private static func add(
    _ slope: Double, pair: (Int, Int), embeddings: EmbeddingMatrix, to gradient: inout [Double]
  ) {
    let (first, second) = (pair.0 * embeddings.dimension, pair.1 * embeddings.dimension)
    for column in 0..<embeddings.dimension {
      let difference = Double(embeddings.values[first + column]) - Double(embeddings.values[second + column])
      gradient[first + column] += slope * difference
      gradient[second + column] -= slope * difference
    }
  }
}
