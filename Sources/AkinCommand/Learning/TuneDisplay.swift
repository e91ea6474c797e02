import Experiments
import Foundation
import MetricLearning
import Synchronization

/// Shows a search: a line of progress on a terminal, and a line for each training that is done.
final class TuneDisplay: Sendable {
  private struct State {
    var candidate = -1
    var start = ContinuousClock.now
    /// Seconds that finished candidates took.
    var durations: [Double] = []
  }

  private let terminal: Terminal
  private let candidates: [String]
  private let preparationStart = ContinuousClock.now
  private let state = Mutex(State())

  init(terminal: Terminal, candidates: [String]) {
    self.terminal = terminal
    self.candidates = candidates
  }

  func show(_ event: ExperimentEvent, of candidate: Int) {
    begin(candidate)
    let position = "\(candidate + 1)/\(candidates.count)"
    switch event {
    case .preparing(let done, let total):
      terminal.progress("listening to " + Rate(done: done, total: total, since: preparationStart).text(of: "songs"))
    case .leftOut(let song):
      if candidate == 0 { terminal.warn(leftOut: song.path, song.reason) }
    case .planned(let trainings, let epochs):
      let work = "\(counted(trainings, "training")) of at most \(counted(epochs, "epoch")) in all"
      terminal.note("\(position) \(candidates[candidate]): \(work)")
    case .progress(let progress):
      terminal.progress("\(position)\(remaining(progress)): \(progress.current)")
    case .finished(let split, let kind, let result, let progress):
      var text = "\(position) \(candidates[candidate]), \(split.name) \(kind.name)"
      if let metrics = result?.metrics { text += ": MAP \(decimal(metrics.averagePrecision, 3))" }
      if let failure = result?.failure { text += ": \(failure)" }
      terminal.note(text + remaining(progress))
    case .mapping, .resumed: break
    }
  }

  private func begin(_ candidate: Int) {
    state.withLock { state in
      guard state.candidate != candidate else { return }
      if state.candidate >= 0 { state.durations.append((ContinuousClock.now - state.start) / .seconds(1)) }
      (state.candidate, state.start) = (candidate, .now)
    }
  }

  /// The time left for this combination and those after it, if they take as long as those before.
  private func remaining(_ progress: ExperimentProgress) -> String {
    guard let own = progress.remainingSeconds else { return "" }
    return state.withLock { state in
      let current = (ContinuousClock.now - state.start) / .seconds(1) + own
      let known = state.durations + [current]
      let others = Double(candidates.count - state.candidate - 1) * known.reduce(0, +) / Double(known.count)
      return ", about \(Rate.duration(own + others)) left"
    }
  }
}
