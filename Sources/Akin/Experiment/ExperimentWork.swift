import Foundation
import MetricLearning
import NeuralNetwork
import Synchronization

/// The doing of an experiment's runs, several at a time.
struct ExperimentWork: Sendable {
  let configuration: ExperimentConfiguration
  let plan: ExperimentPlan
  let songs: Manifest
  let folder: ExperimentFolder
  let cache: LogMelCache
  /// All songs by the models that need no training, by the models' identifiers.
  let vectors: [String: [Float]]

  private typealias Report = @Sendable (ExperimentEvent) throws -> Void

  /// Does the runs in order, side by side where they do not need each other.
  func run(
    _ unfinished: [Int], threads: Int, report: @escaping @Sendable (ExperimentEvent) throws -> Void
  ) throws {
    let queue = RunQueue(waiting: unfinished, prerequisites: plan.runs.map(prerequisite))
    let desk = ReportDesk(plan: plan, configuration: configuration, unfinished: unfinished, report: report)
    if unfinished.count < plan.runs.count {
      try report(.resumed(runs: plan.runs.count - unfinished.count, of: plan.runs.count))
    }
    // What can be done at the same time at least: the trainings of each split that need no other.
    let trainings = max(1, unfinished.count { needsTraining(plan.runs[$0]) && prerequisite(plan.runs[$0]) == nil })
    let workers = min(threads, max(trainings, 1))
    Parallel.forEach(count: workers, threads: workers) { worker, _ in
      let share = threads / workers + (worker < threads % workers ? 1 : 0)
      while let run = queue.next() {
        do {
          try perform(run, threads: share, desk: desk) { if let failure = queue.failure { throw failure } }
          queue.finish(run)
        } catch {
          queue.fail(error)
        }
      }
    }
    if let failure = queue.failure { throw failure }
  }

  private func needsTraining(_ run: ExperimentRun) -> Bool {
    if case .featureSet(let featureSet) = run.kind { featureSet.isTrained } else { true }
  }

  private func prerequisite(_ run: ExperimentRun) -> Int? {
    guard configuration.hasPretraining, case .featureSet(let featureSet) = run.kind, featureSet.strategy != nil else {
      return nil
    }
    return plan.runs.firstIndex(of: ExperimentRun(split: run.split, kind: .pretraining))
  }

  private func perform(_ index: Int, threads: Int, desk: ReportDesk, check: () throws -> Void) throws {
    let run = plan.runs[index]
    let split = plan.splits[run.split]
    switch run.kind {
    case .pretraining:
      _ = try training(of: run).train(cache: cache, restart: false, threads: threads) { event in
        try check()
        try desk.tell(event, run: index)
      }
      try desk.finish(index, result: nil)
    case .featureSet(let featureSet):
      var result = RunResult(featureSet: featureSet, split: split)
      if let model = featureSet.builtInModel {
        try judge(model, vectors: vectors[model.identifier] ?? [], split: split, result: &result)
      } else {
        try train(run, index: index, threads: threads, desk: desk, result: &result, check: check)
      }
      try folder.write(result, in: split)
      try desk.finish(index, result: result)
    }
  }

  private func training(of run: ExperimentRun) -> TrainingRun {
    let split = plan.splits[run.split]
    return TrainingRun(
      options: configuration.options(of: run.kind, randomSeed: split.randomSeed), parts: split.parts,
      folder: folder.runFolder(split, run.kind))
  }

  private func train(
    _ run: ExperimentRun, index: Int, threads: Int, desk: ReportDesk, result: inout RunResult, check: () throws -> Void
  ) throws {
    let split = plan.splits[run.split]
    let training = training(of: run)
    if let pretraining = prerequisite(run) { try training.begin(after: self.training(of: plan.runs[pretraining])) }
    result.phases = training.options.phaseNames
    var lastCollapse: CollapseDetector.Finding?
    let outcome: TrainingRun.Result
    do {
      outcome = try training.train(cache: cache, restart: false, threads: threads) { event in
        try check()
        if case .epoch(let record, _) = event {
          result.history.append(record)
          lastCollapse = record.collapse
        }
        try desk.tell(event, run: index)
      }
    } catch let error as DatasetError where lastCollapse == .notFinite {
      // A strategy that diverges is a finding, and none that should end the comparison.
      result.failure = error.reason
      return
    }
    result.history = outcome.history
    let model = EmbeddingModel.network(outcome.model)
    let file = training.folder.appending(path: "vectors.npy")
    let listening = SongVectors(paths: songs.songs.map(songs.filePath), threads: threads)
    let made = try listening.vectors(of: model, check: check)
    try folder.write(made, dimension: model.dimension, to: file)
    try judge(model, vectors: made, split: split, result: &result)
  }

  /// Has the test songs ask among all songs.
  private func judge(
    _ model: EmbeddingModel, vectors: [Float], split: ExperimentSplit, result: inout RunResult
  ) throws {
    let names = songs.classNames
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
    let search = AnswerSearch(labels: songs.songs.map { numbers[$0.className] ?? 0 })
    let places = Dictionary(
      uniqueKeysWithValues: songs.songs.enumerated().map { (songs.filePath(of: $0.element), $0.offset) })
    let test = split.parts.test
    let queries = test.songs.compactMap { places[test.filePath(of: $0)] }
    result.answers = try search.answers(of: queries, model: model, vectors: vectors)
    result.metrics = QueryMeasures(meanOf: result.answers.compactMap(\.measures))
  }
}

extension TrainingOptions {
  /// What the phases minimise, in order.
  var phaseNames: [String] { configuration.phases.map { "\($0.objective)" } }
}
