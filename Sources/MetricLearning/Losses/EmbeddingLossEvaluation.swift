/// The value and the gradient of a loss over the embeddings of a batch.
public struct EmbeddingLossEvaluation: Sendable, Hashable {
  /// The loss, reduced; 0 if there are no terms.
  public let loss: Double
  /// The number of terms: pairs or anchors, as the loss says.
  public let termCount: Int
  /// ∂loss/∂embeddings: count × dimension, like the embeddings.
  public let gradient: EmbeddingMatrix

  /// An evaluation of a loss.
  public init(loss: Double, termCount: Int, gradient: EmbeddingMatrix) {
    self.loss = loss
    self.termCount = termCount
    self.gradient = gradient
  }
}
