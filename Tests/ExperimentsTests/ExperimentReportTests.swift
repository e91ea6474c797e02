import AudioFeatures
import Datasets
import Experiments
import Foundation
import MetricLearning
import Testing
import Training

/// The report of made-up results.
@Suite struct ExperimentReportTests {
  /// Songs of two classes; `artists` of each.
  private static func songs(artists: Int = 1, perArtist: Int = 4) -> Manifest {
    let songs = (0..<2).flatMap { kind in
      (0..<artists * perArtist).map { number -> Manifest.Song in
        var song = Manifest.Song(path: "/music/<\(kind)>/song & \(number).mp3")
        (song.artist, song.className) = ("Artist \(kind).\(number / perArtist)", "C|\(kind)")
        return song
      }
    }
    return Manifest(songs: songs, folder: URL(filePath: "/music"))
  }

  /// Results of feature sets whose average precision is the same for each song, but for a little.
  private static func results(
    _ precisions: [(FeatureSet, Double)], songs: Manifest = songs(), repeats: Int = 2,
    other: ((Int) -> Double?)? = nil
  ) -> ExperimentResults {
    var configuration = ExperimentConfiguration(training: TrainingOptions(preset: .standard))
    (configuration.repeats, configuration.folds, configuration.featureSets) = (repeats, 3, precisions.map(\.0))
    let parts = DatasetParts(folds: (0..<3).map { _ in songs }, test: 0)
    let results = precisions.flatMap { featureSet, precision in
      (0..<repeats).map { repetition -> RunResult in
        let split = ExperimentSplit(repetition: repetition, fold: 0, randomSeed: 1, parts: parts)
        var result = RunResult(featureSet: featureSet, split: split)
        result.answers = songs.songs.indices.map { song in
          func measures(_ value: Double) -> QueryMeasures {
            QueryMeasures(
              reciprocalRank: value, averagePrecision: value, precisionAt1: value, precisionAt5: value,
              precisionAt9: value)
          }
          let value = precision + 0.001 * Double(song % 3) + 0.01 * Double(repetition)
          var answer = RunResult.Answer(
            song: song, measures: measures(value),
            neighbours: featureSet == .chance ? [] : songs.songs.indices.filter { $0 != song }.prefix(6).map { $0 })
          answer.euclidean = featureSet == .chance ? nil : measures(value / 2)
          answer.manhattan = featureSet == .chance ? nil : measures(value / 4)
          answer.otherArtists = other?(song).map(measures)
          return answer
        }
        return result
      }
    }
    return ExperimentResults(
      configuration: configuration, songs: songs,
      leftOut: [.init(path: "/music/broken.mp3", cause: .unusable, reason: "it is <broken>")], results: results)
  }

  private static func files(
    _ results: ExperimentResults, command: String = "akin experiment 'my songs.csv' -o out"
  ) -> [String: String] {
    let report = ExperimentReport(
      results, provenance: .init(command: command, dataset: "my songs.csv", processor: "x"),
      folder: URL(filePath: "/home/reports"))
    return Dictionary(uniqueKeysWithValues: report.files.map { ($0.path, $0.text) })
  }

  @Test func aCommandKeepsItsLines() throws {
    let command = "akin experiment <songs>.csv \\\n\t-o out"
    let files = Self.files(Self.results([(.chance, 0.1)]), command: command)
    #expect(try #require(files["report.md"]).contains("\n    akin experiment <songs>.csv \\\n    \t-o out\n"))
    #expect(try #require(files["report.html"]).contains("akin experiment &lt;songs&gt;.csv \\\n\t-o out</code>"))
  }

  @Test func theTablesSayWhatTheResultsSay() throws {
    let files = Self.files(Self.results([(.chance, 0.1), (.mfcc, 0.4), (.lda, 0.6), (.strategy(.semiHard), 0.8)]))
    let markdown = try #require(files["report.md"])
    // The mean of 0.8 + 0, 1 or 2 thousandths, and of the same + 0.01; their sample deviation.
    #expect(markdown.contains("| Semi-hard batch | **0.806 ± 0.007** |"))
    #expect(markdown.contains("| Baseline (MFCC) | 0.406 ± 0.007 |") && markdown.contains("| Chance | 0.106"))
    for word in ["akin experiment 'my songs.csv' -o out", "it is &lt;broken&gt;", "95 %", "Manhattan", "Holm"] {
      #expect(markdown.contains(word), "\(word)")
    }
    #expect(markdown.contains("| LDA on MFCC | **0.606 ± 0.007** | **0.606 ± 0.007** | 0.303 ± 0.004 |"))
    #expect(markdown.contains("no song of its class is left to find"))
    let table = try #require(files["tables/table-1.csv"]).split(separator: "\n")
    #expect(table.count == 5 && table[0].hasPrefix("features,mrr mean,mrr deviation,map mean"))
    #expect(try #require(files["tables/table-4.csv"]).split(separator: "\n").count == 7)
    #expect(try #require(files["tables/left-out.csv"]).contains("/music/broken.mp3,it is <broken>"))
  }

  @Test func thePageNeedsNoOtherFileAndTrustsNoName() throws {
    var results = Self.results([(.mfcc, 0.4), (.strategy(.semiHard), 0.8)])
    results.maps = [
      FeatureMap(
        featureSet: .strategy(.semiHard), songs: Array(0..<8), coordinates: (0..<8).map { SIMD2(Float($0), 1) },
        unseen: [2])
    ]
    let files = Self.files(results)
    let page = try #require(files["report.html"])
    for word in ["<script", " src=", "url(", "@import", "<link", "song & 1", "<0>"] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(page.contains("default-src 'none'"))
    // The only addresses are the name of SVG and the ways to songs.
    #expect(page.replacing("xmlns=\"http://www.w3.org/2000/svg\"", with: "").contains("://") == false)
    #expect(page.contains("href=\"../../music/%3C0%3E/song%20&amp;%201.mp3\""))
    let figure = try #require(files["figures/figure-2-semi-hard.svg"])
    #expect(figure.contains("Artist 0.0 – song &amp; 2, not seen in training (C|0)"))
    #expect(figure.components(separatedBy: "<circle").count >= 8 && page.contains("not seen in training"))
    #expect(try #require(files["tables/maps.csv"]).contains("semi-hard,/music/<0>/song & 2.mp3,C|0,2.0,1.0,no"))
  }

  @Test func theArtistFilterIsShownWhereItLeavesAnything() throws {
    let results = Self.results([(.mfcc, 0.4), (.strategy(.semiHard), 0.8)], songs: Self.songs(artists: 3)) {
      $0 < 4 ? 0.25 : nil
    }
    let files = Self.files(results)
    let markdown = try #require(files["report.md"])
    #expect(markdown.contains("With the artist filter") && !markdown.contains("is left to find"))
    #expect(try #require(files["tables/table-6.csv"]).contains("mfcc,0.25,0.0"))
  }

  @Test func differencesArePairedAndCorrected() throws {
    let comparison = FeatureComparison(
      Self.results([(.chance, 0.1), (.mfcc, 0.4), (.musly, 0.4), (.strategy(.semiHard), 0.8)]))
    #expect(!comparison.drawsArtists && comparison.differences.count == 6)
    for item in comparison.differences {
      #expect(item.queries == 8 && item.correctedPValue >= item.pValue && item.correctedPValue <= 1)
      #expect(item.interval.lower <= item.interval.mean && item.interval.mean <= item.interval.upper)
      if item.first == .mfcc && item.second == .musly {
        #expect(item.interval.mean == 0 && item.pValue == 1 && item.wilcoxonPValue == 1)
      } else {
        // All eight songs gain: of the 256 ways to change places, two are as far from 0.
        #expect(abs(item.pValue - 2.0 / 256) < 1e-12)
        // Five pairs as good as this one, and the sixth.
        #expect(abs(item.correctedPValue - 6 * 2.0 / 256) < 1e-12)
      }
    }
    let gain = try #require(comparison.differences.first { $0.first == .mfcc && $0.second == .strategy(.semiHard) })
    #expect(abs(gain.interval.mean + 0.4) < 1e-9)
    // With more artists than classes these are what is drawn, and what is paired: six of them.
    let artists = FeatureComparison(
      Self.results([(.mfcc, 0.4), (.strategy(.semiHard), 0.8)], songs: Self.songs(artists: 3)))
    #expect(artists.drawsArtists && abs(artists.differences[0].pValue - 2.0 / 64) < 1e-12)
  }
}
