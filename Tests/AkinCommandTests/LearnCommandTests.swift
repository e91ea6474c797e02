import Catalogue
import Foundation
import Reproducibility
import SongModels
import TestSupport
import Testing

@Suite(.needsTheProgram) struct LearnCommandTests {
  private let folder: TemporaryFolder

  /// Sixteen artists with five songs each, in two genres that a direction tells apart which the model does not favour.
  init() throws {
    folder = try TemporaryFolder()
    let catalogue = try Catalogue(path: folder("library.sqlite"))
    try catalogue.store(model: .init(identifier: "mfcc-1", name: "mfcc", kind: "mfcc", dimension: 140))
    var generator = SeededGenerator(seed: 2)
    for artist in 0..<16 {
      let place = (0..<30).map { _ in Float(generator.normal()) * 0.5 }
      try catalogue.store(
        (0..<5).map { song in
          var vector = place.map { $0 + Float(generator.normal()) * 0.15 } + [Float](repeating: 0, count: 110)
          for index in 30..<35 { vector[index] = Float(generator.normal()) * 1.2 }
          vector[40] = artist.isMultiple(of: 2) ? 0.6 : -0.6
          return IndexedTrack(
            path: "/music/\(artist)/\(song).flac", fileSize: 1, modificationTime: 1,
            tags: AudioTags(
              title: "\(artist)-\(song)", artists: ["Artist \(artist)"],
              genres: [artist.isMultiple(of: 2) ? "Rock" : "Jazz"]), duration: 100, embeddings: ["mfcc-1": vector])
        })
    }
  }

  private func akin(_ arguments: String...) throws -> AkinProcess.Output { try AkinProcess.run(arguments, in: folder) }

  @Test func learnsSaysSoAndForgets() throws {
    let asked = ["similar", "/music/3/1.flac", "--model", "mfcc", "--json"]
    let plain = try AkinProcess.run(asked, in: folder).standardOutput
    let learned = try akin("learn")
    #expect(learned.status == 0, "\(learned)")
    #expect(learned.standardOutput.contains(": adopted") && learned.standardOutput.contains("Rock"))
    let after = try AkinProcess.run(asked, in: folder).standardOutput
    #expect(after != plain)
    let status = try akin("status")
    #expect(status.standardOutput.contains("learned from tags") && status.standardOutput.contains("adopted"))
    let object = try #require(try akin("status", "--json").json() as? [String: Any])
    let entry = try #require((object["learned"] as? [[String: Any]])?.first)
    #expect(entry["from"] as? String == "tags")
    #expect((entry["lesson"] as? [String: Any])?["adopted"] as? Bool == true)

    #expect(try akin("learn", "--forget").standardOutput.contains("forgotten"))
    #expect(try AkinProcess.run(asked, in: folder).standardOutput == plain)
    #expect(try !akin("status").standardOutput.contains("learned from tags"))
    #expect(try akin("learn", "--forget").standardOutput.contains("nothing was learned"))
  }

  @Test func itsJSONHasFigures() throws {
    let object = try #require(try akin("learn", "--json", "--seed", "3").json() as? [String: Any])
    #expect(object["adopted"] as? Bool == true)
    let genres = try #require(object["genres"] as? [String: Any])
    let (before, after) = (try #require(genres["before"] as? Double), try #require(genres["after"] as? Double))
    #expect(before > 0 && after > before && after <= 1)
    for key in ["uncertainty", "queries"] { #expect(genres[key] != nil, "\(key)") }
    let others = [
      "model", "songs", "artistCount", "artistTrust", "albumTrust", "genreTrust", "gain", "seconds", "version",
    ]
    for key in others {
      #expect(object[key] != nil, "\(key)")
    }
    #expect(try akin("learn", "--forget", "--json").json() as? [String: Bool] == ["forgotten": true])
  }

  @Test func withoutSongsItSaysWhatToDo() throws {
    let none = try akin("learn", "--library", "none.sqlite")
    #expect(none.status == 1 && none.standardError.contains("akin index"))
    #expect(!FileManager.default.fileExists(atPath: folder("none.sqlite")))
    let unheard = try akin("learn", "--model", "descriptor")
    #expect(unheard.status == 1 && unheard.standardError.contains("akin index"), "\(unheard)")
  }

  @Test func indexOffersItOnceAndDoesItIfAsked() throws {
    for kind in 0..<10 {
      for variant in 0..<2 {
        try TestSong(kind: kind, variant: variant).write(
          to: folder("music/\(kind)/\(variant).flac"),
          tags: AudioTags(
            title: "\(kind)-\(variant)", artists: ["Artist \(kind)"], genres: [kind < 5 ? "Low" : "High"]))
      }
    }
    let library = ["--library", folder("heard.sqlite")]
    let first = try AkinProcess.run(["index", folder("music")] + library, in: folder)
    #expect(first.status == 0 && first.standardError.contains("`akin learn`"), "\(first)")
    #expect(try !AkinProcess.run(["index", "-q"] + library, in: folder).standardError.contains("akin learn"))
    let learned = try AkinProcess.run(["index", "--learn"] + library, in: folder)
    #expect(learned.status == 0 && learned.standardError.contains("learned from tags: "), "\(learned)")
    let again = try AkinProcess.run(["index", "--learn"] + library, in: folder)
    #expect(!again.standardError.contains("learn"), "\(again)")
  }
}
