#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The angular loss log(1 + Σₙ exp(4 t (a + p)·n − 2 (1 + t) a·p)) with t = tan² α, for each positive pair (a, p).
///
/// It bounds the angle at the negative n in the triangle with a and p, so that the scale of embeddings does not matter.
/// Source: Wang et al., *Deep Metric Learning with Angular Loss* (2017), equation 8, over all negatives of the batch as
/// pytorch-metric-learning 2.9 does. It expects rows of length 1: see `L2Normalisation`.
public struct AngularLoss: EmbeddingLoss, Hashable, Codable {
  /// Only directions count.
  public static let expectsUnitLength = true

  /// The angle α in degrees unless another is chosen.
  public static let standardAngle: Float = 40

  /// α, in degrees between 0 and 90; the source recommends 36 to 55.
  public var angle: Float
  /// Whether terms are summed or averaged over the positive pairs.
  public var reduction: LossReduction

  /// Creates the loss.
  public init(angle: Float = standardAngle, reduction: LossReduction = .mean) {
    self.angle = angle
    self.reduction = reduction
  }

  /// The loss over all unordered positive pairs of a batch, and its gradient with respect to every row.
  ///
  /// `labels` holds the class of each row; any numbers. Pairs without a negative count as terms of 0. Computed
  /// by log-sum-exp in double precision, in the order of the rows. NaN in, NaN out.
  /// O(count² · dimension + pairs · count).
  public func evaluate(embeddings: EmbeddingMatrix, labels: [Int]) -> EmbeddingLossEvaluation {
    precondition(labels.count == embeddings.count, "\(labels.count) labels for \(embeddings.count) songs")
    let products = GramMatrix(embeddings)
    let tangent = tan(Double(angle) * .pi / 180)
    let (negativeSlope, positiveSlope) = (4 * tangent * tangent, 2 * (1 + tangent * tangent))
    let count = labels.count
    var (loss, pairCount) = (0.0, 0)
    var coefficients = [Double](repeating: 0, count: count * count)
    for group in LabelGroups(labels).songs {
      let negatives = labels.indices.filter { labels[$0] != labels[group[0]] }
      for (index, anchor) in group.enumerated() {
        for positive in group[(index + 1)...] {
          pairCount += 1
          let exponents = negatives.map { negative in
            negativeSlope * (products[anchor, negative] + products[positive, negative])
              - positiveSlope * products[anchor, positive]
          }
          let logSum = LogSumExp(exponents, including: 0)
          loss += logSum.value
          for (negative, exponent) in zip(negatives, exponents) {
            let share = logSum.share(of: exponent)
            coefficients[anchor * count + negative] += share * negativeSlope
            coefficients[positive * count + negative] += share * negativeSlope
            coefficients[anchor * count + positive] -= share * positiveSlope
          }
        }
      }
    }
    let scale = reduction.scale(termCount: pairCount)
    return EmbeddingLossEvaluation(
      loss: loss * scale, termCount: pairCount,
      gradient: products.gradient(coefficients: coefficients, scale: scale))
  }
}
