import AudioFeatures
import MetricLearning
import NeuralNetwork
import SongModels

/// A named set of choices for a training.
public enum TrainingPreset: String, CaseIterable, Sendable, Codable {
  /// Learns in minutes: Adam on random excerpts, standardised by mel band; mean losses.
  case standard
  /// The paper's own training (2.2 to 2.6): decibels as they are, SGD at 0.001 on summed losses, hop 512.
  case paper
  /// Learns what carries over to songs and classes that it has never heard: supervised contrastive loss on augmented
  /// excerpts, batch normalisation, and batches of one collection each (manifest column `collection`).
  case transfer

  /// How a song becomes the network's input. With the paper's hop of 512 samples, 640 frames are 14.9 s.
  public var features: LogMelConfiguration { LogMelConfiguration() }

  /// The length in seconds of the excerpt that the network hears.
  public var excerptSeconds: Double {
    Double(features.sampleCount(ofFrameCount: network.frameCount)) / Double(features.sampleRate)
  }

  /// Random excerpts are cut out of so many seconds from the middle of a song; nil to always take the middle excerpt.
  public var cropSeconds: Double? {
    switch self {
    case .standard, .transfer: 30
    case .paper: nil
    }
  }

  /// Whether the input is standardised by mel band.
  public var standardisesInput: Bool { self != .paper }

  /// Whether the network trains with batch normalisation.
  var isNormalised: Bool { self == .transfer }

  /// Whether the learning rate falls to 0.
  package var decays: Bool { self == .transfer }

  /// How random excerpts are changed.
  var augmentation: SpectrogramAugmentation? { self == .transfer ? SpectrogramAugmentation() : nil }

  /// The network's shape.
  var network: PRCNNConfiguration {
    var configuration = PRCNNConfiguration()
    if self == .transfer { configuration.outputFunction = .linear }
    return configuration
  }

  package var optimiser: Optimiser {
    switch self {
    case .standard: .adam(learningRate: 0.003)
    case .transfer: .adam(learningRate: 0.002)
    case .paper: .sgd(learningRate: 0.001)
    }
  }

  var reduction: LossReduction {
    switch self {
    case .standard, .transfer: .mean
    case .paper: .sum
    }
  }
}
