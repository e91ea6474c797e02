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
  /// A piece of work.
  struct Run: Hashable, Sendable {
    /// What people read.
    var name: String
    /// Runs of one kind take about equally many epochs.
    var kind: String
    /// The epoch before the first that it takes itself, where it goes on from another run's.
    var firstEpoch = 0.0
    /// The epoch after which it ends at the latest; 0 where nothing is trained.
    var limit: Double
  }

  private let runs: [Run]
  private var isFinished: [Bool]
  /// Where runs under way stand.
  private var epochs: [Int: Double] = [:]
  private var epochsOfFinished: [String: [Double]] = [:]
  private var epochsDone = 0.0

  init(_ runs: [Run]) {
    self.runs = runs
    isFinished = runs.map { _ in false }
  }

  /// Records that a run was done before this process began.
  mutating func skip(_ run: Int) { isFinished[run] = true }

  /// Records where a run stands in its last phase.
  mutating func advance(_ run: Int, to epoch: Double) {
    // What an earlier process did tells nothing about the pace of this one.
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

  /// The seconds left, where `elapsed` seconds went into the epochs so far.
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
