import AudioFeatures
import MetricLearning
import NeuralNetwork

/// A named set of choices for a training.
public enum TrainingPreset: String, CaseIterable, Sendable, Codable {
  /// Learns in minutes: Adam on random excerpts, standardised by mel band; mean losses.
  case standard
  /// The paper's (2.2 to 2.6): decibels as they are, SGD at 0.001 on summed losses, hop 512.
  case paper

  /// Samples from one frame to the next: 640 frames are 14.9 s of a song.
  public var hopLength: Int { 512 }

  /// Seconds from the middle of a song of which random excerpts are cut; nil to take the middle one always.
  public var cropSeconds: Double? {
    switch self {
    case .standard: 30
    case .paper: nil
    }
  }

  /// Whether the input is standardised by mel band.
  public var standardisesInput: Bool { self == .standard }

  var optimiser: Optimiser {
    switch self {
    case .standard: .adam(learningRate: 0.003)
    case .paper: .sgd(learningRate: 0.001)
    }
  }

  var reduction: LossReduction {
    switch self {
    case .standard: .mean
    case .paper: .sum
    }
  }
}
