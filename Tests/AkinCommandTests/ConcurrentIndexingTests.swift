import Catalogue
import Foundation
import SongModels
import TestSupport
import Testing

/// Several processes at one library.
@Suite(.needsTheProgram) struct ConcurrentIndexingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func akin(_ arguments: String...) throws -> AkinProcess.Output {
    try AkinProcess.run(arguments, in: folder)
  }

  private func startIndexing() throws -> AkinProcess.Running {
    try AkinProcess.start(["index", "music", "-j", "1", "--json"], in: folder)
  }

  private func count(_ key: String, _ outputs: [AkinProcess.Output]) throws -> Int {
    try outputs.reduce(0) { sum, output in
      let report = try #require(try output.json() as? [String: Any], "\(output)")
      return sum + (try #require(report[key] as? Int))
    }
  }

  /// Songs of several artists, every one with a title of its own.
  private func write(_ name: String, artists: Int, songs: Range<Int>) throws {
    for artist in 0..<artists {
      for song in songs {
        let letters = [artist, song].map { String(UnicodeScalar(UInt8(97 + $0))) }.joined()
        try TestSong(kind: artist, variant: song).write(
          to: folder("music/\(name)/artist \(artist)/song \(song).flac"), tags: AudioTags(title: "\(name) x\(letters)"))
      }
    }
  }

  @Test(arguments: [false, true]) func threeIndexersAndAReaderStaySafe(oneIsKilled: Bool) throws {
    // Twelve songs are known; then their folder is renamed, and 48 come.
    try write("old", artists: 3, songs: 0..<4)
    #expect(try akin("index", "music", "--quiet").status == 0)
    let library = try Catalogue(path: folder("library.sqlite"))
    let known = try library.fileStates(under: "/", model: nil)
    try FileManager.default.moveItem(atPath: folder("music/old"), toPath: folder("music/renamed"))
    try write("new", artists: 6, songs: 10..<18)

    let indexers = try (0..<3).map { _ in try startIndexing() }
    if oneIsKilled {
      try indexers[0].wait { try indexers[0].notes().contains("songs to listen to") }
      kill(indexers[0].process.processIdentifier, SIGKILL)
    }
    var answers = 0
    while indexers.contains(where: \.process.isRunning) || answers == 0 {
      let asked = try akin("similar", "old xbb", "-n", "100", "--json")
      #expect(asked.status == 0, "\(asked)")
      answers += 1
    }
    let outputs = try indexers.map { try $0.finish() }
    let finished = oneIsKilled ? Array(outputs.dropFirst()) : outputs
    #expect(finished.map(\.status) == finished.map { _ in 0 }, "\(outputs)")

    // Every song is there once, as it was if it was known, and has been heard.
    let states = try library.fileStates(under: "/", model: EmbeddingModel.standard.identifier)
    #expect(states.count == 60 && states.allSatisfy(\.hasEmbedding))
    for state in known {
      let path = state.path.replacing("/music/old/", with: "/music/renamed/")
      #expect(try library.track(path: path)?.id == state.id)
    }
    #expect(try count("forgotten", finished) == 0)
    if !oneIsKilled { #expect(try count("moved", finished) == 12) }
    let last = try akin("index", "--json")
    #expect(last.status == 0)
    #expect(try count("unchanged", [last]) == 60)
    #expect(try (akin("similar", "new xfl", "-n", "100", "--json").json() as? [Any])?.count == 59)
  }
}
