import ArgumentParser
import Datasets
import Files
import Foundation
import MetricLearning

extension GroupingKey: ExpressibleByArgument {}

struct DatasetSplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split", abstract: "Split a dataset into parts or folds, with all classes in each.",
    discussion: """
      Writes training.csv, validation.csv and test.csv, the same split that `akin train` makes with the same seed. \
      With --folds K it writes fold-1.csv to fold-K.csv, and folders fold-1 to fold-K. Each folder has the \
      training.csv, validation.csv and test.csv of a run that tests on that fold, validates on the next one and trains \
      on the others. With --together album or artist, no album or artist is in two parts, and the parts are as near to \
      their shares as that allows. Songs without a class are left out.
      """)

  @Argument(help: ArgumentHelp("The manifest.", valueName: "manifest"))
  var manifest: String

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The folder to write into; it is made if it is missing.", valueName: "folder"))
  var output: String

  @Option(help: ArgumentHelp("The percentages of training, validation and test.", valueName: "a/b/c"))
  var shares = "80/10/10"

  @Option(help: "Make so many folds for a cross-validation, 3 or more, instead of three parts.")
  var folds: Int?

  @Option(help: "Keep the songs of an album or of an artist together: album or artist.")
  var together: GroupingKey?

  @Option(help: "The seed of the split: the same seed splits the same manifest in the same way.")
  var seed: UInt64 = 1

  @OptionGroup var outputOptions: OutputOptions

  private struct Report: Encodable {
    struct Part: Encodable {
      var name, file: String
      var songs, classes: Int
    }
    var folder: String
    var withoutClass, classesInOnePart: Int
    var parts: [Part]
  }

  func validate() throws {
    if output.isEmpty { throw ValidationError("--output must name a folder") }
    if let folds {
      guard folds >= 3 else { throw ValidationError("--folds must be at least 3") }
      guard folds <= 1000 else { throw ValidationError("--folds must be at most 1000") }
      guard shares == "80/10/10" else { throw ValidationError("Give --shares or --folds, not both.") }
    }
    _ = try split()
  }

  /// The shares as fractions.
  private func split() throws -> StratifiedSplit {
    let numbers = shares.split(separator: "/", omittingEmptySubsequences: false).map {
      Double($0.trimmingCharacters(in: .whitespaces))
    }
    guard numbers.count == 3, let a = numbers[0], let b = numbers[1], let c = numbers[2], a > 0 else {
      throw ValidationError("--shares must be three percentages, the first above 0, such as 80/10/10, not \(shares)")
    }
    guard abs(a + b + c - 100) < 1e-6 else {
      throw ValidationError("--shares must add up to 100, not \(shares)")
    }
    do {
      return try StratifiedSplit(training: a / 100, validation: b / 100, test: c / 100)
    } catch {
      throw ValidationError("--shares \(shares): \(error)")
    }
  }

  func run() throws {
    let terminal = outputOptions.terminal
    let whole = try readLabelledManifest(manifest)
    let folder = URL(filePath: output, directoryHint: .isDirectory).absoluteURL
    let splitting = DatasetSplitting(groupingKey: together, randomSeed: seed)
    var files: [(name: String, part: Manifest)]
    var runs: [(name: String, parts: DatasetParts)] = []
    if let folds {
      let parts = splitting.folds(of: whole, folds: try StratifiedFolds(count: folds))
      files = parts.enumerated().map { ("fold-\($0.offset + 1)", $0.element) }
      runs = parts.indices.map { ("fold-\($0 + 1)", DatasetParts(folds: parts, test: $0)) }
    } else {
      files = splitting.parts(of: whole, shares: try split()).named
    }
    try check(files)
    try DatasetFiles.makeFolder(folder)
    try refuseRemains(in: folder, names: files.map(\.name))
    for (name, part) in files { try part.moved(to: folder).write(to: folder.appending(path: "\(name).csv")) }
    for (name, parts) in runs {
      let own = folder.appending(path: name, directoryHint: .isDirectory)
      try DatasetFiles.makeFolder(own)
      try parts.write(to: own)
    }
    show(files, of: whole, folder: folder, terminal: terminal)
  }

  private func check(_ files: [(name: String, part: Manifest)]) throws(DatasetError) {
    let wanted = folds == nil ? shares.split(separator: "/").map { Double($0) ?? 0 } : files.map { _ in 1 }
    for ((name, part), share) in zip(files, wanted) where part.songs.isEmpty && share > 0 {
      throw DatasetError(
        path: manifest, reason: "\(name) would be empty",
        remedy: together == nil
          ? "Give more songs, or ask for fewer parts." : "Give more songs, or leave out --together.")
    }
  }

  /// Refuses a folder with parts of an earlier split, which would be read together with this one.
  private func refuseRemains(in folder: URL, names: [String]) throws {
    let own = URL(filePath: manifest).standardizedFileURL.resolvingSymlinksInPath().path
    for name in names
    where folder.appending(path: "\(name).csv").standardizedFileURL.resolvingSymlinksInPath().path == own {
      throw DatasetError(
        path: manifest, reason: "the split would overwrite the manifest that it is made of",
        remedy: "Choose another --output.")
    }
    guard let other = try DatasetFiles.parts(in: folder).first(where: { !names.contains($0.name) }) else { return }
    throw DatasetError(
      path: other.file.path, reason: "it belongs to another split", remedy: "Delete it, or choose another --output.")
  }

  private func show(_ files: [(name: String, part: Manifest)], of whole: Manifest, folder: URL, terminal: Terminal) {
    var partsOfClass: [String: Set<String>] = [:]
    for (name, part) in files { for song in part.songs { partsOfClass[song.className, default: []].insert(name) } }
    let lonely = partsOfClass.values.count { $0.count == 1 }
    let withoutClass = whole.songs.count { $0.className.isEmpty }
    let rows = files.map { name, part in
      Report.Part(
        name: name, file: folder.appending(path: "\(name).csv").path, songs: part.songs.count,
        classes: part.classNames.count)
    }
    if outputOptions.json {
      StandardOutput.write(
        JSON.text(
          Report(folder: folder.path, withoutClass: withoutClass, classesInOnePart: lonely, parts: rows)))
    } else if !outputOptions.quiet {
      StandardOutput.write(table(rows))
    }
    if withoutClass > 0 { terminal.note("left out \(counted(withoutClass, "song")) without a class") }
    if lonely > 0 && !partsOfClass.isEmpty {
      terminal.note(
        "\(counted(lonely, "class")) of \(partsOfClass.count) \(lonely == 1 ? "is" : "are") in one part only: "
          + "too few songs, albums or artists")
    }
  }

  private func table(_ rows: [Report.Part]) -> String {
    let all = max(1, rows.map(\.songs).reduce(0, +))
    var table = Table(header: ["part", "songs", "%", "classes"], alignments: [.left, .right, .right, .right])
    for row in rows {
      table.add([row.name, "\(row.songs)", decimal(100 * Double(row.songs) / Double(all), 1), "\(row.classes)"])
    }
    return table.text
  }
}
