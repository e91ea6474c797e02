import ArgumentParser
import Catalogue
import Files
import Foundation
import MusicLibrary

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "What the library holds, and what it could not hear.",
    discussion: """
      Names the folders that were indexed and are missing, the files that could not be heard with the reason, and what \
      is worth knowing of files that were heard. A file that turned bad after it was heard is still recommended by what \
      it sounded like then. With --csv the files that could not be heard are printed as a table. Looks at the library \
      only, not at the music: what has changed on the disk since, `akin index` finds out.

      With --quality it measures how well the model finds other songs of each song's artist, album and genre (of the \
      genre without those by its own artist), beside chance and beside the MFCC baseline if akin index --model mfcc has \
      heard the songs; and whether some songs are in everybody's list. MAP is the mean average precision, MRR the mean of \
      1 / the rank of the first, P@5 the share among the first five. In a large collection some songs ask: it takes about \
      a minute.
      """)

  @Flag(help: "Print the files that could not be heard as CSV: path, reason, and whether they were heard before.")
  var csv = false

  @Flag(help: "Measure how well the model finds artists, albums and genres, and whether there are hubs.")
  var quality = false

  @Option(help: "--quality: how many songs ask (default: all, or as many as take about a minute).")
  var queries: Int?

  @OptionGroup var model: ModelOptions

  @OptionGroup var library: LibraryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if csv && (output.json || quality) { throw ValidationError("--csv goes with neither --json nor --quality.") }
    if let queries, queries < 3 { throw ValidationError("--queries must be at least 3") }
    if !quality && (queries != nil || model.name != nil) {
      throw ValidationError("--queries and --model go with --quality.")
    }
  }

  func run() throws {
    let catalogue = try library.openRequired()
    if quality { return try showQuality(catalogue) }
    let report = try LibraryStatus(of: catalogue)
    if csv {
      let rows = report.refused.map { [$0.path, $0.reason, $0.heardBefore ? "true" : "false"] }
      StandardOutput.writeFile(CommaSeparatedValues.text([["path", "reason", "heardBefore"]] + rows))
    } else {
      StandardOutput.write(output.json ? JSON.text(report, pretty: true) : Self.text(report))
    }
  }

  private func showQuality(_ catalogue: Catalogue) throws {
    let terminal = output.terminal
    Interruption.endAtOnce()
    let quality = try LibraryQuality(
      catalogue: catalogue, model: model.choose(catalogue: catalogue), queryCount: queries
    ) { terminal.progress("measuring \($0)") }
    terminal.endProgress()
    StandardOutput.write(output.json ? JSON.text(quality, pretty: true) : QualityText.text(of: quality))
  }

  private static func text(_ report: LibraryStatus) -> String {
    var lines = [
      "\(counted(report.tracks, "song")), \(decimal(report.hours, 1)) hours, in \(shownPath(report.library)) "
        + "(\(decimal(Double(report.bytes) / 1e6, 1)) MB)"
    ]
    if report.indexing { lines.append("an indexer is at work, here or on another library in the folder") }
    lines += report.models.map { text($0, in: report) }
    lines += report.learned.map { learned in
      "learned from \(learned.from == "ear" ? "answers" : learned.from) \(learned.created): \(visible(learned.lesson.sentence))"
    }
    if let fault = report.modelFault { lines.append("no model answers: \(visible(fault))") }
    if let run = report.lastIndexing { lines += text(run, isAtWork: report.indexing) }
    for root in report.roots { lines.append("\(shownPath(root.path))\(root.missing ? ": missing" : "")") }
    if report.videos > 0 { lines.append("\(counted(report.videos, "video")) left out") }
    lines += section(
      "could not be heard (akin index --retry tries again)",
      report.refused.map { file in
        "\(shownPath(file.path)): \(visible(file.reason))"
          + (file.heardBefore ? " What was heard of it before still answers." : "")
      })
    lines += section("heard, with a note", report.notes.map { "\(shownPath($0.path)): \(visible($0.reason))" })
    return lines.joined(separator: "\n")
  }

  /// "akin and descriptor (descriptor-1) have heard all songs; akin answers"
  private static func text(_ model: LibraryStatus.Model, in report: LibraryStatus) -> String {
    let isWhole = !report.indexing && report.lastIndexing?.interrupted == false
    let all = isWhole ? "all songs" : "all \(counted(report.tracks, "song")) so far"
    let songs = model.complete && report.tracks > 0 ? all : "\(model.songs) of \(counted(report.tracks, "song"))"
    let names = ([model.name] + model.alike).map { visible($0) }
    let (have, answers) = names.count == 1 ? ("has", ", and") : ("have", "; \(names[0])")
    return "\(names.joined(separator: " and ")) (\(visible(model.identifier))) \(have) heard \(songs)"
      + (model.current ? "\(answers) answers" : "")
  }

  private static func text(_ run: LibraryStatus.LastIndexing, isAtWork: Bool) -> [String] {
    let remedy = run.interrupted ? "; interrupted: run `akin index` to go on" : ""
    // It is at work, or it was killed.
    if run.interrupted, run.seconds == 0 { return isAtWork ? [] : ["last indexed \(run.began)\(remedy)"] }
    return [
      "last indexed \(run.began) in \(Rate.duration(run.seconds)): \(run.added) added, \(run.updated) updated, "
        + "\(run.moved) moved, \(run.unchanged) unchanged, \(run.forgotten) forgotten\(remedy)"
    ]
  }

  private static func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : ["", "\(counted(lines.count, "file")) \(title):"] + lines.map { "  " + $0 }
  }
}
