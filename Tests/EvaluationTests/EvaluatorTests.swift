import Datasets
import Evaluation
import Foundation
import MetricLearning
import SongModels
import TestSupport
import Testing

@Suite struct EvaluatorTests {
  private let folder: TemporaryFolder
  private let manifest: Manifest

  init() throws {
    folder = try TemporaryFolder()
    let paths = try TestSong.writeCollection(kinds: 3, variants: 3, in: folder("music"))
    let songs = paths.enumerated().map { index, path in
      var song = Manifest.Song(path: path)
      song.className = "class \(index / 3)"
      song.artist = "artist \(index % 2)"
      return song
    }
    manifest = Manifest(songs: songs, folder: folder.url)
  }

  private func evaluate(
    _ queries: Manifest? = nil, _ references: Manifest? = nil, artistFilter: Bool = false, threads: Int = 2
  ) throws -> Evaluator.Outcome {
    try Evaluator(model: .mfccStandardised, artistFilter: artistFilter, threads: threads).evaluate(
      queries: queries ?? manifest, references: references ?? manifest)
  }

  @Test func everySongAsksAllOthers() throws {
    let metrics = try evaluate().metrics
    #expect(metrics.queries == 9 && metrics.skippedQueries == 0)
    #expect(metrics.classes.map(\.name) == ["class 0", "class 1", "class 2"])
    #expect(metrics.classes.map(\.queries) == [3, 3, 3])
    // The kinds are far apart: the two others of the class come first, and of the nine answers two are right.
    #expect(metrics.map == 1 && metrics.mrr == 1 && metrics.precisionAt1 == 1)
    #expect(abs(metrics.precisionAt5 - 2.0 / 5) < 1e-9)
    #expect(try evaluate(threads: 1).metrics == metrics)
  }

  @Test func queriesAskAmongTheReferencesAlone() throws {
    let outcome = try evaluate(manifest.selecting([0, 3]), manifest.selecting([1, 2, 6, 7]))
    #expect(outcome.metrics.queries == 1)
    #expect(outcome.metrics.skippedQueries == 1, "no song of class 1 is among the references")
    #expect(outcome.metrics.classes.map(\.name) == ["class 0"])
    // Only four answers are there to give.
    #expect(abs(outcome.metrics.precisionAt5 - 2.0 / 4) < 1e-9)
  }

  @Test func aQueryAmongTheReferencesDoesNotFindItself() throws {
    let outcome = try evaluate(manifest.selecting([0]), manifest.selecting([0, 3, 4]))
    #expect(outcome.metrics.queries == 0 && outcome.metrics.skippedQueries == 1)
  }

  @Test func theArtistFilterTakesOwnArtistsOut() throws {
    // Of class 0, songs 0 and 2 are of one artist, song 1 of the other.
    let filtered = try evaluate(manifest.selecting([1]), manifest.selecting([0, 1, 2]), artistFilter: true)
    #expect(filtered.metrics.queries == 1 && filtered.metrics.precisionAt1 == 1)
    let alone = try evaluate(manifest.selecting([0]), manifest.selecting([0, 2]), artistFilter: true)
    #expect(alone.metrics.skippedQueries == 1)
    #expect(try evaluate(manifest.selecting([0]), manifest.selecting([0, 2])).metrics.queries == 1)
  }

  @Test func songsWithoutAClassAskNothingButCanBeFound() throws {
    var some = manifest
    some.songs[8].className = ""
    let metrics = try evaluate(some, some).metrics
    #expect(metrics.queries == 8 && metrics.skippedQueries == 1)
  }

  @Test func songsThatCannotBeReadAreNamed() throws {
    var some = manifest
    some.songs[0].path = folder("gone.mp3")
    let outcome = try evaluate(some, some)
    #expect(outcome.skipped.map(\.path) == [folder("gone.mp3")])
    #expect(outcome.skipped[0].reason.contains("No such file"))
    #expect(outcome.metrics.queries == 8)
    for index in some.songs.indices { some.songs[index].path = folder("gone \(index).mp3") }
    let nothing = try evaluate(some, some)
    #expect(nothing.metrics.queries == 0 && nothing.skipped.count == 9)
  }
}
