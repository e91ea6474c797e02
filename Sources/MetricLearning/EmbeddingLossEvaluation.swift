/// What a loss over the embeddings of a batch says.
public struct EmbeddingLossEvaluation: Sendable, Hashable {
  /// The loss, reduced; 0 where there is no term.
  public let loss: Double
  /// The number of terms: pairs or anchors, as the loss says.
  public let termCount: Int
  /// ∂loss/∂embeddings: count × dimension, like the embeddings.
  public let gradient: EmbeddingMatrix
}
