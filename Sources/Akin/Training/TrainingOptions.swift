import AudioFeatures
import Foundation
import MetricLearning
import NeuralNetwork

/// What a user chooses for a training; stored with what it produced.
public struct TrainingOptions: Sendable, Hashable, Codable {
  /// Where the rest of the choices comes from.
  public var preset: TrainingPreset
  /// What follows cross-entropy; nil for cross-entropy alone.
  public var strategy: LearningStrategy? = .semiHard
  /// The triplet loss's margin α, and how far apart the contrastive loss wants songs of two classes.
  public var margin: Float = 1
  /// The angular loss's α, in degrees.
  public var angle: Float = 40
  /// The supervised contrastive loss's temperature.
  public var temperature: Float = 0.1
  /// The most epochs of cross-entropy: pre-training, or all there is.
  public var crossEntropyEpochs = 60
  /// The most epochs of the strategy: triplet loss, or another.
  public var tripletEpochs = 60
  /// Epochs without a better validation MAP before a phase ends.
  public var patience = 20
  /// Overrides the preset's optimiser.
  public var optimiser: Optimiser?
  /// Samples from one frame to the next.
  public var hopLength: Int
  /// Seconds of each song of which random excerpts are cut; nil to take the middle always.
  public var cropSeconds: Double?
  /// P of the P×K batches.
  public var classesPerBatch = 8
  /// K of the P×K batches.
  public var songsPerClass = 4
  /// The number of latent factors.
  public var embeddingDimension = PRCNNConfiguration().embeddingDimension
  /// How many excerpts, spread over a song, the finished model embeds and averages.
  public var excerptCount = 1
  /// The seed of everything that is drawn.
  public var randomSeed: UInt64 = 1

  /// A preset's choices.
  public init(preset: TrainingPreset) {
    self.preset = preset
    hopLength = preset.hopLength
    cropSeconds = preset.cropSeconds
  }

  /// The network's shape.
  var network: PRCNNConfiguration {
    var network = PRCNNConfiguration()
    network.embeddingDimension = embeddingDimension
    return network
  }

  /// The phases: cross-entropy, then the strategy.
  var configuration: TrainingConfiguration {
    let optimiser = optimiser ?? preset.optimiser
    var phases: [TrainingConfiguration.Phase] = []
    if crossEntropyEpochs > 0 {
      phases.append(
        .init(
          .crossEntropy, reduction: preset.reduction, optimiser: optimiser, epochs: crossEntropyEpochs,
          patience: patience))
    }
    if let strategy, tripletEpochs > 0 {
      phases.append(
        .init(
          strategy.objective(self), reduction: preset.reduction, optimiser: optimiser, epochs: tripletEpochs,
          patience: patience))
    }
    return TrainingConfiguration(
      phases: phases, classesPerBatch: classesPerBatch, songsPerClass: songsPerClass, randomSeed: randomSeed)
  }
}
