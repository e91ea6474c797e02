import Datasets
import Experiments
import Foundation
import MetricLearning
import TestSupport
import Testing
import Training

@Suite struct HyperparameterSearchTests {
  private let folder: TemporaryFolder
  private let manifest: Manifest

  init() throws {
    folder = try TemporaryFolder()
    try TestSong.writeCollection(kinds: 3, variants: 5, in: folder("music"))
    let dataset = FolderDataset(grouping: .artist, minimum: 2, threads: 2)
    manifest = try dataset.make(from: folder("music"), manifestFolder: folder.url).manifest
  }

  private func search(_ margins: [Float], in name: String) -> HyperparameterSearch {
    let candidates = margins.map { margin in
      var options = TrainingOptions(preset: .standard)
      (options.crossEntropyEpochs, options.tripletEpochs, options.margin) = (1, 1, margin)
      (options.classesPerBatch, options.songsPerClass) = (3, 2)
      return HyperparameterSearch.Candidate(name: "margin=\(margin)", options: options)
    }
    return HyperparameterSearch(
      candidates, of: .strategy(.hard), folds: 3, dataset: manifest, folder: folder.url.appending(path: name))
  }

  private func run(
    _ search: HyperparameterSearch, report: @escaping @Sendable (Int, ExperimentEvent) throws -> Void = { _, _ in }
  ) throws -> [HyperparameterSearch.Result] {
    try search.run(
      cache: LogMelCache(folder: URL(filePath: folder("cache"))), restart: false, threads: 2, report: report)
  }

  @Test func ranksByTheSongsThatJudge() throws {
    let search = search([1, 3], in: "s")
    let ranking = try run(search)
    #expect(Set(ranking.map(\.candidate.name)) == ["margin=1.0", "margin=3.0"])
    let precisions = ranking.compactMap { $0.overall?.averagePrecision }
    #expect(precisions.count == 2 && precisions[0] >= precisions[1])
    #expect(ranking[0].pValue == 1 && ranking.allSatisfy { $0.folds.count == 3 && $0.failures >= 0 })
    // Each fold's mean over five songs: the mean of these is the mean of all.
    let folds = ranking[0].folds.map(\.averagePrecision)
    #expect(abs(folds.reduce(0, +) / 3 - precisions[0]) < 1e-9)
    try search.write(ranking)
    let text = try String(contentsOf: URL(filePath: folder("s/search.csv")), encoding: .utf8)
    #expect(text.hasPrefix("rank,candidate,map,") && text.split(separator: "\n").count == 3)
  }

  @Test func thePretrainingIsSharedAndNothingIsDoneTwice() throws {
    let kinds = Kinds()
    let first = try run(search([1, 3], in: "s")) { candidate, event in
      if case .finished(_, let kind, _, _) = event { kinds.add("\(candidate) \(kind.name)") }
    }
    #expect(kinds.counts == ["0 pretraining": 3, "0 hard": 3, "1 hard": 3])
    // Alone, the second candidate comes to the same.
    let alone = try run(search([3], in: "alone"))
    #expect(alone[0].overall == first.first { $0.candidate.name == "margin=3.0" }?.overall)
    let again = Kinds()
    _ = try run(search([1, 3, 5], in: "s")) { candidate, event in
      if case .finished(_, let kind, _, _) = event { again.add("\(candidate) \(kind.name)") }
    }
    #expect(again.counts == ["2 hard": 3])
  }
}

/// Counts names from several threads.
private final class Kinds: @unchecked Sendable {
  private let lock = NSLock()
  private var stored: [String: Int] = [:]

  var counts: [String: Int] { lock.withLock { stored } }
  func add(_ name: String) { lock.withLock { stored[name, default: 0] += 1 } }
}
