import AudioDecoding
import Foundation
import TestSupport
import Testing

/// `--excerpts`, and what a library remembers of it.
@Suite(.needsTheProgram) struct ExcerptCommandTests {
  private let folder: TemporaryFolder

  /// Three songs that are long enough for three excerpts.
  private static let songs = (0..<3).map { TestMelody(seed: $0, seconds: 122).samples }

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder("music"), withIntermediateDirectories: true)
    for (kind, samples) in Self.songs.enumerated() {
      try AudioEncoder.write([samples], sampleRate: 22_050, to: folder("music/\(kind).flac"), format: .flac)
    }
  }

  private func akin(_ arguments: String...) throws -> AkinProcess.Output {
    try AkinProcess.run(arguments, in: folder)
  }

  private func model() throws -> String? {
    let description = try akin("model", "describe", "--json").json() as? [String: Any]
    return description?["name"] as? String
  }

  private func updated(_ arguments: String...) throws -> Int? {
    let output = try AkinProcess.run(["index", "--json"] + arguments, in: folder)
    #expect(output.status == 0, "\(output.standardError)")
    return (try output.json() as? [String: Any])?["updated"] as? Int
  }

  private func vector(_ arguments: String...) throws -> [Double] {
    let output = try AkinProcess.run(["embed", "music/0.flac"] + arguments, in: folder)
    return try #require((output.json() as? [String: Any])?["embedding"] as? [Double])
  }

  @Test func aLibraryHearsAsManyAsItWasAskedForOnce() throws {
    #expect(try akin("index", "music").status == 0)
    #expect(try model() == "akin")
    #expect(try updated("--excerpts", "3") == 3)
    // Without being told again.
    #expect(try updated() == 0)
    #expect(try model() == "akin-3-excerpts")
    #expect(try akin("model", "describe").standardOutput.contains("3 excerpts of 30 s, spread over the song"))
    let similar = try akin("similar", "music/0.flac", "--json")
    #expect(similar.status == 0 && similar.standardError.isEmpty)
    #expect(try (similar.json() as? [Any])?.count == 2)
    #expect(try akin("status").standardOutput.contains("akin-3-excerpts"))
    #expect(try akin("library", "check").status == 0)
    try FileManager.default.copyItem(atPath: folder("music/0.flac"), toPath: folder("other.flac"))
    #expect(try akin("similar", "other.flac", "--json").status == 0)
    // Another number is another model; one is the default again, whose vectors are still there.
    #expect(try updated("--excerpts", "2") == 3)
    #expect(try model() == "akin-2-excerpts")
    #expect(try updated("--excerpts", "1") == 0)
    #expect(try model() == "akin")
  }

  @Test func whoNamesAModelLeavesTheLibrarysAsItIs() throws {
    #expect(try akin("index", "music").status == 0)
    #expect(try updated("--model", "mfcc", "--excerpts", "2") == 3)
    #expect(try model() == "akin")
    #expect(try updated("--model", "mfcc-2-excerpts") == 0)
    #expect(try akin("similar", "music/0.flac", "--model", "mfcc-2-excerpts").status == 0)
  }

  @Test func embedsAsManyAsItIsAskedFor() throws {
    let middle = try vector()
    let three = try vector("--excerpts", "3")
    #expect(three != middle && three.count == middle.count)
    #expect(try vector("--model", "akin-3-excerpts") == three)
    #expect(try vector("--model", "akin-3-excerpts", "--excerpts", "1") == middle)
  }

  @Test(arguments: ["0", "-1", "65", "x"])
  func impossibleNumbersAreRefused(count: String) throws {
    for command in [["index", "music"], ["embed", "music/0.flac"]] {
      let output = try AkinProcess.run(command + ["--excerpts=\(count)"], in: folder)
      #expect(output.status == 64 && output.standardError.contains("--excerpts"))
    }
    #expect(!FileManager.default.fileExists(atPath: folder("library.sqlite")))
  }
}
