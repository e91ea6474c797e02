import MetricLearning
import Synchronization

/// Gathers what trainings on several threads tell, and passes it on one call at a time.
final class ReportDesk: Sendable {
  private struct State {
    var estimate: ProgressEstimate
    var current = ""
  }

  private let plan: ExperimentPlan
  private let report: @Sendable (ExperimentEvent) throws -> Void
  private let start = ContinuousClock.now
  private let state: Mutex<State>

  init(
    plan: ExperimentPlan, configuration: ExperimentConfiguration, unfinished: [Int],
    report: @escaping @Sendable (ExperimentEvent) throws -> Void
  ) {
    self.plan = plan
    self.report = report
    var estimate = ProgressEstimate(runs: plan.runs, configuration: configuration)
    for run in Set(plan.runs.indices).subtracting(unfinished) { estimate.skip(run, epochs: nil) }
    state = Mutex(State(estimate: estimate))
  }

  /// A training tells something.
  func tell(_ event: TrainingEvent, run: Int) throws {
    guard case .progress(let progress, let phase) = event else { return }
    let name = "\(plan.splits[plan.runs[run].split].name) \(plan.runs[run].kind.name)"
    try state.withLock { state in
      let epoch = Double(progress.epoch - 1) + Double(progress.batch) / Double(max(1, progress.batchCount))
      state.estimate.advance(run, to: epoch)
      state.current = "\(name) epoch \(progress.epoch)/\(phase.epochs)"
      try report(.progress(self.progress(state)))
    }
  }

  /// A run is done.
  func finish(_ run: Int, result: RunResult?) throws {
    try state.withLock { state in
      state.estimate.finish(run)
      let item = plan.runs[run]
      try report(.finished(split: plan.splits[item.split], kind: item.kind, result, progress(state)))
    }
  }

  private func progress(_ state: State) -> ExperimentProgress {
    ExperimentProgress(
      finishedRuns: state.estimate.finishedRuns, totalRuns: state.estimate.totalRuns, current: state.current,
      remainingSeconds: state.estimate.remainingSeconds(elapsed: (ContinuousClock.now - start) / .seconds(1)))
  }
}
