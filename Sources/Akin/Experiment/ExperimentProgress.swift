/// How far an experiment is, and how long it will still take.
public struct ExperimentProgress: Sendable, Hashable {
  /// The runs that are done.
  public var finishedRuns: Int
  /// All runs.
  public var totalRuns: Int
  /// The work that goes on, such as "repeat-01 semi-hard epoch 12/60".
  public var current: String
  /// Seconds until the end, if trainings stop as early as those before them; nil while nothing is known.
  public var remainingSeconds: Double?
}

/// Keeps count of epochs: all epochs of an experiment cost about the same, and nothing else costs much.
struct ProgressEstimate {
  /// The epochs that a run takes at most; 0 where nothing is trained.
  private let limits: [Double]
  private let kinds: [ExperimentRun.Kind]
  private var isFinished: [Bool]
  /// Where runs under way stand.
  private var epochs: [Int: Double] = [:]
  /// Where they stood when this process began to work on them.
  private var starts: [Int: Double] = [:]
  private var epochsOfFinished: [ExperimentRun.Kind: [Double]] = [:]
  private var epochsDone = 0.0

  init(runs: [ExperimentRun], configuration: ExperimentConfiguration) {
    kinds = runs.map(\.kind)
    limits = kinds.map { kind in
      switch kind {
      case .pretraining: Double(configuration.training.crossEntropyEpochs)
      case .featureSet(.crossEntropy): Double(configuration.convergenceEpochs)
      case .featureSet(let featureSet): featureSet.isTrained ? Double(configuration.training.tripletEpochs) : 0
      }
    }
    isFinished = runs.map { _ in false }
  }

  /// Records that a run was done before this process began; `epochs` it took where that is known.
  mutating func skip(_ run: Int, epochs: Double?) {
    isFinished[run] = true
    if let epochs { epochsOfFinished[kinds[run], default: []].append(epochs) }
  }

  /// Records where a run stands in its last phase.
  mutating func advance(_ run: Int, to epoch: Double) {
    let before = epochs[run] ?? epoch
    if starts[run] == nil { starts[run] = epoch }
    epochsDone += max(0, epoch - before)
    epochs[run] = epoch
  }

  /// Records that a run is done.
  mutating func finish(_ run: Int) {
    isFinished[run] = true
    if let epoch = epochs.removeValue(forKey: run) { epochsOfFinished[kinds[run], default: []].append(epoch) }
  }

  var finishedRuns: Int { isFinished.count { $0 } }
  var totalRuns: Int { isFinished.count }

  /// The seconds left, where `elapsed` seconds went into the epochs so far.
  func remainingSeconds(elapsed: Double) -> Double? {
    guard epochsDone > 0, elapsed > 0 else { return nil }
    let left = kinds.indices.filter { !isFinished[$0] }.reduce(0.0) { sum, run in
      let finished = epochsOfFinished[kinds[run]] ?? []
      let expected = finished.isEmpty ? limits[run] : finished.reduce(0, +) / Double(finished.count)
      return sum + max(0, expected - (epochs[run] ?? 0))
    }
    return left * elapsed / epochsDone
  }
}
