import AudioFeatures
import Datasets
import Files
import Foundation
import MetricLearning
import SongModels
import Training

/// The paper's comparison, with all its results in a folder. Each run is done once, however often the experiment is
/// interrupted.
public struct Experiment: Sendable {
  /// What is compared, and how.
  public let configuration: ExperimentConfiguration
  /// The songs that were given.
  public let dataset: Manifest
  private let folder: ExperimentFolder

  /// An experiment on a dataset in a folder.
  public init(_ configuration: ExperimentConfiguration, dataset: Manifest, folder: URL) {
    self.configuration = configuration
    self.dataset = dataset
    self.folder = ExperimentFolder(url: folder)
  }

  /// Deletes what an earlier experiment left in the folder.
  public func clear() throws { try folder.clear() }

  /// Copies pre-trainings that this experiment does not have from another one on the same songs. They must be equal:
  /// see `ExperimentConfiguration.sharesPretrainings`.
  func adoptPretrainings(of other: URL) throws { try folder.adoptPretrainings(of: ExperimentFolder(url: other)) }

  /// Does the runs that are not done yet, and returns all results.
  ///
  /// Trainings run side by side with one thread each, which takes less time than one after the other on all threads. If
  /// there are more threads than trainings, the trainings share them.
  ///
  /// - Parameters:
  ///   - restart: whether to delete what an earlier experiment left in the folder.
  ///   - threads: does not change the results.
  ///   - report: is told what happens, from any thread, one call at a time; it may throw to stop.
  public func run(
    cache: LogMelCache, restart: Bool, threads: Int, report: @escaping @Sendable (ExperimentEvent) throws -> Void
  ) throws -> ExperimentResults {
    try folder.checkWritable()
    if restart { try clear() }
    let (description, songs) = try prepared(cache: cache, threads: threads, report: report)
    let plan = try ExperimentPlan(configuration, songs: songs)
    let unfinished = try self.unfinished(plan)
    let untrained = try preparation(cache: cache, threads: threads, report: report).untrainedSongs(songs)
    let work = ExperimentWork(
      configuration: configuration, plan: plan, songs: songs, folder: folder, cache: cache, untrained: untrained)
    try work.run(unfinished, threads: threads, report: report)
    var results = try results(plan, songs: songs, leftOut: description.leftOut)
    guard configuration.drawsMaps else { return results }
    results.maps = try ExperimentMaps(plan: plan, songs: songs, folder: folder, untrained: untrained).maps(
      of: results, threads: threads, report: report)
    return results
  }

  // MARK: - Songs

  private func prepared(
    cache: LogMelCache, threads: Int, report: @escaping (ExperimentEvent) throws -> Void
  ) throws -> (ExperimentFolder.Description, Manifest) {
    if let (description, songs) = try folder.stored() {
      guard description == self.description(leftOut: description.leftOut) else {
        throw DatasetError(
          path: folder.url.path, reason: "it holds an experiment with other choices or songs",
          remedy: "Choose another folder with --output, or delete that experiment with --restart.")
      }
      return (description, songs)
    }
    let preparation = preparation(cache: cache, threads: threads, report: report)
    let choice = try preparation.choose(from: dataset)
    let description = description(leftOut: choice.leftOut)
    // Planned before anything is written, so that a plan that fails leaves nothing behind.
    _ = try ExperimentPlan(configuration, songs: choice.songs)
    try folder.write(description, songs: choice.songs)
    try preparation.keep(choice)
    // Read back, so that a resumed experiment has the same songs.
    return (description, try folder.stored()?.songs ?? choice.songs)
  }

  private func preparation(
    cache: LogMelCache, threads: Int, report: @escaping (ExperimentEvent) throws -> Void
  ) -> SongPreparation {
    SongPreparation(configuration: configuration, cache: cache, folder: folder, threads: threads, report: report)
  }

  private func description(leftOut: [LeftOutSong]) -> ExperimentFolder.Description {
    let lines = dataset.songs.map { "\(dataset.filePath(of: $0))\t\($0.className)\t\($0.artist)\t\($0.album)" }
    var training = configuration.training
    training.strategy = nil
    return ExperimentFolder.Description(
      training: training, convergenceEpochs: configuration.convergenceEpochs, folds: configuration.folds,
      groupingKey: configuration.groupingKey,
      dataset: ContentDigest.hexadecimal(of: Data(lines.joined(separator: "\n").utf8)),
      leftOut: leftOut)
  }

  // MARK: - Runs

  /// The runs that are not done yet.
  private func unfinished(_ plan: ExperimentPlan) throws -> [Int] {
    var open: [Int] = []
    var splitsThatGoOn: Set<Int> = []
    for (index, run) in plan.runs.enumerated() {
      guard case .featureSet(let featureSet) = run.kind else { continue }
      guard try folder.result(of: featureSet, in: plan.splits[run.split]) == nil else { continue }
      open.append(index)
      if configuration.sharesPretraining(featureSet) { splitsThatGoOn.insert(run.split) }
    }
    let pretrainings = plan.runs.indices.filter { index in
      let run = plan.runs[index]
      guard run.kind == .pretraining, splitsThatGoOn.contains(run.split) else { return false }
      let model = folder.runFolder(plan.splits[run.split], .pretraining).appending(path: "model.safetensors")
      return !FileManager.default.fileExists(atPath: model.path)
    }
    return (open + pretrainings).sorted()
  }

  private func results(_ plan: ExperimentPlan, songs: Manifest, leftOut: [LeftOutSong]) throws -> ExperimentResults {
    let results = try plan.runs.compactMap { run -> RunResult? in
      guard case .featureSet(let featureSet) = run.kind else { return nil }
      return try folder.result(of: featureSet, in: plan.splits[run.split])
    }
    return ExperimentResults(configuration: configuration, songs: songs, leftOut: leftOut, results: results)
  }
}
