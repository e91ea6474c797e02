/// A loss over all songs of a batch and their labels. A trainer takes any; the triplet loss is none of these, since it
/// needs triplets, which a `TripletMiner` chooses. A new loss is a file beside this one; `LearningStrategy`, in
/// Training, lists those that a user can choose.
public protocol EmbeddingLoss: Sendable, Hashable {
  /// The name in histories and progress, such as "angular".
  var name: String { get }

  /// Whether it expects rows of length 1, so that only the directions of the embeddings count: see `L2Normalisation`.
  var expectsUnitLength: Bool { get }

  /// How terms are reduced to one value.
  var reduction: LossReduction { get set }

  /// The loss of a batch, and its gradient with respect to every row of `embeddings`; `labels` holds the class of each
  /// row.
  func evaluate(embeddings: EmbeddingMatrix, labels: [Int]) -> EmbeddingLossEvaluation
}

extension EmbeddingLoss {
  /// The loss of embeddings of any length, and its gradient with respect to them: they are scaled to length 1 first if
  /// the loss expects that.
  package func evaluate(unscaled embeddings: EmbeddingMatrix, labels: [Int]) -> EmbeddingLossEvaluation {
    guard expectsUnitLength else { return evaluate(embeddings: embeddings, labels: labels) }
    let unit = L2Normalisation().forward(embeddings)
    let evaluation = evaluate(embeddings: unit.embeddings, labels: labels)
    return EmbeddingLossEvaluation(
      loss: evaluation.loss, termCount: evaluation.termCount,
      gradient: L2Normalisation().backward(evaluation.gradient, of: unit))
  }
}
