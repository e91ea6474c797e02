import Reproducibility

/// What a `Trainer` needs from a network and its songs. Songs are indices; only the network knows what they refer to.
public protocol TrainableNetwork: AnyObject {
  /// All weights.
  var parameters: [Float] { get set }
  /// The number of classes of the pre-training head.
  var classCount: Int { get }

  /// The forward pass of a batch; keeps what `backward` needs. `generator` chooses random excerpts, if any.
  ///
  /// - Returns: the embeddings, and the logits of the pre-training head, `[songs][classCount]`.
  func forward(
    songs: [Int], using generator: inout SeededGenerator
  ) throws -> (embeddings: EmbeddingMatrix, logits: [Float])
  /// The gradient of every weight for the batch of the last `forward`.
  func backward(embeddingGradient: [Float]?, logitGradient: [Float]?) -> [Float]
  /// The embeddings of any number of songs as the finished model computes them; nothing is kept.
  func embed(songs: [Int]) throws -> EmbeddingMatrix
}
