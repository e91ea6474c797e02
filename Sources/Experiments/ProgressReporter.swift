import MetricLearning
import Synchronization
import Training

/// Gathers the progress of trainings on several threads, and reports it one call at a time.
final class ProgressReporter: Sendable {
  private struct State {
    var estimate: ProgressEstimate
    var current = ""
  }

  private let runs: [ProgressEstimate.Run]
  private let send: @Sendable (ExperimentProgress) throws -> Void
  private let start = ContinuousClock.now
  private let state: Mutex<State>

  /// A reporter of runs, of which all but `unfinished` are done already.
  init(
    _ runs: [ProgressEstimate.Run], unfinished: [Int], send: @escaping @Sendable (ExperimentProgress) throws -> Void
  ) {
    self.runs = runs
    self.send = send
    var estimate = ProgressEstimate(runs)
    for run in Set(runs.indices).subtracting(unfinished) { estimate.skip(run) }
    state = Mutex(State(estimate: estimate))
  }

  /// Reports what a training says of its progress.
  func report(_ event: TrainingEvent, run: Int) throws {
    guard case .progress(let progress, let phase) = event else { return }
    try state.withLock { state in
      let epoch = Double(progress.epoch - 1) + Double(progress.batch) / Double(max(1, progress.batchCount))
      state.estimate.advance(run, to: epoch)
      state.current = "\(runs[run].name) epoch \(progress.epoch)/\(phase.epochs)"
      try send(self.progress(state))
    }
  }

  /// Records that a run is done; `report` is called while no other report can be under way.
  func finish(_ run: Int, report: (ExperimentProgress) throws -> Void) throws {
    try state.withLock { state in
      state.estimate.finish(run)
      try report(progress(state))
    }
  }

  private func progress(_ state: State) -> ExperimentProgress {
    ExperimentProgress(
      finishedRuns: state.estimate.finishedRuns, totalRuns: state.estimate.totalRuns, current: state.current,
      remainingSeconds: state.estimate.remainingSeconds(elapsed: (ContinuousClock.now - start) / .seconds(1)))
  }
}
