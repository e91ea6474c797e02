import Datasets
import Evaluation
import Foundation
import MetricLearning
import SongModels
import TestSupport
import Testing

@Suite struct ModelComparisonTests {
  private let folder: TemporaryFolder
  private let parts: DatasetParts

  init() throws {
    folder = try TemporaryFolder()
    let paths = try TestSong.writeCollection(kinds: 3, variants: 4, in: folder("music"))
    let songs = paths.enumerated().map { index, path in
      var song = Manifest.Song(path: path)
      song.className = "class \(index / 4)"
      return song
    }
    let manifest = Manifest(songs: songs, folder: folder.url)
    parts = try DatasetParts(
      training: manifest.selecting([0, 1, 4, 5, 8, 9]), validation: manifest.selecting([2, 6, 10]),
      test: manifest.selecting([3, 7, 11]))
  }

  @Test func unseenSongsAskAmongAll() throws {
    let comparison = ModelComparison(parts: parts, threads: 2)
    #expect(comparison.queries.songs.count == 6)
    let entries = [ModelComparison.Entry("one", .mfcc, isControl: true), .init("other", .mfccStandardised)]
    let judged = try comparison.judge(entries)
    #expect(judged.map(\.entry.name) == ["one", "other"])
    let all = Manifest(joining: [parts.training, parts.validation, parts.test])
    for judgement in judged {
      let outcome = try Evaluator(model: judgement.entry.model, threads: 1).evaluate(
        queries: comparison.queries, references: all)
      #expect(judgement.metrics == outcome.metrics && judgement.metrics.queries == 6)
    }
  }

  @Test func theBestIsTheFirstOfTheHighestMAPAndNotAControl() throws {
    func metrics(of songs: Manifest) throws -> RetrievalMetrics {
      try Evaluator(model: .mfccStandardised, threads: 2).evaluate(queries: songs, references: songs).metrics
    }
    // Classes across the kinds are hard to find.
    var mixed = parts.training
    for (index, name) in ["a", "b", "b", "a", "a", "b"].enumerated() { mixed.songs[index].className = name }
    let (good, poor) = (try metrics(of: parts.training), try metrics(of: mixed))
    #expect(good.map > poor.map)
    let control = ModelComparison.Judgement(entry: .init("control", .mfcc, isControl: true), metrics: good)
    #expect(ModelComparison.best(of: [control]) == nil)
    let judged = [
      control, .init(entry: .init("one", .standard), metrics: poor),
      .init(entry: .init("two", .descriptor), metrics: good),
      .init(entry: .init("three", .mfccStandardised), metrics: good),
    ]
    #expect(ModelComparison.best(of: judged)?.name == "descriptor")
  }
}
