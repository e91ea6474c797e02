import NeuralNetwork
import Reproducibility

/// Everything that a training goes on with: stored between two epochs, it resumes to the same result.
public struct TrainingState: Sendable, Hashable {
  /// The phase at hand, counted from 0; the number of phases when the training is done.
  public var phase = 0
  /// The weights.
  public var parameters: [Float]
  /// The weights of the phase's best epoch.
  public var bestParameters: [Float]?
  /// What the optimiser remembers.
  public var optimiser = Optimiser.State()
  /// What is drawn next.
  public var generator: SeededGenerator
  /// The phase's watch for the best epoch; nil without validation songs.
  public var earlyStopping: EarlyStopping?
  /// The phase's watch for a collapse.
  public var collapse: CollapseDetector?
  /// All epochs of all phases.
  public var history: [EpochRecord] = []

  /// The state before the first step.
  public init(parameters: [Float], generator: SeededGenerator) {
    self.parameters = parameters
    self.generator = generator
  }

  /// The epochs done in the phase at hand.
  public var epochsInPhase: Int { history.count { $0.phase == phase } }
}
