import ArgumentParser
import Catalogue
import Files
import MusicLibrary
import SongModels

struct IndexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index", abstract: "Listen to folders of music and remember how each song sounds.",
    discussion: """
      Listens only to what is new or changed, and forgets songs whose files are gone. Stopping it loses nothing that \
      is stored: run it again to go on. Without a path it brings all folders indexed before up to date.
      """)

  @Argument(help: ArgumentHelp("Folders or files.", valueName: "path"))
  var paths: [String] = []

  @Flag(help: "Forget also the songs of folders that are missing or empty, such as a disk that is not mounted.")
  var prune = false

  @OptionGroup var model: ModelOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var jobs: JobsOptions
  @OptionGroup var output: OutputOptions

  private struct Report: Encodable {
    var added, updated, unchanged, forgotten: Int
    var seconds: Double
    var interrupted: Bool
    var skipped: [SkippedFile]
  }

  func validate() throws {
    if paths.contains("") { throw ValidationError("A path is empty: name a folder or a file.") }
  }

  func run() throws {
    Interruption.listen()
    let terminal = output.terminal
    let catalogue = try library.open()
    if paths.isEmpty, try catalogue.roots().isEmpty {
      throw ValidationError("Nothing has been indexed yet: name a folder of music.")
    }
    let model = try model.choose(catalogue: catalogue)
    let summary = try index(catalogue: catalogue, model: model, terminal: terminal)
    if output.json {
      print(
        JSON.text(
          Report(
            added: summary.added, updated: summary.updated, unchanged: summary.unchanged,
            forgotten: summary.forgotten, seconds: summary.seconds, interrupted: summary.wasInterrupted,
            skipped: .init(summary.skipped))))
    } else if !output.quiet {
      print(Self.text(summary))
    }
    if summary.wasInterrupted { throw ExitCode.interrupted }
    if !summary.skipped.isEmpty { throw ExitCode.doneInPart }
  }

  private func index(catalogue: Catalogue, model: EmbeddingModel, terminal: Terminal) throws -> Indexer.Summary {
    let start = ContinuousClock.now
    defer { terminal.endProgress() }
    return try Indexer(catalogue: catalogue, model: model, threads: jobs.count).index(
      paths, prune: prune, shouldStop: { Interruption.isRequested },
      report: { event in
        switch event {
        case .found(let pending, let unchanged):
          terminal.note("\(pending) songs to listen to with \(model.name), \(unchanged) up to date")
        case .progress(let done, let total):
          terminal.progress(Rate(done: done, total: total, since: start).text(of: "songs"))
        case .skipped(let path, let reason):
          terminal.warn(leftOut: path, reason)
        case .note(let text):
          terminal.warn(text)
        }
      })
  }

  static func text(_ summary: Indexer.Summary) -> String {
    var text =
      "\(summary.added) songs added, \(summary.updated) updated, \(summary.unchanged) unchanged, "
      + "\(summary.forgotten) forgotten"
    if !summary.skipped.isEmpty { text += ", \(summary.skipped.count) left out" }
    if summary.wasInterrupted { text += "; interrupted, run it again to go on" }
    return text
  }
}
