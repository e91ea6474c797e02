import ArgumentParser
import Catalogue
import Files
import Foundation
import MusicLibrary
import SongModels

struct LearnCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn", abstract: "Learn from the library's own tags which songs belong together.",
    discussion: """
      The artist, album and genre tags of the songs that were indexed are examples of what belongs together. Learns from \
      them how the library's songs are to be compared, in seconds: differences between songs of one artist or album count \
      less, and what genres have in common counts more. Each tag counts as far as the sound bears it out: genres such as \
      Other, genres that one artist or nearly all songs have, and misspelt, missing or random tags count little or nothing.

      It is adopted only if a cross-validation over artists says so: for songs of artists whose tags it did not see, others \
      of their genre must be found better, and others of their artist not worse. The figures are mean average precisions. \
      That it is not adopted is a normal outcome.

      What was adopted answers from then on: in similar, playlist, map, serve, status --quality and evaluate. New songs join \
      without learning again; after many, learn again. --forget undoes it.
      """)

  @Flag(help: "Undo it: compare songs as the model in use comes.")
  var forget = false

  @Option(help: "The seed that songs are drawn and divided by.")
  var seed: UInt64 = 1

  @OptionGroup var model: ModelOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var jobs: JobsOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let terminal = output.terminal
    let catalogue = try library.openRequiredToWrite()
    let model = try model.chooseAnswering(catalogue: catalogue, terminal: terminal)
    var learning = TagLearning(catalogue: catalogue, model: model)
    if forget {
      let forgotten = try learning.forget()
      if output.json {
        StandardOutput.write(JSON.text(["forgotten": forgotten]))
      } else if !output.quiet {
        StandardOutput.write(
          forgotten ? "forgotten: \(model.name) compares songs as it comes" : "nothing was learned for \(model.name)")
      }
      return
    }
    Interruption.endAtOnce()
    learning.randomSeed = seed
    learning.threads = jobs.count
    let lesson = try Self.learn(learning, terminal: terminal)
    if output.json {
      StandardOutput.write(JSON.text(lesson, pretty: true))
    } else if !output.quiet {
      StandardOutput.write(Self.text(lesson))
    }
  }

  /// Learns, and shows what it is at.
  static func learn(_ learning: TagLearning, terminal: Terminal) throws -> TagLesson {
    defer { terminal.endProgress() }
    return try learning.learn { terminal.progress($0) }
  }

  /// The lesson in a sentence, and what was trusted.
  static func text(_ lesson: TagLesson) -> String {
    let trusted = lesson.genreTrust.filter { $0.trust > 0 }
    let names = trusted.prefix(8).map { "\(visible($0.name)) \(decimal($0.trust, 2))" }.joined(separator: ", ")
    let more = trusted.count > 8 ? " and \(trusted.count - 8) more" : ""
    var lines = [lesson.sentence]
    if !lesson.genreTrust.isEmpty {
      let useless = lesson.genreTrust.count - trusted.count
      lines.append(
        "from \(counted(lesson.songs, "song")) by \(counted(lesson.artistCount, "artist")) in "
          + "\(Rate.duration(lesson.seconds)); trust: artists \(decimal(lesson.artistTrust, 2)), albums "
          + "\(decimal(lesson.albumTrust, 2))" + (trusted.isEmpty ? "" : ", \(names)\(more)")
          + (useless > 0 ? "; \(counted(useless, "genre")) that the sound does not bear out" : ""))
    }
    return lines.joined(separator: "\n")
  }
}
