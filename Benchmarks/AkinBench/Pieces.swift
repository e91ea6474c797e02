import ArgumentParser
import Files
import Foundation
import SyntheticMusic

/// Composed songs with what is true of them.
struct Pieces: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Composes songs into a folder, with truth.csv beside them: path, beats a minute and key of each.",
    discussion: "Scripts/describe/tempo-key.py compares what measures tempo and key on them.")

  @Argument(help: "The folder.")
  var folder: String

  @Option(help: "The random seed.")
  var seed: UInt64 = 1

  func run() throws {
    let collection = SyntheticCollection(seed: seed)
    let target = URL(filePath: folder)
    try collection.write(to: target, jobs: 2) { _, _ in }
    let rows = collection.songs.map { song in
      let key = collection.key(of: song)
      return "\"\(song.relativePath)\",\(collection.tempo(of: song)),\(key.tonic),\(key.isMinor ? "minor" : "major")\n"
    }
    let table = "path,tempo,tonic,mode\n" + rows.joined()
    try FileError.write(Data(table.utf8), to: target.appending(path: "truth.csv"))
  }
}
