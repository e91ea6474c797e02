import ArgumentParser
import Datasets
import Evaluation
import Files
import MetricLearning
import MusicLibrary
import SongModels

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure how well a model finds songs of the same class.",
    discussion: """
      Each song of the manifest asks for its class among all others. With --references it asks among those songs \
      instead, and --queries names the songs that ask. Prints MRR, MAP and the precision among the first 1, 5 and 9 \
      answers, by class and overall, as in the paper. The ranking is that of `akin similar`. Compare with --model \
      descriptor, which needs no training, --model mfcc, the paper's baseline, and --model mfcc-standardised. Without \
      --model it is the library's, with what `akin learn` has taught it; a model that is named compares as it comes.
      """)

  @Argument(
    help: ArgumentHelp(
      "The manifest of the songs that ask and can be found, unless options name these.", valueName: "dataset"))
  var dataset: String?

  @Option(help: ArgumentHelp("A manifest of the songs that ask.", valueName: "manifest"))
  var queries: String?

  @Option(help: ArgumentHelp("A manifest of the songs that can be found.", valueName: "manifest"))
  var references: [String] = []

  @Flag(help: "Take songs by the query's own artist out of the answers.")
  var artistFilter = false

  @OptionGroup var model: ModelOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var jobs: JobsOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if dataset == nil && (queries == nil || references.isEmpty) {
      throw ValidationError("Name a manifest, or both --queries and --references.")
    }
    if dataset != nil && queries != nil && !references.isEmpty {
      throw ValidationError("Name a manifest, or --queries and --references, not all three.")
    }
  }

  func run() throws {
    let terminal = output.terminal
    let catalogue = try library.openExisting()
    let chosen = try model.choose(catalogue: catalogue)
    let changes = model.name == nil ? try catalogue?.spaceChanges(of: chosen) ?? [] : []
    let asking = try readLabelledManifest(queries ?? dataset ?? "")
    let found = references.isEmpty ? [try readManifest(dataset ?? "")] : try references.map(readManifest)
    let start = ContinuousClock.now
    let evaluator = Evaluator(model: chosen, changes: changes, artistFilter: artistFilter, threads: jobs.count)
    let outcome = try evaluator.evaluate(
      queries: asking, references: Manifest(joining: found)
    ) { done, total in
      terminal.progress("listening to " + Rate(done: done, total: total, since: start).text(of: "songs"))
    }
    terminal.endProgress()
    terminal.warn(leftOut: outcome.skipped)
    guard outcome.metrics.queries > 0 else {
      let unread = outcome.skipped.isEmpty ? "" : " among those that could be read"
      throw DatasetError(
        path: queries ?? dataset ?? "", reason: "no song\(unread) asks for a class that another song belongs to",
        remedy: outcome.skipped.isEmpty
          ? "Fill the column `class` of the manifest." : "Check the paths in the manifest.")
    }
    if output.json {
      StandardOutput.write(JSON.text(outcome.metrics, pretty: true))
    } else {
      StandardOutput.write(Self.table(outcome.metrics, model: chosen))
    }
    if outcome.metrics.skippedQueries > 0 {
      terminal.note("left out \(outcome.metrics.skippedQueries) queries that had no song of their class to find")
    }
    if !outcome.skipped.isEmpty { throw ExitCode.doneInPart }
  }

  static func table(_ metrics: RetrievalMetrics, model: EmbeddingModel) -> String {
    var table = Table(
      header: [model.name, "queries", "MRR", "MAP", "P@1", "P@5", "P@9"],
      alignments: [.left, .right, .right, .right, .right, .right, .right])
    func row(_ name: String, _ queries: Int, _ values: [Double]) -> [String] {
      [name, "\(queries)"] + values.map { queries == 0 ? "–" : decimal($0, 3) }
    }
    for item in metrics.classes where item.queries > 0 {
      table.add(
        row(item.name, item.queries, [item.mrr, item.map, item.precisionAt1, item.precisionAt5, item.precisionAt9]))
    }
    table.add(
      row(
        "all", metrics.queries,
        [metrics.mrr, metrics.map, metrics.precisionAt1, metrics.precisionAt5, metrics.precisionAt9]))
    return table.text
  }
}
