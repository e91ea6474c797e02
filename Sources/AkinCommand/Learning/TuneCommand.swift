import ArgumentParser
import Experiments
import Files
import Foundation
import MetricLearning
import Training

struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune", abstract: "Compare ways to train by cross-validation.",
    discussion: """
      Trains with every combination of the values given by --try, in --folds folds each: the songs of one fold judge \
      the model, those of the next decide when to stop, and it learns from all others. Ranks the combinations by the \
      MAP of the songs that judge. Each combination has a folder with its trainings below --output, and search.csv has \
      the ranking. If it is interrupted, give the same command again: it goes on. Give more values later to add to it.

      The names for --try are those of the options of `akin train`: margin, learning-rate, pretrain-epochs, epochs, \
      patience, hop-length, crop, embedding-size, excerpts, angle, temperature, and batch for classes x songs: \
      --try margin=0.5,1,2 --try batch=8x4,4x8
      """)

  @Argument(help: ArgumentHelp("The manifest.", valueName: "dataset"))
  var dataset: String

  @OptionGroup var comparison: ComparisonOptions

  @Option(
    name: .customLong("try"), help: ArgumentHelp("An option and the values to try.", valueName: "name=value,…"),
    transform: SearchAxis.init)
  var axes: [SearchAxis] = []

  @Flag(help: "Change one option at a time, instead of trying all combinations.")
  var oneAtATime = false

  @Option(help: "The number of folds, 3 or more.")
  var folds = 8

  @OptionGroup(title: "Learning") var strategy: StrategyChoice
  @OptionGroup(title: "Learning") var choices: TrainingChoices

  @OptionGroup var cache: CacheOptions
  @OptionGroup var jobs: JobsOptions
  @OptionGroup var outputOptions: OutputOptions

  private struct Summary: Encodable {
    struct Row: Encodable {
      var candidate: String
      var metrics: QueryMeasures?
      var mapDeviation: Double?
      var epochs, p: Double
      var failures: Int
    }
    var file: String
    var candidates: [Row]
  }

  private static let mostCandidates = 1000

  func validate() throws {
    if !(3...1000).contains(folds) { throw ValidationError("--folds must lie in 3...1000") }
    if axes.isEmpty { throw ValidationError("Say what to compare, such as --try margin=0.5,1,2") }
    let names = axes.map(\.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw ValidationError("Give --try \(twice.rawValue) once, with all its values")
    }
    for candidate in try candidates() {
      let options = candidate.options
      let isAlone = options.strategy == nil
      if options.crossEntropyEpochs == 0 && (isAlone || options.tripletEpochs == 0) {
        throw ValidationError("\(candidate.name): without epochs nothing is learned")
      }
      if !isAlone && options.tripletEpochs == 0 {
        throw ValidationError("\(candidate.name): with --epochs 0 there is no \(featureSet.rawValue)")
      }
    }
  }

  /// All combinations; with --one-at-a-time the options as given, and then with each value of each axis by itself.
  private func candidates() throws -> [HyperparameterSearch.Candidate] {
    var settings: [[SearchAxis.Setting]] = [[]]
    if oneAtATime {
      settings += axes.flatMap { axis in axis.settings.map { [$0] } }
    } else {
      for axis in axes {
        settings = settings.flatMap { earlier in axis.settings.map { earlier + [$0] } }
        guard settings.count <= Self.mostCandidates else {
          throw ValidationError("That makes more than \(Self.mostCandidates) combinations; try --one-at-a-time")
        }
      }
    }
    return try settings.map { settings in
      var choices = choices
      for setting in settings { try setting.apply(to: &choices) }
      try choices.validate()
      var options = try choices.options()
      options.strategy = strategy.chosen(otherwise: options.strategy)
      return .init(name: settings.map(\.text).joined(separator: " "), options: options)
    }
  }

  /// What is trained.
  private var featureSet: FeatureSet {
    let strategy = strategy.chosen(otherwise: TrainingOptions(preset: choices.preset).strategy)
    return strategy.map(FeatureSet.strategy) ?? .crossEntropy
  }

  private struct Stopped: Error {}

  func run() throws {
    Interruption.listen()
    let terminal = outputOptions.terminal
    let folder = comparison.folder
    let candidates = try candidates()
    let search = HyperparameterSearch(
      candidates, of: featureSet, folds: folds, groupingKey: comparison.together,
      dataset: try readLabelledManifest(dataset),
      folder: folder)
    terminal.note("\(counted(candidates.count, "combination")) in \(folds) folds each")
    let display = TuneDisplay(terminal: terminal, candidates: candidates.map(\.name))
    let ranking: [HyperparameterSearch.Result]
    do {
      defer { terminal.endProgress() }
      ranking = try search.run(
        cache: cache.logMels, restart: comparison.restart, threads: jobs.count
      ) { candidate, event in
        display.show(event, of: candidate)
        if Interruption.isRequested { throw Stopped() }
      }
    } catch is Stopped {
      terminal.warn("interrupted; give the same command again to go on")
      throw ExitCode.interrupted
    }
    try search.write(ranking)
    show(ranking, file: folder.appending(path: "search.csv"))
  }

  private func show(_ ranking: [HyperparameterSearch.Result], file: URL) {
    if outputOptions.json {
      let rows = ranking.map {
        Summary.Row(
          candidate: $0.candidate.name, metrics: $0.overall, mapDeviation: $0.deviation, epochs: $0.epochs,
          p: $0.pValue, failures: $0.failures)
      }
      StandardOutput.write(JSON.text(Summary(file: file.path, candidates: rows), pretty: true))
      return
    }
    var table = Table(
      header: ["combination", "MAP", "± folds", "MRR", "epochs", "failed", "p"],
      alignments: [.left, .right, .right, .right, .right, .right, .right])
    for item in ranking {
      table.add([
        item.candidate.name.isEmpty ? "(as given)" : item.candidate.name,
        item.overall.map { decimal($0.averagePrecision, 3) } ?? "–", item.deviation.map { decimal($0, 3) } ?? "–",
        item.overall.map { decimal($0.reciprocalRank, 3) } ?? "–", decimal(item.epochs, 0), "\(item.failures)",
        decimal(item.pValue, 3),
      ])
    }
    StandardOutput.write(table.text)
    let equal = ranking.dropFirst().count { $0.pValue >= 0.05 }
    if equal > 0 {
      outputOptions.terminal.note(
        "\(counted(equal, "combination")) \(equal == 1 ? "is" : "are") not significantly worse than the best "
          + "(a paired test over the songs, p ≥ 0.05)")
    }
    outputOptions.terminal.note("The ranking: \(file.relativePath)")
  }
}
