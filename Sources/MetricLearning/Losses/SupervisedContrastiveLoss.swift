/// The supervised contrastive loss −1/|P| Σ_p log(exp(a·p / τ) / Σ_{b ≠ a} exp(a·b / τ)) of each anchor a with
/// positives P.
///
/// Source: Khosla et al., *Supervised Contrastive Learning* (2020), equation 2. It expects rows of length 1: see
/// `L2Normalisation`. Positives are the other rows with the anchor's label. To learn
/// from songs without labels, give each song a label of its own and the batch two excerpts of it.
public struct SupervisedContrastiveLoss: EmbeddingLoss, Hashable, Codable {
  /// Only directions count.
  public static let expectsUnitLength = true

  /// The temperature τ unless another is chosen.
  public static let standardTemperature: Float = 0.1

  /// τ, above 0: the smaller, the more the nearest negatives count.
  public var temperature: Float
  /// Whether terms are summed or averaged over the anchors that have a positive.
  public var reduction: LossReduction

  /// Creates the loss.
  public init(temperature: Float = standardTemperature, reduction: LossReduction = .mean) {
    self.temperature = temperature
    self.reduction = reduction
  }

  /// The loss of a batch, and its gradient with respect to every row.
  ///
  /// `labels` holds the class of each row; any numbers. Computed by log-sum-exp in double precision, in the order
  /// of the rows. NaN in, NaN out. O(count² · dimension).
  public func evaluate(embeddings: EmbeddingMatrix, labels: [Int]) -> EmbeddingLossEvaluation {
    precondition(labels.count == embeddings.count, "\(labels.count) labels for \(embeddings.count) songs")
    let products = GramMatrix(embeddings)
    let sharpness = 1 / Double(temperature)
    let count = labels.count
    var (loss, anchorCount) = (0.0, 0)
    var coefficients = [Double](repeating: 0, count: count * count)
    for anchor in labels.indices {
      let others = labels.indices.filter { $0 != anchor }
      let positiveCount = others.count { labels[$0] == labels[anchor] }
      guard positiveCount > 0 else { continue }
      anchorCount += 1
      let logits = others.map { products[anchor, $0] * sharpness }
      let logSum = LogSumExp(logits)
      for (other, logit) in zip(others, logits) {
        let target = labels[other] == labels[anchor] ? 1 / Double(positiveCount) : 0
        if target > 0 { loss += target * (logSum.value - logit) }
        coefficients[anchor * count + other] = (logSum.share(of: logit) - target) * sharpness
      }
    }
    let scale = reduction.scale(termCount: anchorCount)
    return EmbeddingLossEvaluation(
      loss: loss * scale, termCount: anchorCount,
      gradient: products.gradient(coefficients: coefficients, scale: scale))
  }
}
