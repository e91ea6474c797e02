import Akin
import ArgumentParser
import Foundation

/// Where the library lies.
struct LibraryOptions: ParsableArguments {
  @Option(
    name: .customLong("library"),
    help: ArgumentHelp(
      "The library file (default: $AKIN_LIBRARY, or else \(Self.standardPath)).", valueName: "file"))
  var file: String?

  /// The file in use.
  var path: String {
    if let file { return file }
    let named = ProcessInfo.processInfo.environment["AKIN_LIBRARY"] ?? ""
    return named.isEmpty ? Self.standardPath : named
  }

  func validate() throws {
    if file?.isEmpty == true { throw ValidationError("--library must name a file") }
  }

  /// Opens the library, making it where there is none.
  func open() throws -> Catalogue { try Catalogue(path: path) }

  /// Opens the library only where there is one: asking a question makes no file.
  func openExisting() throws -> Catalogue? {
    FileManager.default.fileExists(atPath: path) ? try Catalogue(asking: path) : nil
  }

  private static var standardPath: String {
    let folder: URL
    if let data = ProcessInfo.processInfo.environment["XDG_DATA_HOME"], data.hasPrefix("/") {
      folder = URL(filePath: data)
    } else {
      folder =
        FileManager.default.urls(for: .applicationSupportDirectory, in: .userDomainMask).first
        ?? FileManager.default.homeDirectoryForCurrentUser
    }
    return folder.appending(path: "akin/library.sqlite").path
  }
}

/// Which model answers.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .customLong("model"),
    help: ArgumentHelp(
      """
      akin, descriptor, mfcc, mfcc-standardised, a model file, or a model of the library (default: the library's \
      trained model, or else akin, the one in the box).
      """, valueName: "name|file"))
  var name: String?

  /// The model.
  func choose(catalogue: Catalogue?) throws -> EmbeddingModel {
    try ModelChoice(named: name, catalogue: catalogue).model
  }
}

/// How results and notes are written.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print the result as JSON.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print nothing but results and errors.")
  var quiet = false

  var terminal: Terminal { Terminal(isQuiet: quiet) }
}

/// How many threads work.
struct JobsOptions: ParsableArguments {
  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: "Songs worked on at once (default: the number of processors).")
  var jobs: Int?

  var count: Int { jobs ?? Parallel.processorCount }

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs must lie in 1...1024") }
  }
}

/// Reads a manifest that a user names.
func readManifest(_ path: String) throws -> Manifest {
  try Manifest(contentsOf: URL(filePath: path))
}

/// Reads a manifest whose classes are needed; without any, nothing that follows makes sense.
func readLabelledManifest(_ path: String) throws -> Manifest {
  let manifest = try readManifest(path)
  guard manifest.classNames.isEmpty else { return manifest }
  throw DatasetError(
    path: path, reason: "no song has a class",
    remedy: "Fill the column `class`, or have `akin dataset folder` make a manifest of tagged music.")
}

/// Where log-mels are kept.
struct CacheOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Where log-mels are kept between epochs and trainings.", valueName: "folder"))
  var cache: String?

  var logMels: LogMelCache { cache.map { LogMelCache(folder: URL(filePath: $0)) } ?? .standard }
}

/// The folder of a comparison of many trainings, and how songs are split for them.
struct ComparisonOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The folder for all that comes of it; it is made where it is missing.", valueName: "folder"))
  var output: String

  @Option(help: "Keep songs of one album or artist in one part of a split: album or artist.")
  var together: GroupingKey?

  @Flag(help: "Throw away what an earlier run left in the folder, and begin again.")
  var restart = false

  var folder: URL { URL(filePath: output, directoryHint: .isDirectory).absoluteURL }

  func validate() throws {
    if output.isEmpty { throw ValidationError("--output must name a folder") }
  }
}
