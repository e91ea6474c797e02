import Experiments
import Foundation
import MetricLearning

/// Shows an experiment: a line of progress on a terminal, and a line for each run that is done.
final class ExperimentDisplay: Sendable {
  private let terminal: Terminal
  private let start = ContinuousClock.now

  init(terminal: Terminal) { self.terminal = terminal }

  func show(_ event: ExperimentEvent) {
    switch event {
    case .preparing(let done, let total):
      terminal.progress("listening to " + Rate(done: done, total: total, since: start).text(of: "songs"))
    case .leftOut(let song):
      if song.cause == .unusable {
        terminal.warn(leftOut: song.path, song.reason)
      } else {
        terminal.note("left out \(song.path): \(song.reason)")
      }
    case .resumed(let runs, let total):
      terminal.note("\(runs) of \(total) runs are done already")
    case .planned(let trainings, let epochs):
      terminal.note(
        "\(counted(trainings, "training")) of at most \(counted(epochs, "epoch")) in all; early stopping may end them "
          + "sooner")
    case .mapping(let featureSet): terminal.progress("making the map of songs: \(featureSet.rawValue)")
    case .progress(let progress):
      terminal.progress(
        "\(progress.finishedRuns) of \(progress.totalRuns) runs\(Self.remaining(progress)): \(progress.current)")
    case .finished(let split, let kind, let result, let progress):
      var text = "\(progress.finishedRuns)/\(progress.totalRuns) \(split.name) \(kind.name)"
      if let metrics = result?.metrics {
        text += ": MAP \(decimal(metrics.averagePrecision, 3)), MRR \(decimal(metrics.reciprocalRank, 3))"
      }
      if let failure = result?.failure {
        text += ": \(failure)"
      } else if result?.collapse != nil {
        text += ", collapsed"
      }
      terminal.note(text + Self.remaining(progress))
    }
  }

  private static func remaining(_ progress: ExperimentProgress) -> String {
    guard let seconds = progress.remainingSeconds, progress.finishedRuns < progress.totalRuns else { return "" }
    return ", about \(Rate.duration(seconds)) left"
  }
}
