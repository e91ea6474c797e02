import Catalogue
import Foundation
import Reproducibility
import SongModels
import TestSupport
import Testing

@Suite(.needsTheProgram) struct EarCommandTests {
  private let folder: TemporaryFolder

  /// Forty songs by as many artists, of which a listener hears the first two values only.
  init() throws {
    folder = try TemporaryFolder()
    let catalogue = try Catalogue(path: folder("library.sqlite"))
    try catalogue.store(model: .init(identifier: "mfcc-1", name: "mfcc", kind: "mfcc", dimension: 140))
    var generator = SeededGenerator(seed: 2)
    try catalogue.store(
      (0..<40).map { song in
        var vector = [Float](repeating: 0, count: 140)
        for index in 0..<12 { vector[index] = Float(generator.normal()) * (index < 2 ? 1.5 : 1) }
        return IndexedTrack(
          path: "/music/\(song % 4)/\(song).flac", fileSize: 1, modificationTime: 1,
          tags: AudioTags(
            title: "Song \(song)", artists: ["Artist \(song)"], genres: song % 4 == 1 ? ["Folk"] : []), duration: 100,
          embeddings: ["mfcc-1": vector])
      })
  }

  private func akin(_ arguments: String..., input: String = "") throws -> AkinProcess.Output {
    try AkinProcess.run(arguments + ["--model", "mfcc"], in: folder, input: input)
  }

  private func events() throws -> [Event] { try Catalogue(path: folder("library.sqlite")).events() }

  @Test func asksThroughAPipeAndTakesBack() throws {
    let output = try akin("ear", "--seed", "1", input: "1\n2\nu\ns\nwhat\n3\nq\n")
    #expect(output.status == 0, "\(output)")
    #expect(
      output.standardOutput.contains("Question 1 of 20") && output.standardOutput.contains("10 answers are needed"))
    #expect(output.standardError.contains("taken back") && output.standardError.contains("2 answers kept"))
    #expect(try events().map(\.kind) == [.oddOneOut, .oddOneOut])
    let same = try akin("ear", "--seed", "1", "-n", "1", "--json", input: "1\n")
    #expect(same.standardOutput.contains(#""question":1"#) && same.standardOutput.contains(#""adopted":false"#))
  }

  @Test func endsWithTheInput() throws {
    let output = try akin("ear", "-n", "50", input: "1\n")
    #expect(output.status == 0 && output.standardError.contains("1 answer kept"))
    #expect(try akin("ear", "-n", "0").status == 64)
  }

  @Test func whatIsNamedBelongsTogether() throws {
    let output = try akin("ear", "together", "genre:Folk", "song:Song 2")
    #expect(output.status == 0 && output.standardError.contains("11 songs put together"), "\(output)")
    let event = try #require(try events().first)
    #expect(event.kind == .together && event.songs.count == 11)
    #expect(output.standardOutput.contains("22 from together"))
    #expect(try akin("ear", "together", "song:Song 2").status == 64)
    #expect(try akin("ear", "together", "Nothing of that name").status == 1)
    #expect(try AkinProcess.run(["history", "add", "together", "Song 3"], in: folder).status == 64)
    #expect(try akin("ear", "forget").standardOutput.contains("forgotten"))
    #expect(try akin("ear", "forget").standardOutput.contains("nothing was learned"))
  }

  @Test func statusTellsWhatWasLearned() throws {
    let answers = String(repeating: "1\n", count: 12)
    let output = try akin("ear", "-n", "12", "--seed", "3", input: answers)
    #expect(
      output.standardOutput.contains("foretells") && output.standardOutput.contains("12 from questions"), "\(output)")
    let status = try AkinProcess.run(["status"], in: folder)
    #expect(status.standardOutput.contains("learned from answers"), "\(status)")
  }
}
