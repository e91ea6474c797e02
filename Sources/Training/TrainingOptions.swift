import AudioFeatures
import Foundation
import MetricLearning
import NeuralNetwork
import SongModels

/// What a user chooses for a training. Stored with its results.
public struct TrainingOptions: Sendable, Hashable, Codable {
  /// The preset, which makes all other choices.
  public var preset: TrainingPreset
  /// The strategy that follows cross-entropy; nil for cross-entropy alone.
  public var strategy: LearningStrategy? = .semiHard
  /// The margin α of the triplet loss; also the distance to which the contrastive loss moves songs of different
  /// classes.
  public var margin = TripletMarginLoss.standardMargin
  /// The angular loss's α, in degrees.
  public var angle = AngularLoss.standardAngle
  /// The supervised contrastive loss's temperature.
  public var temperature = SupervisedContrastiveLoss.standardTemperature
  /// The largest number of epochs of cross-entropy, which is the pre-training, or the whole training without a
  /// strategy.
  public var crossEntropyEpochs = 60
  /// The largest number of epochs of the strategy, whether triplet loss or another.
  public var tripletEpochs = 60
  /// A phase ends after so many epochs without a better validation MAP.
  public var patience = 20
  /// The optimiser; nil for the preset's.
  public var optimiser: Optimiser?
  /// Samples from one frame to the next.
  public var hopLength: Int
  /// Random excerpts are cut out of so many seconds from the middle of a song; nil to always take the middle excerpt.
  public var cropSeconds: Double?
  /// How random excerpts are changed; nil to take them as they are.
  public var augmentation: SpectrogramAugmentation?
  /// The number of classes in a batch: P of a P×K batch.
  public var classesPerBatch = 8
  /// The number of songs of each class in a batch: K of a P×K batch.
  public var songsPerClass = 4
  /// The number of latent factors.
  public var embeddingDimension = PRCNNConfiguration().embeddingDimension
  /// The number of excerpts, spread over a song, whose embeddings the finished model averages.
  public var excerptCount = 1
  /// The seed of everything that is drawn.
  public var randomSeed: UInt64 = 1

  /// The choices of a preset.
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
    // If the learning rate falls to 0, the last epoch is the best, and stopping early would leave the rate high.
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
