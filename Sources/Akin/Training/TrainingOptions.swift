import AudioFeatures
import Foundation
import MetricLearning
import NeuralNetwork

/// What a user chooses for a training; stored with what it produced.
public struct TrainingOptions: Sendable, Hashable, Codable {
  /// Where the rest of the choices comes from.
  public var preset: TrainingPreset
  /// How triplets are chosen; nil for cross-entropy alone.
  public var miner: TripletMiner? = .semiHard
  /// The triplet loss's margin α.
  public var margin: Float = 1
  /// The most epochs of cross-entropy: pre-training, or all there is.
  public var crossEntropyEpochs = 60
  /// The most epochs of triplet loss.
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
  /// The seed of everything that is drawn.
  public var randomSeed: UInt64 = 1

  /// A preset's choices.
  public init(preset: TrainingPreset) {
    self.preset = preset
    hopLength = preset.hopLength
    cropSeconds = preset.cropSeconds
    if preset == .transfer {
      (crossEntropyEpochs, tripletEpochs) = (0, 40)
      (classesPerBatch, songsPerClass) = (16, 2)
    }
  }

  /// The phases: cross-entropy, then triplets.
  var configuration: TrainingConfiguration {
    let optimiser = optimiser ?? preset.optimiser
    var phases: [TrainingConfiguration.Phase] = []
    if preset == .transfer {
      phases.append(
        .init(
          .supervisedContrastive(temperature: 0.1), reduction: preset.reduction, optimiser: optimiser,
          epochs: tripletEpochs, patience: nil, keepsBest: false, decays: preset.decays))
      return TrainingConfiguration(
        phases: phases, classesPerBatch: classesPerBatch, songsPerClass: songsPerClass, randomSeed: randomSeed)
    }
    if crossEntropyEpochs > 0 {
      phases.append(
        .init(
          .crossEntropy, reduction: preset.reduction, optimiser: optimiser, epochs: crossEntropyEpochs,
          patience: patience))
    }
    if let miner, tripletEpochs > 0 {
      phases.append(
        .init(
          .triplet(miner, margin: margin), reduction: preset.reduction, optimiser: optimiser, epochs: tripletEpochs,
          patience: patience))
    }
    return TrainingConfiguration(
      phases: phases, classesPerBatch: classesPerBatch, songsPerClass: songsPerClass, randomSeed: randomSeed)
  }
}
