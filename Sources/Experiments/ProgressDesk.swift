import MetricLearning
import Synchronization
import Training

/// Gathers what trainings on several threads tell, and passes it on one call at a time.
final class ProgressDesk: Sendable {
  private struct State {
    var estimate: ProgressEstimate
    var current = ""
  }

  private let runs: [ProgressEstimate.Run]
  private let report: @Sendable (ExperimentProgress) throws -> Void
  private let start = ContinuousClock.now
  private let state: Mutex<State>

  /// A desk for runs of which some are done already.
  init(
    _ runs: [ProgressEstimate.Run], unfinished: [Int], report: @escaping @Sendable (ExperimentProgress) throws -> Void
  ) {
    self.runs = runs
    self.report = report
    var estimate = ProgressEstimate(runs)
    for run in Set(runs.indices).subtracting(unfinished) { estimate.skip(run) }
    state = Mutex(State(estimate: estimate))
  }

  /// A training tells something.
  func tell(_ event: TrainingEvent, run: Int) throws {
    guard case .progress(let progress, let phase) = event else { return }
    try state.withLock { state in
      let epoch = Double(progress.epoch - 1) + Double(progress.batch) / Double(max(1, progress.batchCount))
      state.estimate.advance(run, to: epoch)
      state.current = "\(runs[run].name) epoch \(progress.epoch)/\(phase.epochs)"
      try report(self.progress(state))
    }
  }

  /// A run is done; `tell` is called while no other call can be under way.
  func finish(_ run: Int, tell: (ExperimentProgress) throws -> Void) throws {
    try state.withLock { state in
      state.estimate.finish(run)
      try tell(progress(state))
    }
  }

  private func progress(_ state: State) -> ExperimentProgress {
    ExperimentProgress(
      finishedRuns: state.estimate.finishedRuns, totalRuns: state.estimate.totalRuns, current: state.current,
      remainingSeconds: state.estimate.remainingSeconds(elapsed: (ContinuousClock.now - start) / .seconds(1)))
  }
}
