import ArgumentParser
import Catalogue
import Files
import MusicLibrary
import SongModels
import Tags

struct SimilarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "similar", abstract: "The songs of the library that sound most like a song.",
    discussion: """
      The similarity is 1 for the same sound, about 0 for two songs drawn at random, and below 0 for songs that are \
      less alike than those; it means the same for every model. The models akin and descriptor correct it for hubs: \
      what is unusual for both songs counts for more.
      """)

  @Argument(
    help: ArgumentHelp(
      "A file, indexed or not, or words from the title and artist of an indexed song.", valueName: "song"))
  var song: String

  @Option(name: [.customShort("n", allowingJoined: true), .long], help: "How many songs.")
  var count = 10

  @Option(
    name: .customLong("m3u"), help: ArgumentHelp("Write the songs as a playlist; - prints it.", valueName: "file"))
  var playlistFile: String?

  @OptionGroup var model: ModelOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if song.isEmpty { throw ValidationError("Name a file, or words from the title and artist of an indexed song.") }
    if output.json && playlistFile == "-" { throw ValidationError("Print either --json or --m3u -.") }
    if count < 1 { throw ValidationError("--count must be at least 1") }
  }

  func run() throws {
    guard let catalogue = try library.openExisting() else {
      throw LibraryError.nothingIndexed(model: model.name ?? EmbeddingModel.standard.name, library: library.path)
    }
    let model = try model.choose(catalogue: catalogue)
    let terminal = output.terminal
    let recommender = try Recommender(catalogue: catalogue, model: model) { terminal.warn($0) }
    let songs = try recommender.similar(to: recommender.query(named: song), count: count)
    let playlist = Playlist(tracks: songs.map(\.track))
    if let playlistFile, playlistFile != "-" { try playlist.writeM3U(to: playlistFile) }
    if playlistFile == "-" {
      print(playlist.m3u, terminator: "")
    } else if output.json {
      print(JSON.text(songs, pretty: true))
    } else if !songs.isEmpty {
      print(Self.table(songs))
    }
    if songs.isEmpty { terminal.note("the library holds no other song") }
  }

  static func table(_ songs: [Recommendation]) -> String {
    var table = Table(
      header: ["", "similarity", "artist", "title", "album", "file"],
      alignments: [.right, .right, .left, .left, .left, .left])
    for (index, song) in songs.enumerated() {
      table.add([
        "\(index + 1)", decimal(Double(song.similarity), 3), shortened(song.track.tags.artist),
        shortened(song.track.tags.title), shortened(song.track.tags.album), song.track.path,
      ])
    }
    return table.text
  }

  private static func shortened(_ text: String?) -> String {
    guard let text else { return "–" }
    return text.count > 36 ? text.prefix(35) + "…" : text
  }
}
