import ArgumentParser
import Catalogue
import Foundation
import Reproducibility

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
        akin learn                 let its tags teach which songs belong together
        akin ear                   tell it which songs sound alike to you
        akin status                what the library holds, and could not hear
      Teach it what sounds alike to you:
        akin dataset folder ~/Music --class artist --minimum 8 -o songs.csv
        akin dataset check songs.csv    what is missing, broken, or there twice
        akin train songs.csv       learn from these classes, for the library
        akin index                 listen again with the new model

      Exit status: 0 done; 1 failed; 2 done in part, what was left out is named, or \
      no song is left;       64 wrong usage; 130 interrupted.
      """,
    version: AkinVersion.current,
    subcommands: [
      DemoCommand.self, IndexCommand.self, LearnCommand.self, EarCommand.self, SimilarCommand.self,
      DescribeCommand.self,
      PlaylistCommand.self, MixCommand.self, BlockCommand.self, HistoryCommand.self, DuplicatesCommand.self,
      MapCommand.self,
      StatusCommand.self, ListCommand.self, LibraryCommand.self, ServeCommand.self, UserCommand.self,
      SyncCommand.self,
      TrainCommand.self, DistilCommand.self, EvaluateCommand.self, TuneCommand.self, ExperimentCommand.self,
      DatasetCommand.self,
      EmbedCommand.self, FeaturesCommand.self, ModelCommand.self,
    ])

  static func main() {
    StandardStreams.fill()
    do {
      try CommandLineHints.checkHelp(CommandLine.arguments.dropFirst())
      var command = try parseAsRoot()
      try command.run()
      try StandardOutput.finish()
    } catch {
      let isInterrupted = (error as? CatalogueError)?.reason == .interrupted
      let status = isInterrupted ? .interrupted : exitCode(for: error)
      switch status {
      // Help, a version, a script of completions.
      case .success: exit(withError: error)
      case .failure,
        _ where isInterrupted:
        writeError("Error: " + FailureText.text(of: error, otherwise: message(for: error)))
      // Wrong usage; or a status alone, after everything was said.
      default:
        let text = visible(fullMessage(for: error), keepsLines: true)
        writeError(CommandLineHints.improved(text, for: CommandLine.arguments.dropFirst()))
      }
      exit(withError: status)
    }
  }

  private static func writeError(_ text: String) {
    if !text.isEmpty { StandardError.write(text + "\n") }
  }
}
