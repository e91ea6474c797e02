import ArgumentParser
import Datasets
import Evaluation
import Files
import Foundation
import MetricLearning
import MusicLibrary
import SongModels
import Training

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Learn from a dataset which songs sound alike.",
    discussion: """
      The dataset is a CSV manifest with a class for each song (`akin dataset folder` makes one). By --seed it is \
      split 80/10/10 into songs to learn from, songs that decide when to stop, and songs to judge the model by; or \
      name your own parts with --validation and --test. The training writes everything into a folder: run.json, \
      training.csv, validation.csv, test.csv, history.csv, model.safetensors, and metrics.json, which says how well \
      the songs to judge by find their class. If it is interrupted, give the same command again: it goes on, and ends \
      with the same model. The library then uses the model for `akin index` and `akin similar`, unless --no-adopt is \
      given.
      """)

  @Argument(help: ArgumentHelp("The manifest.", valueName: "dataset"))
  var dataset: String

  @Option(
    help: """
      What learns: network, from log-mel spectrograms; or descriptor, which learns the differences that do not count, \
      also for music that it has never heard, in little more time than listening takes.
      """)
  var model = Learner.network

  @Option(
    help: ArgumentHelp(
      "A manifest of the songs that decide when to stop; goes with --test; no split is made.", valueName: "manifest"))
  var validation: String?

  @Option(help: ArgumentHelp("A manifest of the songs to judge by; goes with --validation.", valueName: "manifest"))
  var test: String?

  @Flag(help: "Learn from every song, for all epochs: no split is made.")
  var all = false

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The training's folder (default: the dataset's name with .training).", valueName: "folder"))
  var output: String?

  @OptionGroup(title: "Learning") var strategy: StrategyChoice
  @OptionGroup(title: "Learning") var choices: TrainingChoices

  @Flag(help: "Delete what an earlier training left in the folder, and begin again.")
  var restart = false

  @Flag(inversion: .prefixedNo, help: "Use the model for the library.")
  var adopt = true

  @OptionGroup var cache: CacheOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var jobs: JobsOptions
  @OptionGroup var outputOptions: OutputOptions

  enum Learner: String, CaseIterable, ExpressibleByArgument { case network, descriptor }

  private struct Report: Encodable {
    var model, file: String
    var epochs, trainingSongs, classes, skippedSongs: Int
    var validationMAP: Double?
    /// The measures of the songs to judge by; nil if there are none.
    var test: RetrievalMetrics?
    var collapsed: Bool
    var adopted: Bool
  }

  func validate() throws {
    if (validation == nil) != (test == nil) {
      throw ValidationError("Give both --validation and --test, or neither to have the dataset split.")
    }
    if all && validation != nil { throw ValidationError("--all leaves no songs for --validation and --test.") }
    let options = try options()
    if options.crossEntropyEpochs == 0 && (options.strategy == nil || options.tripletEpochs == 0) {
      throw ValidationError("Without epochs nothing is learned: give --pretrain-epochs or --epochs.")
    }
  }

  private func options() throws -> TrainingOptions {
    var options = try choices.options()
    options.strategy = strategy.chosen(otherwise: options.strategy)
    return options
  }

  func run() throws {
    Interruption.listen()
    let terminal = outputOptions.terminal
    let manifest = try readLabelledManifest(dataset)
    let options = try options()
    let parts = try parts(of: manifest, randomSeed: options.randomSeed)
    let folder = URL(filePath: output ?? (dataset as NSString).deletingPathExtension + ".training")
    // Opened before hours of training rather than after them, since opening may fail.
    let catalogue = adopt ? try library.open() : nil
    if model == .descriptor {
      return try learnDescriptor(
        parts, hearing: Excerpts(count: options.excerptCount), folder: folder, catalogue: catalogue, terminal: terminal)
    }
    let run = TrainingRun(options: options, parts: parts, folder: folder)
    terminal.note(
      "\(parts.training.songs.count) songs to learn from, \(parts.validation.songs.count) to stop by, "
        + "\(parts.test.songs.count) to judge by (which is which: \(folder.relativePath)/*.csv)")
    let result = try train(run, terminal: terminal)
    let model = EmbeddingModel.network(result.model)
    try catalogue?.adopt(model)
    let start = ContinuousClock.now
    let judged = try run.judge(result.model, cache: cache.logMels, threads: jobs.count) { done, total in
      terminal.progress("judging " + Rate(done: done, total: total, since: start).text(of: "songs"))
    }
    terminal.endProgress()
    terminal.warn(leftOut: judged?.skipped ?? [])
    show(result, model: model, run: run, judged: judged, terminal: terminal)
    if result.skippedSongs + (judged?.skipped.count ?? 0) > 0 { throw ExitCode.doneInPart }
  }

  private struct Stopped: Error {}

  private func train(_ run: TrainingRun, terminal: Terminal) throws -> TrainingRun.Result {
    var display = TrainingDisplay(terminal: terminal)
    do {
      defer { terminal.endProgress() }
      return try run.train(cache: cache.logMels, restart: restart, threads: jobs.count) { event in
        display.show(event)
        if Interruption.isRequested { throw Stopped() }
      }
    } catch is Stopped {
      terminal.warn("interrupted; give the same command again to go on")
      throw ExitCode.interrupted
    }
  }

  private func parts(of manifest: Manifest, randomSeed: UInt64) throws -> DatasetParts {
    if let validation, let test {
      return try DatasetParts(
        training: manifest, validation: try readManifest(validation), test: try readManifest(test))
    }
    if all { return DatasetParts(learningFromAll: manifest) }
    return try DatasetParts(splitting: manifest, randomSeed: randomSeed)
  }

  private func show(
    _ result: TrainingRun.Result, model: EmbeddingModel, run: TrainingRun, judged: Evaluator.Outcome?,
    terminal: Terminal
  ) {
    let best = result.history.compactMap(\.validationMAP).max()
    let collapse = result.history.last?.collapse
    if outputOptions.json {
      StandardOutput.write(
        JSON.text(
          Report(
            model: model.identifier, file: run.modelFile.path, epochs: result.history.count,
            trainingSongs: result.model.provenance.trainingSongs,
            classes: result.model.provenance.classes.count, skippedSongs: result.skippedSongs, validationMAP: best,
            test: judged?.metrics, collapsed: collapse != nil, adopted: adopt)))
    } else {
      StandardOutput.write(
        "\(model.name): \(result.model.provenance.training), written to \(run.modelFile.relativePath)")
      if let metrics = judged?.metrics, metrics.queries > 0 {
        terminal.note(
          "\(counted(metrics.queries, "song")) that it has not heard: MAP \(decimal(metrics.map, 3)), "
            + "MRR \(decimal(metrics.mrr, 3)), P@1 \(decimal(metrics.precisionAt1, 3)) among all songs")
      }
      terminal.note(
        "Judge it: akin evaluate \(argument(run, "test.csv")) --references \(argument(run, "training.csv")) "
          + "--model \(shellQuoted(run.modelFile.relativePath))")
      if adopt { terminal.note("The library now uses it: run `akin index` to listen to your songs with it.") }
    }
    if let collapse { terminal.warn(collapse.description) }
  }

  private func argument(_ run: TrainingRun, _ file: String) -> String {
    shellQuoted(run.folder.appending(path: file).relativePath)
  }
}
