/// How far an experiment has come, and how long it will still take.
public struct ExperimentProgress: Sendable, Hashable {
  /// The number of runs that are done.
  public var finishedRuns: Int
  /// The number of all runs.
  public var totalRuns: Int
  /// The current work, such as "repeat-01 semi-hard epoch 12/60".
  public var current: String
  /// The estimated seconds until the end, if trainings stop as early as those before them; nil if nothing is known yet.
  public var remainingSeconds: Double?
}

/// Estimates the time that is left from the epochs: they all cost about the same, and nothing else costs much.
struct ProgressEstimate {
  /// A run, as the estimate needs it.
  struct Run: Hashable, Sendable {
    /// The name that people read.
    var name: String
    /// The kind of run: runs of one kind take about the same number of epochs.
    var kind: String
    /// The epoch after which the run begins, if it continues another run.
    var firstEpoch = 0.0
    /// The epoch after which the run ends at the latest; 0 if nothing is trained.
    var limit: Double
  }

  private let runs: [Run]
  private var isFinished: [Bool]
  /// The epoch that each run under way has reached.
  private var epochs: [Int: Double] = [:]
  private var epochsOfFinished: [String: [Double]] = [:]
  private var epochsDone = 0.0

  init(_ runs: [Run]) {
    self.runs = runs
    isFinished = runs.map { _ in false }
  }

  /// Records that a run was already done when this process began.
  mutating func skip(_ run: Int) { isFinished[run] = true }

  /// Records the epoch that a run has reached.
  mutating func advance(_ run: Int, to epoch: Double) {
    // Epochs of an earlier process say nothing about the speed of this one.
    epochsDone += max(0, epoch - (epochs[run] ?? epoch))
    epochs[run] = epoch
  }

  /// Records that a run is done.
  mutating func finish(_ run: Int) {
    isFinished[run] = true
    let epoch = epochs.removeValue(forKey: run) ?? runs[run].firstEpoch
    epochsOfFinished[runs[run].kind, default: []].append(max(0, epoch - runs[run].firstEpoch))
  }

  var finishedRuns: Int { isFinished.count { $0 } }
  var totalRuns: Int { isFinished.count }

  /// The seconds that are left, if the epochs so far took `elapsed` seconds.
  func remainingSeconds(elapsed: Double) -> Double? {
    guard epochsDone > 0, elapsed > 0 else { return nil }
    let left = runs.indices.filter { !isFinished[$0] }.reduce(0.0) { sum, run in
      let finished = epochsOfFinished[runs[run].kind] ?? []
      let limit = max(0, runs[run].limit - runs[run].firstEpoch)
      let expected = finished.isEmpty ? limit : finished.reduce(0, +) / Double(finished.count)
      return sum + max(0, expected - max(0, (epochs[run] ?? 0) - runs[run].firstEpoch))
    }
    return left * elapsed / epochsDone
  }
}
