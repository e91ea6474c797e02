import ArgumentParser
import Catalogue
import Files
import MusicLibrary
import Tags

struct DuplicatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "duplicates", abstract: "Recordings that the library holds more than once, by their sound.",
    discussion: """
      Finds copies of one recording whatever their tags, names, formats, bit rates, sample rates and loudness, also if up \
      to some seconds were cut off or silence was added at an end. A live version, a remix, another tempo or key, and a \
      remaster that sounds different are other recordings. Only the 30 s around the middle of each song are compared, so \
      a song is not found in a part of it that was taken elsewhere, such as a preview, unless `akin index --parts` has \
      listened to the whole of it.

      The copies of a recording stand together: those that are more than 5 s shorter than others after them, so that a \
      preview does not come before the song; then lossless ones first, then those with the highest bit rate. Lossless may \
      mean a large file and nothing else, since it may have been made of a lossy one. Nothing is deleted. What there is to \
      find `akin index` found out.
      """)

  @OptionGroup var library: LibraryOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let finder = DuplicateFinder(catalogue: try library.openRequired())
    let duplicates = try finder.duplicates()
    let unfinished = try finder.unfinishedCount()
    if output.json {
      StandardOutput.write(JSON.text(duplicates, pretty: true))
    } else if !duplicates.isEmpty {
      StandardOutput.write(Self.text(duplicates))
    }
    let terminal = output.terminal
    if unfinished > 0 {
      terminal.note(
        "\(counted(unfinished, "song")) \(unfinished == 1 ? "was" : "were") not compared yet: run `akin index`")
    }
    if duplicates.isEmpty { terminal.note("no recording was found twice") }
  }

  static func text(_ duplicates: [Duplicate]) -> String {
    duplicates.map { duplicate in
      var table = Table(
        header: ["kbit/s", "codec", "Hz", "MB", "length", "artist", "title", "file"],
        alignments: [.right, .left, .right, .right, .right, .left, .left, .path])
      for song in duplicate.songs {
        table.add([
          song.bitRate.map { "\(($0 + 500) / 1000)" } ?? "–", song.codec ?? "–",
          song.sampleRate.map(String.init) ?? "–", decimal(Double(song.bytes) / 1e6, 1),
          song.track.duration.map(Self.clock) ?? "–",
          SongTable.shortened(song.track.tags.artist), SongTable.shortened(song.track.tags.title),
          shownPath(song.track.path),
        ])
      }
      return table.text
    }.joined(separator: "\n\n")
  }

  private static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    return "\(whole / 60):" + (whole % 60 < 10 ? "0" : "") + "\(whole % 60)"
  }
}
