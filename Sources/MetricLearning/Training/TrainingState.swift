import NeuralNetwork
import Reproducibility

/// The whole state of a training: stored between two epochs, it resumes to the same result.
public struct TrainingState: Sendable, Hashable {
  /// The current phase, counted from 0; the number of phases when the training is done.
  public var phase = 0
  /// The weights.
  public var parameters: [Float]
  /// The weights of the phase's best epoch.
  public var bestParameters: [Float]?
  /// The optimiser's state.
  public var optimiser = Optimiser.State()
  /// The source of everything that is drawn.
  public var generator: SeededGenerator
  /// Early stopping of the current phase; nil without validation songs.
  public var earlyStopping: EarlyStopping?
  /// The collapse detector of the current phase.
  public var collapse: CollapseDetector?
  /// All epochs of all phases.
  public var history: [EpochRecord] = []

  /// The state before the first step.
  public init(parameters: [Float], generator: SeededGenerator) {
    self.parameters = parameters
    self.generator = generator
  }

  /// The number of epochs done in the current phase.
  public var epochsInPhase: Int { history.count { $0.phase == phase } }
}
