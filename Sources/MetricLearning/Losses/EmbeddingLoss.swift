/// A loss over the embeddings of a batch that needs nothing but the class of each song.
public protocol EmbeddingLoss: Sendable {
  /// Whether it looks only at directions: `evaluate` then expects rows of length 1 (`L2Normalisation`).
  static var expectsUnitLength: Bool { get }

  /// The loss of a batch, and its gradient with respect to every row of `embeddings`; `labels` holds the class of each
  /// row, any numbers.
  func evaluate(embeddings: EmbeddingMatrix, labels: [Int]) -> EmbeddingLossEvaluation
}

extension EmbeddingLoss {
  /// The loss of embeddings of any length, and its gradient with respect to them: they are scaled to length 1 first if
  /// the loss expects that.
  package func evaluate(unscaled embeddings: EmbeddingMatrix, labels: [Int]) -> EmbeddingLossEvaluation {
    guard Self.expectsUnitLength else { return evaluate(embeddings: embeddings, labels: labels) }
    let unit = L2Normalisation().forward(embeddings)
    let evaluation = evaluate(embeddings: unit.embeddings, labels: labels)
    return EmbeddingLossEvaluation(
      loss: evaluation.loss, termCount: evaluation.termCount,
      gradient: L2Normalisation().backward(evaluation.gradient, of: unit))
  }
}
