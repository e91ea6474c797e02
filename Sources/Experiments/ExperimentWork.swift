import Datasets
import Foundation
import MetricLearning
import SongModels
import Training

/// Does the runs of an experiment, several at a time.
struct ExperimentWork: Sendable {
  let configuration: ExperimentConfiguration
  let plan: ExperimentPlan
  let songs: Manifest
  let folder: ExperimentFolder
  let cache: LogMelCache
  let untrained: UntrainedSongs

  /// Does the runs in order, side by side if they do not need each other.
  func run(
    _ unfinished: [Int], threads: Int, report: @escaping @Sendable (ExperimentEvent) throws -> Void
  ) throws {
    let queue = RunQueue(waiting: unfinished, prerequisites: plan.runs.map(prerequisite))
    let reporter = ProgressReporter(progressRuns, unfinished: unfinished) { try report(.progress($0)) }
    if unfinished.count < plan.runs.count {
      try report(.resumed(runs: plan.runs.count - unfinished.count, of: plan.runs.count))
    }
    let limits = unfinished.map { progressRuns[$0] }.map { max(0, $0.limit - $0.firstEpoch) }.filter { $0 > 0 }
    if !limits.isEmpty { try report(.planned(trainings: limits.count, epochs: Int(limits.reduce(0, +)))) }
    // At least the trainings that need no other training can be done at the same time.
    let trainings = unfinished.count { needsTraining(plan.runs[$0]) && prerequisite(plan.runs[$0]) == nil }
    queue.drain(workers: min(threads, max(trainings, 1)), threads: threads) { run, share, check in
      try perform(run, threads: share, reporter: reporter, report: report, check: check)
    }
    if let failure = queue.failure { throw failure }
  }

  private var progressRuns: [ProgressEstimate.Run] {
    plan.runs.map { run in
      var item = ProgressEstimate.Run(
        name: "\(plan.splits[run.split].name) \(run.kind.name)", kind: run.kind.name,
        limit: Double(configuration.epochLimit(of: run.kind)))
      // Cross-entropy alone continues from the pre-training.
      if run.kind == .featureSet(.crossEntropy) && prerequisite(run) != nil {
        item.firstEpoch = Double(configuration.training.crossEntropyEpochs)
      }
      return item
    }
  }

  private func needsTraining(_ run: ExperimentRun) -> Bool {
    if case .featureSet(let featureSet) = run.kind { featureSet.isTrained } else { true }
  }

  private func prerequisite(_ run: ExperimentRun) -> Int? {
    guard case .featureSet(let featureSet) = run.kind, configuration.sharesPretraining(featureSet) else { return nil }
    return plan.runs.firstIndex(of: ExperimentRun(split: run.split, kind: .pretraining))
  }

  private func perform(
    _ index: Int, threads: Int, reporter: ProgressReporter, report: @Sendable (ExperimentEvent) throws -> Void,
    check: () throws -> Void
  ) throws {
    let run = plan.runs[index]
    let split = plan.splits[run.split]
    var result: RunResult?
    switch run.kind {
    case .pretraining:
      var training = training(of: run)
      training.keepsLastEpoch = true
      _ = try training.train(cache: cache, restart: false, threads: threads) { event in
        try check()
        try reporter.report(event, run: index)
      }
    case .featureSet(let featureSet):
      var made = RunResult(featureSet: featureSet, split: split)
      if featureSet.isTrained {
        try train(run, index: index, threads: threads, reporter: reporter, result: &made, check: check)
      } else {
        try judgeUntrained(run, result: &made)
      }
      made.metrics = QueryMeasures(meanOf: made.answers.compactMap(\.measures))
      try folder.write(made, in: split)
      result = made
    }
    try reporter.finish(index) { try report(.finished(split: split, kind: run.kind, result, $0)) }
  }

  // MARK: - Without training

  private func judgeUntrained(_ run: ExperimentRun, result: inout RunResult) throws {
    let split = plan.splits[run.split]
    switch result.featureSet.method {
    case .chance: result.answers = AnswerSearch(songs).chance(of: queries(of: split))
    case .model(let model): try judge(untrained.songs(by: model), run: run, result: &result)
    case .timbre: try judge(untrained.songsByTimbre, run: run, result: &result)
    case .discriminants:
      do {
        let coordinates = try untrained.discriminants(fittedTo: split)
        try folder.write(
          coordinates.values, dimension: coordinates.dimension,
          to: folder.vectorsFile(of: result.featureSet, in: split))
        try judge(ComparedSongs(coordinates: coordinates), run: run, result: &result)
      } catch let error as ModelFittingError {
        result.failure = "no axes can be fitted: \(error)"
      }
    case .learnedDescriptor:
      let model = try untrained.learnedDescriptor(fittedTo: split)
      try folder.write(model, in: split)
      try judge(untrained.songs(comparedBy: .learnedDescriptor(model)), run: run, result: &result)
    case .training: preconditionFailure("\(result.featureSet) is trained")
    }
  }

  // MARK: - Training

  private func training(of run: ExperimentRun) -> TrainingRun {
    let split = plan.splits[run.split]
    return TrainingRun(
      options: configuration.options(of: run.kind, randomSeed: split.randomSeed), parts: split.parts,
      folder: folder.runFolder(split, run.kind))
  }

  private func train(
    _ run: ExperimentRun, index: Int, threads: Int, reporter: ProgressReporter, result: inout RunResult,
    check: () throws -> Void
  ) throws {
    let split = plan.splits[run.split]
    let training = training(of: run)
    try begin(training, run)
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
        try reporter.report(event, run: index)
      }
    } catch let error as DatasetError where lastCollapse == .notFinite {
      // A strategy that diverges is a result, and must not end the comparison.
      result.failure = error.reason
      return
    }
    result.history = outcome.history
    let model = EmbeddingModel.network(outcome.model)
    let paths = songs.songs.map(songs.filePath)
    let vectors = TrainedVectors(model: outcome.model, options: training.options, cache: cache)
    let heard = try vectors.results(paths, threads: threads) { _ in try check() }
    let made = try zip(paths, heard).flatMap(SongPreparation.features)
    try folder.write(made, dimension: model.dimension, to: folder.vectorsFile(of: result.featureSet, in: split))
    try judge(
      ComparedSongs(model: model, vectors: made, count: songs.songs.count), run: run, result: &result)
  }

  /// Continues from the split's pre-training, if the run shares it.
  private func begin(_ training: TrainingRun, _ run: ExperimentRun) throws {
    guard let pretraining = prerequisite(run) else { return }
    let earlier = self.training(of: plan.runs[pretraining])
    if run.kind == .featureSet(.crossEntropy) {
      try training.begin(continuing: earlier)
    } else {
      try training.begin(after: earlier)
    }
  }

  // MARK: - Judging

  /// Lets the test songs ask among all songs.
  private func judge(_ compared: ComparedSongs, run: ExperimentRun, result: inout RunResult) throws {
    let search = AnswerSearch(songs)
    let split = plan.splits[run.split]
    result.answers = try search.answers(of: queries(of: split), among: compared)
    // If nothing is fitted to the split, all splits have the same hubs.
    if result.featureSet.isFittedToSplit || run.split == 0 { result.hubs = try search.hubness(compared) }
  }

  private func queries(of split: ExperimentSplit) -> [Int] {
    let indices = Dictionary(
      uniqueKeysWithValues: songs.songs.enumerated().map { (songs.filePath(of: $0.element), $0.offset) })
    let test = split.parts.test
    return test.songs.compactMap { indices[test.filePath(of: $0)] }
  }
}

extension TrainingOptions {
  /// What the phases minimise, in order.
  var phaseNames: [String] { configuration.phases.map { "\($0.objective)" } }
}
