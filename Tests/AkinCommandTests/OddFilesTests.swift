import Catalogue
import Foundation
import TestSupport
import Testing

/// What `Scripts/odd-files` makes, in a library.
@Suite(.needsTheProgram, .needsPython)
struct OddFilesTests {
  private struct Expectation: Decodable {
    var expect: String
    var title: String?
    var artists, genres: [String]?
    var seconds: Double?
    var note, words: String?
  }

  private struct Status: Decodable {
    struct File: Decodable { var path, reason: String }
    var tracks: Int
    var refused, notes: [File]
  }

  @Test func everyKindOfFileBecomesWhatItShould() throws {
    let folder = try TemporaryFolder()
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Scripts/odd-files")
    let maker = Process()
    (maker.executableURL, maker.arguments) = (URL(filePath: "/usr/bin/env"), ["python3", script.path, folder.path])
    try maker.run()
    maker.waitUntilExit()
    try #require(maker.terminationStatus == 0)
    let expected = try JSONDecoder().decode(
      [String: Expectation].self, from: Data(contentsOf: folder.url.appending(path: "expected.json")))
    // Some files are refused.
    #expect(try AkinProcess.run(["index", "music", "--model", "mfcc"], in: folder).status == 2)
    let answer = try AkinProcess.run(["status", "--json"], in: folder)
    let status = try JSONDecoder().decode(Status.self, from: Data(answer.standardOutput.utf8))
    let catalogue = try Catalogue(path: folder("library.sqlite"))
    for (name, item) in expected {
      let path = folder("music/" + name)
      let track = try catalogue.track(path: path)
      #expect((track != nil) == (item.expect == "song"), "\(name.debugDescription): \(item.expect)")
      let refusal = status.refused.first { $0.path == path }
      #expect((refusal != nil) == (item.expect == "refused"), "\(name.debugDescription): \(item.expect)")
      if let words = item.words {
        #expect(refusal?.reason.contains(words) == true, "\(name): \(refusal?.reason ?? "–")")
      }
      let notes = status.notes.filter { $0.path == path }.map(\.reason)
      if let note = item.note { #expect(notes.contains { $0.contains(note) }, "\(name): \(notes)") }
      guard let track else { continue }
      if let seconds = item.seconds {
        #expect(abs((track.duration ?? 0) - seconds) < 0.1, "\(name): \(track.duration ?? 0) s")
      }
      if let title = item.title { #expect(track.tags.title == title, "\(name)") }
      if let artists = item.artists { #expect(track.tags.artists == artists, "\(name)") }
      if let genres = item.genres { #expect(track.tags.genres == genres, "\(name)") }
    }
    #expect(status.tracks == expected.values.count { $0.expect == "song" })
  }
}
