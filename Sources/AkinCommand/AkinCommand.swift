import ArgumentParser
import Foundation
import Reproducibility
import Tags

@main
struct AkinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "akin",
    abstract: "Finds music that sounds alike: recommends from your collection by the sound alone.",
    discussion: """
      The first steps:
        akin demo                  walk through everything, on a small collection
        akin index ~/Music         listen to a folder, and remember how it sounds
        akin similar song.mp3      the songs that sound most like this one
        akin similar "Miles Davis" or like an artist, an album, a genre, a playlist
        akin playlist --from a.mp3 --to b.mp3     a way between two songs
        akin duplicates            recordings that are there more than once
        akin map -o map.html       all songs, as a page
        akin status                what the library holds, and could not hear
      Teach it what sounds alike to you:
        akin dataset folder ~/Music --class artist --minimum 8 -o songs.csv
        akin dataset check songs.csv    what is missing, broken, or there twice
        akin train songs.csv       learn from these classes, for the library
        akin index                 listen again with the new model

      Exit status: 0 done; 1 failed; 2 done in part, what was left out is named; \
      64 wrong usage; 130 interrupted.
      """,
    version: AkinVersion.current,
    subcommands: [
      DemoCommand.self, IndexCommand.self, SimilarCommand.self, DescribeCommand.self, PlaylistCommand.self,
      MixCommand.self, BlockCommand.self, HistoryCommand.self, DuplicatesCommand.self, MapCommand.self,
      StatusCommand.self, ListCommand.self, LibraryCommand.self, ServeCommand.self, UserCommand.self,
      TrainCommand.self, EvaluateCommand.self, TuneCommand.self, ExperimentCommand.self, DatasetCommand.self,
      EmbedCommand.self, FeaturesCommand.self, ModelCommand.self,
    ])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
      try StandardOutput.finish()
    } catch {
      let status = exitCode(for: error)
      switch status {
      // Help, a version, a script of completions.
      case .success: exit(withError: error)
      case .failure: writeError("Error: " + FailureText.text(of: error, otherwise: message(for: error)))
      // Wrong usage; or a status alone, after everything was said.
      default:
        writeError(visible(fullMessage(for: error), keepsLines: true))
        if let near = commandsNear(CommandLine.arguments.dropFirst()) { writeError("  Did you mean \(near)?") }
      }
      exit(withError: status)
    }
  }

  /// The commands whose names are near the first word that is none; nil if there is no such word.
  private static func commandsNear(_ arguments: some Sequence<String>) -> String? {
    var command: any ParsableCommand.Type = Self.self
    var path = "akin"
    for word in arguments {
      let commands = command.configuration.subcommands
      guard !commands.isEmpty, !word.hasPrefix("-") else { return nil }
      if let next = commands.first(where: { $0.configuration.commandName == word }) {
        command = next
        path += " \(word)"
        continue
      }
      let near = Spelling.near(word, among: commands.compactMap { $0.configuration.commandName }, count: 3)
      return near.isEmpty ? nil : near.map { "`\(path) \($0)`" }.joined(separator: " or ")
    }
    return nil
  }

  private static func writeError(_ text: String) {
    if !text.isEmpty { FileHandle.standardError.write(Data((text + "\n").utf8)) }
  }
}
