import Foundation
import NeuralNetwork

/// How a network learns: one phase after another, each with its loss (paper 2.4 and 2.6).
public struct TrainingConfiguration: Sendable, Hashable, Codable {
  /// What a phase minimises.
  public enum Objective: Sendable, Hashable, Codable {
    /// Categorical cross-entropy over the classes, through the pre-training head.
    case crossEntropy
    /// Triplet loss over the triplets that a strategy mines in each batch.
    case triplet(TripletMiner, margin: Float)
    /// Pairwise loss over all pairs of each batch; Euclidean margins.
    case contrastive(positiveMargin: Float, negativeMargin: Float)
    /// Angular loss over all positive pairs of each batch, on embeddings scaled to length 1; degrees.
    case angular(angle: Float)
    /// Supervised contrastive loss over each batch, on embeddings scaled to length 1.
    case supervisedContrastive(temperature: Float)
  }

  /// The loss of a phase, by what it needs of a batch.
  enum Loss {
    /// The scores of the classes.
    case logits(SoftmaxCrossEntropy)
    /// The embeddings, and triplets of them.
    case triplets(TripletMiner, TripletMarginLoss)
    /// The embeddings and their labels.
    case embeddings(any EmbeddingLoss)
  }

  /// One phase.
  public struct Phase: Sendable, Hashable, Codable {
    /// What it minimises.
    public var objective: Objective
    /// Sum, as in the paper, or mean over the batch's terms.
    public var reduction: LossReduction
    /// How weights follow their gradient.
    public var optimiser: Optimiser
    /// The maximum number of epochs.
    public var epochs: Int
    /// After how many epochs without a better validation MAP the phase ends; nil to take all epochs.
    public var patience: Int?
    /// Whether the phase ends with the weights of its best epoch by validation MAP, or with its last weights.
    public var keepsBest: Bool
    /// Whether the learning rate falls to 0 along half a cosine (Loshchilov and Hutter 2017), or is constant.
    public var decays: Bool

    /// A phase.
    public init(
      _ objective: Objective, reduction: LossReduction, optimiser: Optimiser, epochs: Int, patience: Int?,
      keepsBest: Bool = true, decays: Bool = false
    ) {
      self.objective = objective
      self.reduction = reduction
      self.optimiser = optimiser
      self.epochs = epochs
      self.patience = patience
      self.keepsBest = keepsBest
      self.decays = decays
    }

    /// The loss of its batches.
    var loss: Loss {
      switch objective {
      case .crossEntropy: .logits(SoftmaxCrossEntropy(reduction: reduction))
      case .triplet(let miner, let margin): .triplets(miner, TripletMarginLoss(margin: margin, reduction: reduction))
      case .contrastive(let positiveMargin, let negativeMargin):
        .embeddings(
          ContrastiveLoss(positiveMargin: positiveMargin, negativeMargin: negativeMargin, reduction: reduction))
      case .angular(let angle): .embeddings(AngularLoss(angle: angle, reduction: reduction))
      case .supervisedContrastive(let temperature):
        .embeddings(SupervisedContrastiveLoss(temperature: temperature, reduction: reduction))
      }
    }

    /// The optimiser when a share of the phase is done, 0 at its beginning and 1 at its end.
    func optimiser(at share: Double) -> Optimiser {
      decays ? optimiser.scaled(by: Float(0.5 * (1 + cos(Double.pi * share)))) : optimiser
    }
  }

  /// The phases, in order.
  public var phases: [Phase]
  /// P of the class-balanced batches.
  public var classesPerBatch: Int
  /// K of the class-balanced batches.
  public var songsPerClass: Int
  /// The seed of everything that is drawn: initial weights, batches, excerpts, triplets.
  public var randomSeed: UInt64

  /// A configuration.
  public init(phases: [Phase], classesPerBatch: Int = 8, songsPerClass: Int = 4, randomSeed: UInt64) {
    self.phases = phases
    self.classesPerBatch = classesPerBatch
    self.songsPerClass = songsPerClass
    self.randomSeed = randomSeed
  }
}

extension TrainingConfiguration.Objective: CustomStringConvertible {
  /// A readable name, such as "cross-entropy", "semi-hard", "angular".
  public var description: String {
    switch self {
    case .crossEntropy: "cross-entropy"
    case .triplet(let miner, _): miner.rawValue
    case .contrastive: "contrastive"
    case .angular: "angular"
    case .supervisedContrastive: "supervised contrastive"
    }
  }
}
