import AkinServer
import ArgumentParser
import AudioFeatures
import Catalogue
import Datasets
import Evaluation
import Foundation
import MetricLearning
import MusicLibrary
import SongModels
import SyntheticMusic
import Training

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Walk through the main job: learn, index, recommend, measure.",
    discussion: """
      Without --music it composes a small collection: eight bands, a dozen songs each, that differ in tempo, scale, \
      instruments, rhythm and timbre. With --music it takes your folder; the classes to learn from come from the tags. \
      Everything is written into one folder, with a library of its own.
      """)

  @Option(help: ArgumentHelp("A folder of your own music.", valueName: "folder"))
  var music: String?

  @Option(help: ArgumentHelp("Where everything is written.", valueName: "folder"))
  var directory = "akin-demo"

  @Option(help: "The random seed, of the composed music too.")
  var seed: UInt64 = 1

  @Flag(help: "Serve the collection at the end, and open it in a browser.")
  var serve = false

  @OptionGroup var jobs: JobsOptions
  @OptionGroup var notes: QuietOptions

  /// The least songs of a class, and the least classes, that a demonstration learns from.
  private static let leastSongs = 8
  private static let leastClasses = 3

  private var folder: URL { URL(filePath: directory) }
  private var libraryFile: String { folder.appending(path: "library.sqlite").relativePath }

  func run() throws {
    Interruption.listen()
    let terminal = notes.terminal
    let collection = try music ?? compose(terminal: terminal)
    let catalogue = try Catalogue(path: libraryFile)
    var model = EmbeddingModel.standard
    if let manifest = try dataset(of: collection, terminal: terminal) {
      let (network, run) = try train(on: manifest, terminal: terminal)
      let descriptor = try learnDescriptor(of: run.parts.training, terminal: terminal)
      model = try best(
        of: [
          .init("MFCC (the paper's baseline)", .mfcc, isControl: true),
          .init("MFCC standardised", .mfccStandardised, isControl: true),
          .init("akin, the model in the box", .standard), .init("the descriptor, learned", descriptor),
          .init("the network, trained", network),
        ], in: run.parts, terminal: terminal)
      try catalogue.adopt(model)
    }
    try recommend(from: collection, with: model, catalogue: catalogue, terminal: terminal)
  }

  // MARK: - The music

  private func compose(terminal: Terminal) throws -> String {
    let target = folder.appending(path: "music")
    heading("Composing", "eight bands of a dozen songs each, into \(target.relativePath)")
    let start = ContinuousClock.now
    try SyntheticCollection(seed: seed).write(to: target, jobs: jobs.count) { done, total in
      terminal.progress("composing " + Rate(done: done, total: total, since: start).text(of: "songs"))
    }
    terminal.endProgress()
    return target.relativePath
  }

  /// The classes to learn from: artists, or else genres, or else folders; nil if all give too few.
  private func dataset(of collection: String, terminal: Terminal) throws -> Manifest? {
    heading("Classes", "which songs belong together, from the tags")
    let (grouping, result) = try FolderDataset.make(
      byFirstOf: [.artist, .genre, .folder], leastClasses: Self.leastClasses, minimum: Self.leastSongs,
      threads: jobs.count, from: collection, manifestFolder: folder.absoluteURL)
    terminal.warn(leftOut: result.skipped)
    if result.manifest.classNames.count >= Self.leastClasses {
      let file = folder.appending(path: "songs.csv")
      try result.manifest.write(to: file)
      say(
        DatasetFolderCommand.summary(result, grouping: grouping, minimum: Self.leastSongs)
          + " (\(file.relativePath), to refine by hand)")
      return try Manifest(contentsOf: file)
    }
    say(
      """
      The tags give fewer than \(Self.leastClasses) artists, genres or folders with \(Self.leastSongs) songs each: too \
      little to learn from. Recommending with \(EmbeddingModel.standard.name), which needs no learning.
      """)
    return nil
  }

  // MARK: - Learning and measuring

  private func train(on manifest: Manifest, terminal: Terminal) throws -> (EmbeddingModel, TrainingRun) {
    let run = TrainingRun(
      options: .brief(songCount: manifest.songs.count, randomSeed: seed),
      parts: try DatasetParts(splitting: manifest, randomSeed: seed), folder: folder.appending(path: "training"))
    heading(
      "Learning", "a PRCNN from \(run.parts.training.songs.count) songs, cross-entropy, then semi-hard triplets")
    var display = TrainingDisplay(terminal: terminal, showsEpochs: false)
    defer { terminal.endProgress() }
    let start = ContinuousClock.now
    let result = try run.train(
      cache: LogMelCache(folder: folder.appending(path: "cache")), restart: run.holdsAnotherTraining,
      threads: jobs.count
    ) { event in
      display.show(event)
      if Interruption.isRequested { throw ExitCode.interrupted }
    }
    terminal.endProgress()
    say(
      "\(result.model.provenance.training), in \(Rate.duration((ContinuousClock.now - start) / .seconds(1))); "
        + "written to \(run.modelFile.relativePath)")
    return (.network(result.model), run)
  }

  private func learnDescriptor(of songs: Manifest, terminal: Terminal) throws -> EmbeddingModel {
    let start = ContinuousClock.now
    defer { terminal.endProgress() }
    let result = try DescriptorLearner(songs: songs).learn(threads: jobs.count) { done, total in
      terminal.progress("listening to " + Rate(done: done, total: total, since: start).text(of: "songs"))
      if Interruption.isRequested { throw ExitCode.interrupted }
    }
    say(
      "and of the descriptor which differences do not count, in "
        + Rate.duration((ContinuousClock.now - start) / .seconds(1)))
    return .learnedDescriptor(result.model)
  }

  /// The model that answers best for songs that no weight learned from.
  private func best(of models: [ModelComparison.Entry], in parts: DatasetParts, terminal: Terminal) throws
    -> EmbeddingModel
  {
    let comparison = ModelComparison(parts: parts, threads: jobs.count)
    heading(
      "Quality",
      "\(comparison.queries.songs.count) songs that no weight learned from ask for their class among all others"
        + " (\(parts.validation.songs.count) of them said when to stop)")
    let judged = try comparison.judge(models) { entry, done, total in
      terminal.progress("listening with \(entry.name): \(done) of \(total) songs")
    }
    terminal.endProgress()
    StandardOutput.write(Self.table(judged))
    let best = ModelComparison.best(of: judged) ?? .standard
    say("The library takes \(best.name), which answers best.")
    return best
  }

  private static func table(_ judged: [ModelComparison.Judgement]) -> String {
    var table = Table(
      header: ["", "MRR", "MAP", "P@1", "P@5", "P@9"],
      alignments: [.left, .right, .right, .right, .right, .right])
    for (entry, metrics) in judged.map({ ($0.entry, $0.metrics) }) {
      let values = [metrics.mrr, metrics.map, metrics.precisionAt1, metrics.precisionAt5, metrics.precisionAt9]
      table.add([entry.name] + values.map { decimal($0, 3) })
    }
    return table.text
  }

  // MARK: - Recommending

  private func recommend(
    from collection: String, with model: EmbeddingModel, catalogue: Catalogue, terminal: Terminal
  ) throws {
    heading("Indexing", "listening to \(collection) with \(model.name)")
    let start = ContinuousClock.now
    let summary = try Indexer(catalogue: catalogue, model: model, threads: jobs.count).index(
      [collection], shouldStop: { Interruption.isRequested }
    ) { event in
      if case .progress(let done, let total) = event {
        terminal.progress(Rate(done: done, total: total, since: start).text(of: "songs"))
      }
    }
    terminal.endProgress()
    terminal.warn(leftOut: summary.skipped)
    if summary.wasInterrupted { throw ExitCode.interrupted }
    say(IndexCommand.text(summary, offersVideos: false))
    let recommender = try Recommender(catalogue: catalogue, model: model)
    for song in try recommender.examples(3) {
      heading("Sounds like", visible(song.displayName))
      StandardOutput.write(
        SongTable.text(of: try recommender.similar(to: recommender.query(named: song.path), count: 5)))
    }
    let library = "--library \(shellQuoted(libraryFile))"
    say("\nGo on: akin similar SONG \(library)\nIn a browser: akin serve \(library)")
    // Ctrl-C ends the server now.
    if serve { try ServeCommand.serve(ServedLibrary(catalogue), AkinServer.Configuration(port: 0), started: open) }
  }

  /// Opens a page in the user's browser, if there is one.
  private func open(_ address: String) {
    #if os(Linux)
      let opener = "/usr/bin/xdg-open"
    #else
      let opener = "/usr/bin/open"
    #endif
    _ = try? Process.run(URL(filePath: opener), arguments: [address])
  }

  /// What the walk tells is its result, so it goes to standard output.
  private func say(_ text: String) {
    if !notes.quiet { StandardOutput.write(text) }
  }

  private func heading(_ title: String, _ text: String) {
    say("\n\(title): \(text)")
  }
}
