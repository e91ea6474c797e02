import AudioFeatures
import AudioFiles
import Datasets
import Files
import Foundation
import MetricLearning
import NeuralNetwork
import Reproducibility
import SongModels

/// One training in a folder of its own, which holds the choices, the parts of the dataset, the history, the checkpoint
/// and in the end the model. If it is started again with the same choices, it goes on where it was interrupted.
public struct TrainingRun: Sendable {
  /// What the user chose.
  public let options: TrainingOptions
  /// The songs.
  public let parts: DatasetParts
  /// The folder to which everything is written.
  public let folder: URL

  /// Whether the state after the last epoch is kept for `begin(continuing:)`.
  package var keepsLastEpoch = false

  /// The finished model.
  public var modelFile: URL { folder.appending(path: "model.safetensors") }
  private var checkpointFile: URL { folder.appending(path: "checkpoint.safetensors") }
  private var lastEpochFile: URL { folder.appending(path: "last-epoch.safetensors") }
  private var descriptionFile: URL { folder.appending(path: "run.json") }
  private var historyFile: URL { folder.appending(path: "history.csv") }
  /// The measures of the test songs.
  public var metricsFile: URL { folder.appending(path: "metrics.json") }

  /// The result of a training.
  public struct Result: Sendable {
    /// The model.
    public var model: PRCNNModel
    /// The record of every epoch.
    public var history: [EpochRecord]
    /// The number of songs that were left out.
    public var skippedSongs: Int
  }

  /// What must be equal so that a training can be resumed.
  private struct Description: Codable, Hashable {
    var version = 1
    var options: TrainingOptions
    var training: [String]
    var validation: [String]
  }

  /// A training of `parts` in `folder`.
  public init(options: TrainingOptions, parts: DatasetParts, folder: URL) {
    self.options = options
    self.parts = parts
    self.folder = folder
  }

  /// Prepares the songs, trains, and writes the model.
  ///
  /// - Parameters:
  ///   - restart: whether to delete what an earlier training left in the folder.
  ///   - threads: does not change the result.
  ///   - report: is told what happens, one call at a time; it may throw to stop.
  public func train(
    cache: LogMelCache, restart: Bool, threads: Int, report: (TrainingEvent) throws -> Void
  ) throws -> Result {
    try openFolder(restart: restart)
    let configuration = options.configuration
    let songs = try TrainingSongs(parts, options: options, cache: cache, threads: threads, report: report)
    let network = PRCNN(
      options.network, classCount: songs.classNames.count, isNormalised: options.preset.isNormalised)
    var generator = SeededGenerator(seed: options.randomSeed)
    var state = TrainingState(parameters: network.initialParameters(using: &generator), generator: generator)
    if let stored = try storedState(parameterCount: network.layout.count) {
      state = stored
      try report(.resumed(epochs: state.history.count))
    }
    let trainable = try TrainablePRCNN(
      network: network, parameters: state.parameters, standardisation: songs.standardisation, paths: songs.paths,
      logMels: songs.logMels, batchSize: configuration.classesPerBatch * configuration.songsPerClass,
      threads: threads)
    let trainer = Trainer(
      configuration: configuration, trainingLabels: songs.trainingLabels, validationLabels: songs.validationLabels,
      collections: options.preset == .transfer ? songs.collections : nil)
    var reportedEpochs = state.history.count
    try trainer.train(
      trainable, state: &state,
      progress: { progress in try report(.progress(progress, configuration.phases[progress.phase])) },
      checkpoint: { state in
        if keepsLastEpoch && state.phase == configuration.phases.count { try keepCheckpoint() }
        try FileError.write(Checkpoint.data(of: state), to: checkpointFile, remedy: Self.remedyForFullDisk)
        try writeHistory(state.history, configuration: configuration)
        for record in state.history[reportedEpochs...] {
          try report(.epoch(record, configuration.phases[record.phase]))
        }
        reportedEpochs = state.history.count
      })
    try checkFinite(trainable.parameters)
    let model = model(of: trainable, songs: songs, features: songs.logMels.input.features, history: state.history)
    try FileError.write(model.data, to: modelFile, remedy: Self.remedyForFullDisk)
    return Result(model: model, history: state.history, skippedSongs: songs.skipped)
  }

  private func checkFinite(_ parameters: [Float]) throws(DatasetError) {
    guard parameters.allSatisfy(\.isFinite) else {
      throw DatasetError(
        path: folder.path, reason: "\(CollapseDetector.Finding.notFinite.description), and no epoch was better",
        remedy: "Begin again with --restart and a lower --learning-rate.")
    }
  }

  /// Continues where another training of the same songs ended, whose phases are the first of this one: so several
  /// strategies share one pre-training. The model is the same, bit for bit, as if this training had done all phases
  /// itself.
  ///
  /// Does nothing if this training already has a checkpoint.
  public func begin(after pretraining: TrainingRun) throws {
    guard !FileManager.default.fileExists(atPath: checkpointFile.path) else { return }
    let (own, earlier) = (options.configuration, pretraining.options.configuration)
    precondition(
      own.phases.starts(with: earlier.phases) && own.randomSeed == earlier.randomSeed && parts == pretraining.parts,
      "\(pretraining.folder.path) is not the beginning of \(folder.path)")
    try openFolder(restart: false)
    try copy(pretraining.checkpointFile, to: checkpointFile)
  }

  /// Continues after the last epoch of a shorter training of the same songs, if that training kept it. Both must have
  /// one phase, and differ only in its number of epochs. The model is the same, bit for bit, as if this training had
  /// done all epochs itself.
  ///
  /// Does nothing if this training already has a checkpoint, or if the shorter one kept none.
  package func begin(continuing shorter: TrainingRun) throws {
    let files = FileManager.default
    guard !files.fileExists(atPath: checkpointFile.path), files.fileExists(atPath: shorter.lastEpochFile.path) else {
      return
    }
    let own = options.configuration
    var earlier = shorter.options.configuration
    precondition(
      own.phases.count == 1 && earlier.phases.count == 1 && own.phases[0].epochs >= earlier.phases[0].epochs,
      "\(shorter.folder.path) is not the beginning of \(folder.path)")
    earlier.phases[0].epochs = own.phases[0].epochs
    precondition(own == earlier && parts == shorter.parts, "\(shorter.folder.path) learns in another way")
    try openFolder(restart: false)
    try copy(shorter.lastEpochFile, to: checkpointFile)
  }

  /// Copies the checkpoint of the last epoch before that of the finished training replaces it.
  private func keepCheckpoint() throws {
    guard FileManager.default.fileExists(atPath: checkpointFile.path) else { return }
    try copy(checkpointFile, to: lastEpochFile)
  }

  private func copy(_ source: URL, to target: URL) throws {
    let content: Data
    do {
      content = try Data(contentsOf: source)
    } catch {
      throw FileError(
        path: source.path, reason: "it cannot be read: \(error.systemReason)",
        remedy: "Begin again with --restart.")
    }
    try FileError.write(content, to: target, remedy: Self.remedyForFullDisk)
  }

  // MARK: - The folder

  private func openFolder(restart: Bool) throws {
    let files = FileManager.default
    try FileError.makeFolder(folder, remedy: "Choose another with --output.")
    if restart {
      for file in [checkpointFile, lastEpochFile, modelFile, historyFile] where files.fileExists(atPath: file.path) {
        try files.removeItem(at: file)
      }
    } else if try holdsAnotherTraining {
      throw DatasetError(
        path: folder.path, reason: "it holds a training with other choices or songs",
        remedy: "Choose another folder with --output, or delete that training with --restart.")
    }
    let text = JSON.text(description, pretty: true)
    try FileError.write(Data(text.utf8), to: descriptionFile, remedy: "Choose another folder with --output.")
    try parts.write(to: folder)
  }

  /// Whether the folder holds a training with other choices or songs, which this one cannot continue.
  public var holdsAnotherTraining: Bool {
    get throws {
      try FileManager.default.fileExists(atPath: checkpointFile.path) && storedDescription() != description
    }
  }

  private var description: Description {
    func lines(_ part: Manifest) -> [String] { part.songs.map { "\(part.filePath(of: $0))\t\($0.className)" } }
    return Description(options: options, training: lines(parts.training), validation: lines(parts.validation))
  }

  /// The choices of the folder's training; nil if there are none, or if they were written in a form that is not known.
  private func storedDescription() throws -> Description? {
    guard FileManager.default.fileExists(atPath: descriptionFile.path) else { return nil }
    let text = String(decoding: try Data(contentsOf: descriptionFile), as: UTF8.self)
    do { return try JSON.value(from: text) } catch is DecodingError { return nil }
  }

  static let remedyForFullDisk = "Make room and give the same command again: it goes on from the last epoch."

  private func storedState(parameterCount: Int) throws -> TrainingState? {
    guard FileManager.default.fileExists(atPath: checkpointFile.path) else { return nil }
    do {
      return try Checkpoint.state(
        from: try Data(contentsOf: checkpointFile), parameterCount: parameterCount,
        phaseCount: options.configuration.phases.count)
    } catch {
      throw DatasetError(
        path: checkpointFile.path, reason: "the checkpoint cannot be read: \(error)",
        remedy: "Begin again with --restart.")
    }
  }

  private func writeHistory(_ history: [EpochRecord], configuration: TrainingConfiguration) throws {
    func cell(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    let lines = history.map { record in
      [
        "\(configuration.phases[record.phase].objective)", "\(record.epoch)", cell(record.loss), cell(record.accuracy),
        cell(record.activeTripletFraction), record.tripletCount.map(String.init) ?? "", cell(record.validationMAP),
        record.collapse?.rawValue ?? "",
      ].joined(separator: ",")
    }
    let header = "phase,epoch,loss,accuracy,activeTriplets,triplets,validationMAP,collapse"
    let text = ([header] + lines).map { $0 + "\n" }.joined()
    try FileError.write(Data(text.utf8), to: historyFile, remedy: Self.remedyForFullDisk)
  }

  private func model(
    of trainable: TrainablePRCNN, songs: TrainingSongs, features: LogMelConfiguration, history: [EpochRecord]
  ) -> PRCNNModel {
    let phases = options.configuration.phases.enumerated().map { index, phase -> String in
      let epochs = history.count { $0.phase == index }
      return "\(epochs) \(epochs == 1 ? "epoch" : "epochs") \(phase.objective)"
    }
    return PRCNNModel(
      network: trainable.network.finished, features: features, standardisation: songs.standardisation,
      excerpts: Excerpts(count: options.excerptCount), parameters: trainable.network.folded(trainable.parameters),
      provenance: .init(
        preset: options.preset.rawValue, randomSeed: options.randomSeed, classes: songs.classNames,
        trainingSongs: songs.trainingLabels.count, training: phases.joined(separator: ", then ")))
  }
}
