import AudioFeatures
import Datasets
import Files
import Foundation
import MetricLearning
import SongModels
import Synchronization
import Training

/// The paper's comparison in a folder: all its runs, each done once, however often it is interrupted.
public struct Experiment: Sendable {
  /// What is compared.
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

  /// Throws away what an earlier experiment left in the folder.
  public func clear() throws { try folder.clear() }

  /// Takes over the pre-trainings of another experiment on the same songs that this one does not have; they must be
  /// the same, see `ExperimentConfiguration.sharesPretrainings`.
  func adoptPretrainings(of other: URL) throws { try folder.adoptPretrainings(of: ExperimentFolder(url: other)) }

  /// Does what is not done yet, and gives all results.
  ///
  /// Trainings go on side by side, one a thread, which takes less time than one after the other on all threads; only
  /// where there are more threads than trainings do these share them.
  ///
  /// - Parameters:
  ///   - restart: whether to throw away what an earlier experiment left in the folder.
  ///   - threads: does not change the results.
  ///   - report: is told what happens, from any thread, one call at a time; throw from it to stop.
  public func run(
    cache: LogMelCache, restart: Bool, threads: Int, report: @escaping @Sendable (ExperimentEvent) throws -> Void
  ) throws -> ExperimentResults {
    try folder.checkWritable()
    if restart { try clear() }
    let (description, songs) = try prepared(cache: cache, threads: threads, report: report)
    let plan = try ExperimentPlan(configuration, songs: songs)
    let unfinished = try self.unfinished(plan)
    let untrained = UntrainedSongs(
      songs: songs, vectors: try builtInVectors(songs: songs, threads: threads, report: report),
      halves: try descriptorsOfHalves(songs: songs, threads: threads, report: report),
      distances: try timbreDistances(songs: songs, threads: threads, report: report))
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
    cache: LogMelCache, threads: Int, report: (ExperimentEvent) throws -> Void
  ) throws -> (ExperimentFolder.Description, Manifest) {
    if let (description, songs) = try folder.stored() {
      guard description == self.description(leftOut: description.leftOut) else {
        throw DatasetError(
          path: folder.url.path, reason: "it holds an experiment with other choices or songs",
          remedy: "Choose another folder with --output, or throw that experiment away with --restart.")
      }
      return (description, songs)
    }
    let preparation = SongPreparation(configuration: configuration, cache: cache, threads: threads)
    let result = try preparation.prepare(dataset, report: report)
    let description = description(leftOut: result.leftOut)
    // Before anything is written: a plan that cannot be made leaves nothing behind.
    _ = try ExperimentPlan(configuration, songs: result.songs)
    try folder.write(description, songs: result.songs)
    // As a resumed experiment reads them.
    return (description, try folder.stored()?.songs ?? result.songs)
  }

  private func description(leftOut: [LeftOutSong]) -> ExperimentFolder.Description {
    let lines = dataset.songs.map { "\(dataset.filePath(of: $0))\t\($0.className)\t\($0.artist)\t\($0.album)" }
    var training = configuration.training
    training.strategy = nil
    return ExperimentFolder.Description(
      training: training, convergenceEpochs: configuration.convergenceEpochs, folds: configuration.folds,
      bond: configuration.bond, dataset: ContentDigest.hexadecimal(of: Data(lines.joined(separator: "\n").utf8)),
      leftOut: leftOut)
  }

  private func builtInVectors(
    songs: Manifest, threads: Int, report: (ExperimentEvent) throws -> Void
  ) throws -> [String: [Float]] {
    var vectors: [String: [Float]] = [:]
    for model in configuration.builtInModels {
      let file = folder.vectorsFile(of: model)
      if let stored = try folder.vectors(in: file, count: songs.songs.count, dimension: model.dimension) {
        vectors[model.identifier] = stored
        continue
      }
      let listening = SongVectors(paths: songs.songs.map(songs.filePath), threads: threads)
      let made = try listening.vectors(of: model) { try report(.preparing(done: $0, of: songs.songs.count)) }
      try folder.write(made, dimension: model.dimension, to: file)
      vectors[model.identifier] = made
    }
    return vectors
  }

  private func descriptorsOfHalves(
    songs: Manifest, threads: Int, report: (ExperimentEvent) throws -> Void
  ) throws -> [Float]? {
    guard configuration.featureSets.contains(.learnedDescriptor) else { return nil }
    let (count, dimension) = (songs.songs.count, 2 * SongDescriptor.count)
    if let stored = try folder.vectors(in: folder.halvesFile, count: count, dimension: dimension) { return stored }
    let listening = SongVectors(paths: songs.songs.map(songs.filePath), threads: threads)
    let made = try listening.descriptorsOfHalves { try report(.preparing(done: $0, of: count)) }
    try folder.write(made, dimension: dimension, to: folder.halvesFile)
    return made
  }

  private func timbreDistances(
    songs: Manifest, threads: Int, report: (ExperimentEvent) throws -> Void
  ) throws -> DistanceMatrix? {
    guard configuration.featureSets.contains(.musly) else { return nil }
    let count = songs.songs.count
    if let stored = try folder.vectors(in: folder.distancesFile, count: count, dimension: count) {
      return DistanceMatrix(count: count, values: stored)
    }
    let listening = TimbreDistances(songs: SongVectors(paths: songs.songs.map(songs.filePath), threads: threads))
    let made = try listening.matrix { try report(.preparing(done: $0, of: count)) }
    try folder.write(made.values, dimension: count, to: folder.distancesFile)
    return made
  }

  // MARK: - Runs

  /// The runs that are still to be done.
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
