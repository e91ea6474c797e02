import ArgumentParser
import Figures
import Files
import Foundation
import MusicLibrary
import NearestNeighbors
import SongModels

struct MapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "map", abstract: "Draw the library: songs that sound alike lie near each other.",
    discussion: """
      Writes a picture (SVG) or a page with zoom and search (HTML), as one file that needs no other. t-SNE arranges \
      the songs by the vectors that a search compares. Only nearness counts: neither directions nor the size of gaps \
      mean anything.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case svg, html }

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The file to write, .svg or .html (default: standard output).", valueName: "file"))
  var output: String?

  @Option(help: "svg or html (default: by the file's name, or else svg).")
  var format: Format?

  @Option(
    name: [.customLong("colour"), .customLong("color")], help: "What each colour stands for: artist, genre or album.")
  var colouring = MusicMap.Colouring.artist

  @Option(help: "About how many neighbours a song is arranged by; at least 1.")
  var perplexity = 30.0

  @Option(help: "The random seed; the same seed draws the same map.")
  var seed: UInt64 = 0

  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var jobs: JobsOptions
  @OptionGroup var notes: QuietOptions

  func validate() throws {
    guard perplexity >= 1, perplexity <= 100_000 else {
      throw ValidationError("--perplexity must lie in 1...100000")
    }
    guard let output else { return }
    if output.isEmpty { throw ValidationError("--output must name a file") }
    _ = try format(of: output)
    // Before the map is made, not after.
    let folder = URL(filePath: output).absoluteURL.deletingLastPathComponent().path
    guard FileManager.default.fileExists(atPath: folder) else {
      throw ValidationError("There is no folder \(folder) to write \(output) in; make it first.")
    }
  }

  func run() throws {
    let terminal = notes.terminal
    let catalogue = try library.openRequired()
    if let output { try overwriting.check(output, is: .map) }
    Interruption.listen()
    let chosen = try model.chooseAnswering(catalogue: catalogue, terminal: terminal)
    let map: MusicMap
    do {
      map = try MusicMap(
        catalogue: catalogue, model: chosen, perplexity: perplexity, randomSeed: seed,
        threads: jobs.count,
        progress: { progress in
          terminal.progress(Self.text(progress))
          return !Interruption.isRequested
        }, note: { terminal.warn($0) })
    } catch MapError.interrupted {
      terminal.endProgress()
      terminal.note("interrupted; nothing was written")
      throw ExitCode.interrupted
    }
    terminal.endProgress()
    let plot = map.plot(colouredBy: colouring)
    let text = try format(of: output) == .html ? plot.page() : plot.svg()
    guard let output else { return StandardOutput.writeFile(text) }
    try overwriting.write(Data(text.utf8), to: output, as: .map)
    terminal.note("\(map.tracks.count) songs drawn in \(output)")
  }

  private func format(of output: String?) throws -> Format {
    if let format { return format }
    guard let output else { return .svg }
    switch URL(filePath: output).pathExtension.lowercased() {
    case "svg": return .svg
    case "html", "htm": return .html
    default: throw ValidationError("\(output) ends neither in .svg nor in .html; say which with --format.")
    }
  }

  private static func text(_ progress: TSNEProgress) -> String {
    switch progress {
    case .neighbors: "finding neighbours"
    case .iteration(let done, let limit): "placing songs, step \(done) of \(limit)"
    }
  }
}

extension MusicMap.Colouring: ExpressibleByArgument {}
