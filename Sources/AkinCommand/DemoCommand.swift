import Akin
import ArgumentParser
import Foundation

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

  @Option(help: "The seed of all that is drawn, the composed music included.")
  var seed: UInt64 = 1

  @OptionGroup var jobs: JobsOptions

  @Flag(name: .shortAndLong, help: "Print nothing but results and errors.")
  var quiet = false

  /// The least songs of a class, and the least classes, that a demonstration learns from.
  private static let leastSongs = 8
  private static let leastClasses = 3

  private var folder: URL { URL(filePath: directory) }
  private var libraryFile: String { folder.appending(path: "library.sqlite").relativePath }

  func run() throws {
    Interruption.listen()
    let terminal = Terminal(isQuiet: quiet)
    let collection = try music ?? compose(terminal: terminal)
    let catalogue = try Catalogue(path: libraryFile)
    var model = EmbeddingModel.standard
    if let manifest = try dataset(of: collection, terminal: terminal) {
      let (network, run) = try train(on: manifest, terminal: terminal)
      let descriptor = try learnDescriptor(of: run.parts.training, terminal: terminal)
      model = try best(
        of: [
          ("akin, the model in the box", .standard), ("the descriptor, learned", descriptor),
          ("the network, trained", network),
        ],
        beside: [("MFCC (the paper's baseline)", .mfcc), ("MFCC standardised", .mfccStandardised)], run: run,
        terminal: terminal)
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

  /// The classes to learn from: artists, or else genres, or else folders; nil where all give too few.
  private func dataset(of collection: String, terminal: Terminal) throws -> Manifest? {
    heading("Classes", "which songs belong together, from the tags")
    for grouping in [FolderDataset.Grouping.artist, .genre, .folder] {
      let result = try FolderDataset(grouping: grouping, minimum: Self.leastSongs, threads: jobs.count).make(
        from: collection, manifestFolder: folder.absoluteURL)
      if grouping == .artist {
        for (path, reason) in result.skipped { terminal.warn("left out \(path): \(reason)") }
      }
      guard result.manifest.classNames.count >= Self.leastClasses else { continue }
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
    var options = TrainingOptions(preset: .standard)
    options.randomSeed = seed
    // The same number of steps for every collection, so that a large one does not take all day.
    let epochs = max(4, 60 * 64 / max(64, manifest.songs.count * 8 / 10))
    options.crossEntropyEpochs = epochs
    options.tripletEpochs = epochs / 2
    let run = TrainingRun(
      options: options, parts: try DatasetParts(splitting: manifest, randomSeed: seed),
      folder: folder.appending(path: "training"))
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
      if Interruption.isRequested { throw Interruption.exitCode }
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
      if Interruption.isRequested { throw Interruption.exitCode }
    }
    say(
      "and of the descriptor which differences do not count, in "
        + Rate.duration((ContinuousClock.now - start) / .seconds(1)))
    return .learnedDescriptor(result.model)
  }

  /// Songs that no weight has seen ask for their class among all others; gives the model that answers best.
  private func best(
    of models: [(name: String, model: EmbeddingModel)], beside controls: [(name: String, model: EmbeddingModel)],
    run: TrainingRun, terminal: Terminal
  ) throws -> EmbeddingModel {
    let unseen = Manifest(joining: [run.parts.validation, run.parts.test])
    let all = Manifest(joining: [run.parts.training, run.parts.validation, run.parts.test])
    heading(
      "Quality",
      "\(unseen.songs.count) songs that no weight learned from ask for their class among all others"
        + " (\(run.parts.validation.songs.count) of them said when to stop)")
    var table = Table(
      header: ["", "MRR", "MAP", "P@1", "P@5", "P@9"],
      alignments: [.left, .right, .right, .right, .right, .right])
    var best = (model: EmbeddingModel.standard, map: -1.0)
    for (place, (name, model)) in (controls + models).enumerated() {
      let metrics = try Evaluator(model: model, threads: jobs.count).evaluate(queries: unseen, references: all) {
        terminal.progress("listening with \(name): \($0) of \($1) songs")
      }.metrics
      if place >= controls.count && metrics.map > best.map { best = (model, metrics.map) }
      table.add(
        [name]
          + [metrics.mrr, metrics.map, metrics.precisionAt1, metrics.precisionAt5, metrics.precisionAt9].map {
            decimal($0, 3)
          })
    }
    terminal.endProgress()
    print(table.text)
    say("The library takes \(best.model.name), which answers best.")
    return best.model
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
    for (path, reason) in summary.skipped { terminal.warn("left out \(path): \(reason)") }
    if summary.wasInterrupted { throw Interruption.exitCode }
    say(IndexCommand.text(summary))
    let recommender = try Recommender(catalogue: catalogue, model: model)
    for song in try recommender.examples(3) {
      heading("Sounds like", song.displayName)
      print(SimilarCommand.table(try recommender.similar(to: recommender.query(named: song.path), count: 5)))
    }
    say("\nGo on: akin similar SONG --library \(shellQuoted(libraryFile))")
  }

  /// What the walk tells is its result, so it goes to standard output.
  private func say(_ text: String) {
    if !quiet { print(text) }
  }

  private func heading(_ title: String, _ text: String) {
    say("\n\(title): \(text)")
  }
}
