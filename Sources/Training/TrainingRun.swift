import AudioFeatures
import AudioFiles
import Datasets
import Files
import Foundation
import MetricLearning
import NeuralNetwork
import Reproducibility
import SongModels
import Synchronization

/// One training in a folder of its own: what it was asked for, which song went where, its history, its checkpoint and
/// in the end its model. Started again with the same choices, it goes on where it was interrupted.
public struct TrainingRun: Sendable {
  /// What the user chose.
  public let options: TrainingOptions
  /// The songs.
  public let parts: DatasetParts
  /// Where everything is written.
  public let folder: URL

  /// Whether the state after the last epoch is kept, for `begin(continuing:)`.
  package var keepsLastEpoch = false

  /// The finished model.
  public var modelFile: URL { folder.appending(path: "model.safetensors") }
  private var checkpointFile: URL { folder.appending(path: "checkpoint.safetensors") }
  private var lastEpochFile: URL { folder.appending(path: "last-epoch.safetensors") }
  private var descriptionFile: URL { folder.appending(path: "run.json") }
  private var historyFile: URL { folder.appending(path: "history.csv") }
  /// How well the songs to judge by find their class.
  public var metricsFile: URL { folder.appending(path: "metrics.json") }

  /// A training's outcome.
  public struct Result: Sendable {
    /// The model.
    public var model: PRCNNModel
    /// Every epoch.
    public var history: [EpochRecord]
    /// The number of songs that were left out.
    public var skippedSongs: Int
  }

  /// What must be equal for a training to be resumed.
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
  ///   - restart: whether to throw away what an earlier training left in the folder.
  ///   - threads: does not change the result.
  ///   - report: is told what happens, one call at a time; throw from it to stop.
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
    let trainee = try PRCNNTrainee(
      network: network, parameters: state.parameters, standardisation: songs.standardisation, paths: songs.paths,
      logMels: songs.logMels, batchSize: configuration.classesPerBatch * configuration.songsPerClass,
      threads: threads)
    let trainer = Trainer(
      configuration: configuration, trainingLabels: songs.trainingLabels, validationLabels: songs.validationLabels,
      collections: options.preset == .transfer ? songs.collections : nil)
    var reportedEpochs = state.history.count
    try trainer.train(
      trainee, state: &state,
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
    guard trainee.parameters.allSatisfy(\.isFinite) else {
      throw DatasetError(
        path: folder.path, reason: "\(CollapseDetector.Finding.notFinite.description), and no epoch was better",
        remedy: "Begin again with --restart and a lower --learning-rate.")
    }
    let model = model(of: trainee, songs: songs, features: songs.logMels.input.features, history: state.history)
    try FileError.write(model.data, to: modelFile, remedy: Self.remedyForFullDisk)
    return Result(model: model, history: state.history, skippedSongs: songs.skipped)
  }

  /// Goes on from where another training of the same songs ended, whose phases are this one's first: several
  /// strategies share one pre-training. The model is, bit for bit, what this training alone would have come to.
  ///
  /// Does nothing where this training has a checkpoint of its own.
  public func begin(after pretraining: TrainingRun) throws {
    guard !FileManager.default.fileExists(atPath: checkpointFile.path) else { return }
    let (own, earlier) = (options.configuration, pretraining.options.configuration)
    precondition(
      own.phases.starts(with: earlier.phases) && own.randomSeed == earlier.randomSeed && parts == pretraining.parts,
      "\(pretraining.folder.path) is no beginning of \(folder.path)")
    try openFolder(restart: false)
    try copy(pretraining.checkpointFile, to: checkpointFile)
  }

  /// Goes on from the last epoch of a shorter training of the same songs, which had kept it: but for the number of
  /// epochs, its one phase is this one's. The model is, bit for bit, what this training alone would have come to.
  ///
  /// Does nothing where this training has a checkpoint of its own, or the shorter one kept none.
  package func begin(continuing shorter: TrainingRun) throws {
    let files = FileManager.default
    guard !files.fileExists(atPath: checkpointFile.path), files.fileExists(atPath: shorter.lastEpochFile.path) else {
      return
    }
    let own = options.configuration
    var earlier = shorter.options.configuration
    precondition(
      own.phases.count == 1 && earlier.phases.count == 1 && own.phases[0].epochs >= earlier.phases[0].epochs,
      "\(shorter.folder.path) is no beginning of \(folder.path)")
    earlier.phases[0].epochs = own.phases[0].epochs
    precondition(own == earlier && parts == shorter.parts, "\(shorter.folder.path) learns otherwise")
    try openFolder(restart: false)
    try copy(shorter.lastEpochFile, to: checkpointFile)
  }

  /// Puts the checkpoint of the last epoch aside before the end of the training takes its place.
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
        remedy: "Choose another folder with --output, or throw that training away with --restart.")
    }
    let text = JSON.text(description, pretty: true)
    try FileError.write(Data(text.utf8), to: descriptionFile, remedy: "Choose another folder with --output.")
    try parts.write(to: folder)
  }

  /// Whether the folder holds a training with other choices or songs, which this one can only replace.
  public var holdsAnotherTraining: Bool {
    get throws {
      try FileManager.default.fileExists(atPath: checkpointFile.path) && storedDescription() != description
    }
  }

  private var description: Description {
    func lines(_ part: Manifest) -> [String] { part.songs.map { "\(part.filePath(of: $0))\t\($0.className)" } }
    return Description(options: options, training: lines(parts.training), validation: lines(parts.validation))
  }

  /// What the folder's training was asked for; nil where no version of this program that we know has written it.
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
    of trainee: PRCNNTrainee, songs: TrainingSongs, features: LogMelConfiguration, history: [EpochRecord]
  ) -> PRCNNModel {
    let phases = options.configuration.phases.enumerated().map { index, phase -> String in
      let epochs = history.count { $0.phase == index }
      return "\(epochs) \(epochs == 1 ? "epoch" : "epochs") \(phase.objective)"
    }
    return PRCNNModel(
      network: trainee.network.finished, features: features, standardisation: songs.standardisation,
      excerptCount: options.excerptCount, parameters: trainee.network.folded(trainee.parameters),
      provenance: .init(
        preset: options.preset.rawValue, randomSeed: options.randomSeed, classes: songs.classNames,
        trainingSongs: songs.trainingLabels.count, training: phases.joined(separator: ", then ")))
  }
}
