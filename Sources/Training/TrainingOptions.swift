import AudioFeatures
import Foundation
import MetricLearning
import NeuralNetwork
import SongModels

/// What a user chooses for a training; stored with what it produced.
public struct TrainingOptions: Sendable, Hashable, Codable {
  /// Where the rest of the choices comes from.
  public var preset: TrainingPreset
  /// What follows cross-entropy; nil for cross-entropy alone.
  public var strategy: LearningStrategy? = .semiHard
  /// The triplet loss's margin α, and how far apart the contrastive loss wants songs of two classes.
  public var margin = TripletMarginLoss.standardMargin
  /// The angular loss's α, in degrees.
  public var angle = AngularLoss.standardAngle
  /// The supervised contrastive loss's temperature.
  public var temperature = SupervisedContrastiveLoss.standardTemperature
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
  /// How random excerpts are changed; nil to take them as they are.
  public var augmentation: SpectrogramAugmentation?
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
    hopLength = preset.features.hopLength
    cropSeconds = preset.cropSeconds
    augmentation = preset.augmentation
    if preset == .transfer {
      strategy = .supervisedContrastive
      (crossEntropyEpochs, tripletEpochs) = (0, 60)
      (classesPerBatch, songsPerClass) = (16, 2)
    }
  }

  /// The network's shape.
  package var network: PRCNNConfiguration {
    var network = preset.network
    network.embeddingDimension = embeddingDimension
    return network
  }

  /// How songs become the network's input.
  ///
  /// - Throws: `AudioFeatureError` if the hop is impossible.
  package var input: InputConfiguration {
    get throws(AudioFeatureError) {
      InputConfiguration(
        features: try LogMelConfiguration(hopLength: hopLength), cropSeconds: cropSeconds, augmentation: augmentation)
    }
  }

  /// The phases: cross-entropy, then the strategy.
  package var configuration: TrainingConfiguration {
    let optimiser = optimiser ?? preset.optimiser
    var phases: [TrainingConfiguration.Phase] = []
    // Where the rate falls to 0, the last epoch is the best, and an early stop would leave it high.
    func phase(_ objective: TrainingConfiguration.Objective, epochs: Int) -> TrainingConfiguration.Phase {
      .init(
        objective, reduction: preset.reduction, optimiser: optimiser, epochs: epochs,
        patience: preset.decays ? nil : patience, keepsBest: !preset.decays, decays: preset.decays)
    }
    if crossEntropyEpochs > 0 {
      phases.append(phase(.crossEntropy, epochs: crossEntropyEpochs))
    }
    if let strategy, tripletEpochs > 0 {
      phases.append(phase(strategy.objective(self), epochs: tripletEpochs))
    }
    return TrainingConfiguration(
      phases: phases, classesPerBatch: classesPerBatch, songsPerClass: songsPerClass, randomSeed: randomSeed)
  }
}
