import ArgumentParser
import Catalogue
import Files
import Tags

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The artists, albums or genres of the library: what seeds and filters can name.")

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case artists, albums, genres

    var name: TrackNameKind {
      switch self {
      case .artists: .artist
      case .albums: .album
      case .genres: .genre
      }
    }
  }

  @Argument(help: "What to list.")
  var kind: Kind

  @Argument(help: ArgumentHelp("Only names that have all of these words.", valueName: "word"))
  var words: [String] = []

  @OptionGroup var library: LibraryOptions
  @OptionGroup var output: OutputOptions

  private struct Entry: Encodable {
    var name: String
    var songs: Int
  }

  func run() throws {
    let words = SearchText.fold(words.joined(separator: " ")).split(separator: " ")
    let entries = try library.openRequired().names(kind.name).lazy
      .filter { name in
        guard !words.isEmpty else { return true }
        let folded = SearchText.fold(name.name)
        return words.allSatisfy { folded.contains($0) }
      }
      .map { Entry(name: $0.name, songs: $0.count) }
    if output.json { return StandardOutput.write(JSON.text(Array(entries), pretty: true)) }
    guard !entries.isEmpty else {
      return output.terminal.note("the library has no \(kind.rawValue)\(words.isEmpty ? "" : " with these words")")
    }
    var table = Table(header: [kind.rawValue, "songs"], alignments: [.left, .right])
    for entry in entries { table.add([entry.name, "\(entry.songs)"]) }
    StandardOutput.write(table.text)
  }
}
