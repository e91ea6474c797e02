import Reproducibility

/// What a `Trainer` needs of a network and its songs. Songs are numbers; what they stand for is the network's business.
public protocol TrainableNetwork: AnyObject {
  /// All weights.
  var parameters: [Float] { get set }
  /// The number of classes of the pre-training head.
  var classCount: Int { get }

  /// Forward for a batch, keeping what `backward` needs. `generator` chooses random excerpts where they are wanted.
  ///
  /// - Returns: the embeddings, and the logits of the pre-training head, `[songs][classCount]`.
  func forward(
    songs: [Int], using generator: inout SeededGenerator
  ) throws -> (embeddings: EmbeddingMatrix, logits: [Float])
  /// The gradient of every weight for the batch of the last `forward`.
  func backward(embeddingGradient: [Float]?, logitGradient: [Float]?) -> [Float]
  /// The embeddings of any number of songs, as a listener gets them; nothing is kept.
  func embed(songs: [Int]) throws -> EmbeddingMatrix
}
