import ArgumentParser
import Catalogue
import Files
import Foundation
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

      A playlist (M3U) is text in UTF-8 with one path a line, absolute unless --relative or --relative-to is given. A \
      relative path that begins with # or a blank is written with ./ before it. A path with control characters or a \
      blank at its end is written as a file:// URL. A song whose path has an end of a line in it cannot be in a \
      playlist: it is left out with a note.
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

  @Flag(
    help: """
      Write the playlist's paths relative to the folder that it lies in, so that both can be moved together; with \
      --m3u - relative to the current folder.
      """)
  var relative = false

  @Option(help: ArgumentHelp("Write the playlist's paths relative to a folder.", valueName: "folder"))
  var relativeTo: String?

  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if song.isEmpty { throw ValidationError("Name a file, or words from the title and artist of an indexed song.") }
    if output.json && playlistFile == "-" { throw ValidationError("Print either --json or --m3u -.") }
    if count < 1 { throw ValidationError("--count must be at least 1") }
    if playlistFile == "" { throw ValidationError("--m3u must name a file, or - to print the playlist.") }
    if playlistFile == nil && (relative || relativeTo != nil) {
      throw ValidationError("--relative and --relative-to go with --m3u.")
    }
    if relative && relativeTo != nil { throw ValidationError("Give either --relative or --relative-to.") }
    if let relativeTo { try Self.checkFolder(relativeTo) }
  }

  func run() throws {
    guard let catalogue = try library.openExisting() else {
      throw LibraryError.nothingIndexed(model: model.name ?? EmbeddingModel.standard.name, library: try library.path)
    }
    if let playlistFile, playlistFile != "-" { try overwriting.check(playlistFile, is: .playlist) }
    let model = try model.choose(catalogue: catalogue)
    let terminal = output.terminal
    let recommender = try Recommender(catalogue: catalogue, model: model) { terminal.warn($0) }
    let songs = try recommender.similar(to: recommender.query(named: song), count: count)
    if let playlistFile { try writePlaylist(songs, to: playlistFile) }
    if playlistFile == "-" {
      // It was printed.
    } else if output.json {
      StandardOutput.write(JSON.text(songs, pretty: true))
    } else if !songs.isEmpty {
      StandardOutput.write(Self.table(songs))
    }
    if songs.isEmpty { terminal.note("the library holds no other song") }
  }

  private func writePlaylist(_ songs: [Recommendation], to file: String) throws {
    let own = file == "-" ? "." : (file as NSString).deletingLastPathComponent
    let folder = relative ? (own.isEmpty ? "." : own) : relativeTo
    let playlist = Playlist(tracks: songs.map(\.track)).extendedM3U(relativeTo: folder)
    if file == "-" {
      StandardOutput.writeFile(playlist.text)
    } else {
      try overwriting.write(Data(playlist.text.utf8), to: file, as: .playlist)
    }
    for track in playlist.omitted {
      output.terminal.warn("left out of the playlist: \(shownPath(track.path)), since its path has an end of a line")
    }
  }

  private static func checkFolder(_ folder: String) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw ValidationError("There is no folder \(folder) that paths could be relative to.")
    }
  }

  static func table(_ songs: [Recommendation]) -> String {
    var table = Table(
      header: ["", "similarity", "artist", "title", "album", "file"],
      alignments: [.right, .right, .left, .left, .left, .left])
    for (index, song) in songs.enumerated() {
      table.add([
        "\(index + 1)", decimal(Double(song.similarity), 3), shortened(song.track.tags.artist),
        shortened(song.track.tags.title), shortened(song.track.tags.album), shownPath(song.track.path),
      ])
    }
    return table.text
  }

  static func shortened(_ text: String?) -> String {
    guard let text = text.map({ visible($0) }) else { return "–" }
    return text.count > 36 ? text.prefix(35) + "…" : text
  }
}
