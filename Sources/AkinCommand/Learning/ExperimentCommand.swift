import ArgumentParser
import AudioFeatures
import Datasets
import Experiments
import Files
import Foundation
import MetricLearning
import Training

extension FeatureSet: ExpressibleByArgument {}

struct ExperimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment", abstract: "Do the paper's whole comparison on a dataset, and write a report.",
    discussion: """
      Compares the MFCC baseline, the four strategies of mining triplets and cross-entropy alone, with chance, LDA, \
      musly's method and Akin's descriptor as controls. It does so 30 times on random splits of 80/10/10, as in the \
      paper; or with --folds 8 such that each song is a query once, for networks that have not seen it. The trainings \
      of a split continue from one pre-training, and as many run side by side as there are processors. Writes \
      report.html, report.md, tables/*.csv, figures/*.svg, and below runs/ a folder for each training. If it is \
      interrupted, give the same command again: it goes on. Give more --repeats or --strategies later to add to it.
      """)

  @Argument(help: ArgumentHelp("The manifest.", valueName: "dataset"))
  var dataset: String

  @OptionGroup var comparison: ComparisonOptions

  @Option(help: "How often everything is done, each time with other splits and seeds (default: 30, with --folds 1).")
  var repeats: Int?

  @Option(help: "Cross-validate in so many folds, 3 or more; the paper used 8 to choose hyper-parameters.")
  var folds: Int?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "What is compared (default: all but contrastive, angular and supervised-contrastive).", valueName: "features"))
  var strategies: [FeatureSet] = []

  @Option(help: "The most epochs of cross-entropy alone (default: those of pre-training and strategy together).")
  var crossEntropyEpochs: Int?

  @Flag(help: "A first look in minutes: one repeat of a few epochs. It does not show which strategy is best.")
  var quick = false

  @OptionGroup(title: "Learning") var choices: TrainingChoices

  @OptionGroup var cache: CacheOptions
  @OptionGroup var jobs: JobsOptions
  @OptionGroup var outputOptions: OutputOptions

  private struct Summary: Encodable {
    struct Row: Encodable {
      var features: String
      var runs, collapsed, failed: Int
      var metrics: QueryMeasures?
    }
    var report: String
    var songs, classes, leftOut: Int
    var features: [Row]
  }

  func validate() throws {
    if let repeats, !(1...1000).contains(repeats) { throw ValidationError("--repeats must lie in 1...1000") }
    if let folds, !(3...1000).contains(folds) { throw ValidationError("--folds must lie in 3...1000") }
    if let crossEntropyEpochs, !(1...TrainingChoices.mostEpochs).contains(crossEntropyEpochs) {
      throw ValidationError("--cross-entropy-epochs must lie in \(1...TrainingChoices.mostEpochs)")
    }
    if choices.epochs == 0 && featureSets.contains(where: { $0.strategy != nil }) {
      throw ValidationError("A strategy needs epochs: leave out --epochs 0, or the strategies.")
    }
    if try configuration().convergenceEpochs == 0 {
      throw ValidationError("Without epochs nothing is learned: give --cross-entropy-epochs.")
    }
  }

  private var featureSets: [FeatureSet] {
    strategies.isEmpty ? FeatureSet.standard : FeatureSet.allCases.filter(strategies.contains)
  }

  private func configuration() throws -> ExperimentConfiguration {
    var training = try choices.options()
    if quick {
      training.crossEntropyEpochs = choices.pretrainEpochs ?? 5
      training.tripletEpochs = choices.epochs ?? 5
    }
    var configuration = ExperimentConfiguration(training: training)
    configuration.repeats = repeats ?? (quick || folds != nil ? 1 : configuration.repeats)
    configuration.folds = folds
    configuration.featureSets = featureSets
    configuration.convergenceEpochs = crossEntropyEpochs ?? configuration.convergenceEpochs
    configuration.groupingKey = comparison.together
    return configuration
  }

  private struct Stopped: Error {}

  func run() throws {
    Interruption.listen()
    let terminal = outputOptions.terminal
    let folder = comparison.folder
    let experiment = Experiment(try configuration(), dataset: try readLabelledManifest(dataset), folder: folder)
    let display = ExperimentDisplay(terminal: terminal)
    let results: ExperimentResults
    do {
      defer { terminal.endProgress() }
      results = try experiment.run(
        cache: cache.logMels, restart: comparison.restart, threads: jobs.count
      ) { event in
        display.show(event)
        if Interruption.isRequested { throw Stopped() }
      }
    } catch is Stopped {
      terminal.warn("interrupted; give the same command again to go on")
      throw ExitCode.interrupted
    }
    let provenance = ExperimentReport.Provenance(
      command: (["akin"] + CommandLine.arguments.dropFirst()).map(shellQuoted).joined(separator: " "),
      dataset: URL(filePath: dataset).lastPathComponent, processor: Processor.name)
    try ExperimentReport(results, provenance: provenance, folder: folder).write(to: folder)
    show(results, file: folder.appending(path: "report.html"))
    if results.leftOut.contains(where: { $0.cause == .unusable }) { throw ExitCode.doneInPart }
  }

  private func show(_ results: ExperimentResults, file: URL) {
    let rows = featureSets.map { featureSet in
      let runs = results.results.filter { $0.featureSet == featureSet }
      return Summary.Row(
        features: featureSet.rawValue, runs: runs.count,
        collapsed: runs.count { $0.collapse != nil && $0.failure == nil }, failed: runs.count { $0.failure != nil },
        metrics: results.mean(of: featureSet))
    }
    if outputOptions.json {
      StandardOutput.write(
        JSON.text(
          Summary(
            report: file.path, songs: results.songs.songs.count, classes: results.songs.classNames.count,
            leftOut: results.leftOut.count, features: rows), pretty: true))
      return
    }
    var table = Table(
      header: ["features", "MRR", "MAP", "P@1", "P@5", "P@9"],
      alignments: [.left, .right, .right, .right, .right, .right])
    for row in rows {
      let measures = row.metrics.map {
        [$0.reciprocalRank, $0.averagePrecision, $0.precisionAt1, $0.precisionAt5, $0.precisionAt9]
      }
      table.add(
        [row.features + (row.collapsed > 0 ? " (\(row.collapsed) of \(row.runs) collapsed)" : "")]
          + (measures?.map { decimal($0, 3) } ?? ["–", "–", "–", "–", "–"]))
    }
    StandardOutput.write(table.text)
    outputOptions.terminal.note("The report: \(file.relativePath)")
  }
}
