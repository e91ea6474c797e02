import AudioFeatures
import Datasets
import Experiments
import Files
import Foundation
import MetricLearning
import SongModels
import TestSupport
import Testing
import Training

/// Whole experiments on a few short songs.
@Suite struct ExperimentTests {
  private struct Stop: Error {}

  private let folder: TemporaryFolder
  private let manifest: Manifest

  init() throws {
    folder = try TemporaryFolder()
    try TestSong.writeCollection(kinds: 3, variants: 5, in: folder("music"))
    let dataset = FolderDataset(grouping: .artist, minimum: 2, threads: 2)
    manifest = try dataset.make(from: folder("music"), manifestFolder: folder.url).manifest
  }

  private func configuration(_ featureSets: [FeatureSet]) -> ExperimentConfiguration {
    var training = TrainingOptions(preset: .standard)
    (training.crossEntropyEpochs, training.tripletEpochs) = (2, 1)
    (training.classesPerBatch, training.songsPerClass) = (3, 2)
    var configuration = ExperimentConfiguration(training: training)
    (configuration.repeats, configuration.folds, configuration.featureSets) = (1, 3, featureSets)
    return configuration
  }

  private func run(
    _ name: String, _ configuration: ExperimentConfiguration, restart: Bool = false, threads: Int = 2,
    report: @escaping @Sendable (ExperimentEvent) throws -> Void = { _ in }
  ) throws -> ExperimentResults {
    let experiment = Experiment(configuration, dataset: manifest, folder: folder.url.appending(path: name))
    return try experiment.run(
      cache: LogMelCache(folder: URL(filePath: folder("cache"))), restart: restart, threads: threads, report: report)
  }

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: folder(path))) }

  @Test func everyFeatureSetIsJudgedOnEverySong() throws {
    let sets = FeatureSet.standard.filter { ![.strategy(.random), .strategy(.custom), .strategy(.hard)].contains($0) }
    let results = try run("e", configuration(sets))
    for featureSet in sets {
      let runs = results.results.filter { $0.featureSet == featureSet }
      #expect(runs.compactMap(\.fold) == [0, 1, 2])
      #expect(runs.flatMap(\.answers).map(\.song).sorted() == Array(0..<15), "\(featureSet)")
      #expect(runs.allSatisfy { $0.failure == nil }, "\(featureSet): \(runs.compactMap(\.failure))")
      let hasDistances = ![.chance, .musly].contains(featureSet)
      for answer in runs.flatMap(\.answers) {
        #expect(answer.neighbours.count == (featureSet == .chance ? 0 : 10) && !answer.neighbours.contains(answer.song))
        #expect((answer.euclidean != nil) == hasDistances && (answer.manhattan != nil) == hasDistances)
        // Each class is one artist's.
        #expect(answer.otherArtists == nil)
      }
      #expect((runs[0].hubs != nil) == (featureSet != .chance))
    }
    // Four of fourteen are relevant.
    let chance = try #require(results.mean(of: .chance))
    let expected = QueryMeasures(expectedOfRelevant: 4, among: 14)
    #expect(abs(chance.averagePrecision - expected.averagePrecision) < 1e-12)
    for control in [FeatureSet.musly, .descriptor, .learnedDescriptor] {
      #expect(try #require(results.mean(of: control)).averagePrecision > 0.9, "\(control)")
    }
    #expect(results.maps.map(\.featureSet) == sets.filter { $0 != .chance })
    for map in results.maps {
      #expect(map.songs == Array(0..<15) && map.coordinates.count == 15)
      #expect(Set(map.coordinates).count > 5 && map.coordinates.allSatisfy { $0.x.isFinite && $0.y.isFinite })
      let isFitted = [FeatureSet.lda, .learnedDescriptor, .strategy(.semiHard), .crossEntropy].contains(map.featureSet)
      #expect(map.unseen.count == (isFitted ? 5 : 0))
    }
    let learned = try EmbeddingModel(file: folder("e/runs/repeat-01-fold-2/learned-descriptor/model.safetensors"))
    #expect(learned.dimension == SongDescriptor.count)
    for file in ["run.json", "history.csv", "result.json", "model.safetensors", "vectors.npy", "test.csv"] {
      #expect(FileManager.default.fileExists(atPath: folder("e/runs/repeat-01-fold-2/semi-hard/\(file)")), "\(file)")
    }
  }

  @Test func anInterruptedExperimentEndsTheSame() throws {
    let configuration = configuration([.mfcc, .lda, .strategy(.semiHard), .crossEntropy])
    let whole = try run("whole", configuration)
    for count in [2, 30, 60] {
      let seen = Counter()
      #expect(throws: Stop.self) { try run("parts", configuration) { _ in if seen.next() == count { throw Stop() } } }
    }
    let resumed = try run("parts", configuration, threads: 1)
    #expect(resumed.results == whole.results)
    #expect(resumed.maps == whole.maps)
    let models = ["pretraining", "semi-hard", "cross-entropy"].map { "runs/repeat-01-fold-3/\($0)/model.safetensors" }
    for model in models { #expect(try bytes("parts/\(model)") == bytes("whole/\(model)")) }
    // All is done: nothing is trained again, and the report can be made at once.
    let again = try run("parts", configuration) { event in
      if case .progress = event { Issue.record("it trains again") }
    }
    #expect(again == resumed)
  }

  /// Cross-entropy alone goes on from the last epoch of the pre-training, where there is one, to the very same model.
  @Test(arguments: [1, 20]) func crossEntropyGoesOnFromThePretraining(patience: Int) throws {
    var together = configuration([.strategy(.semiHard), .crossEntropy])
    together.training.patience = patience
    together.convergenceEpochs = 5
    together.drawsMaps = false
    let shared = try run("together", together)
    together.featureSets = [.crossEntropy]
    let alone = try run("alone", together)
    let runs = shared.results.filter { $0.featureSet == .crossEntropy }
    #expect(runs.map(\.history) == alone.results.map(\.history))
    for fold in 1...3 {
      let model = "runs/repeat-01-fold-\(fold)/cross-entropy/model.safetensors"
      #expect(try bytes("together/\(model)") == bytes("alone/\(model)"))
    }
  }

  @Test func moreFeatureSetsAddToWhatIsThere() throws {
    _ = try run("e", configuration([.mfcc, .crossEntropy]))
    let before = try bytes("e/runs/repeat-01-fold-1/cross-entropy/model.safetensors")
    let results = try run("e", configuration([.chance, .mfcc, .strategy(.angular), .crossEntropy]))
    #expect(Set(results.results.map(\.featureSet)) == [.chance, .mfcc, .strategy(.angular), .crossEntropy])
    #expect(try bytes("e/runs/repeat-01-fold-1/cross-entropy/model.safetensors") == before)
    #expect(results.results.last { $0.featureSet == .strategy(.angular) }?.phases == ["cross-entropy", "angular"])
  }

  @Test func otherChoicesInTheSameFolderAreRefused() throws {
    _ = try run("e", configuration([.mfcc]))
    var other = configuration([.mfcc])
    other.training.randomSeed = 2
    let error = try #require(throws: DatasetError.self) { try run("e", other) }
    #expect(error.remedy.contains("--restart"))
    _ = try run("e", other, restart: true)
  }

  @Test func aFolderThatCannotBeMadeIsRefusedBeforeAnyWork() throws {
    try folder.write("a file in the way", to: "blocked")
    let error = try #require(throws: FileError.self) {
      try run("blocked/e", configuration([.mfcc])) { _ in Issue.record("it works in vain") }
    }
    #expect(error.path == folder("blocked") && error.remedy.contains("--output"))
  }

  @Test func songsThatCannotBeHeardAreLeftOutAndNamed() throws {
    let bad = manifest.filePath(of: manifest.songs[3])
    try Data("this is no music".utf8).write(to: URL(filePath: bad))
    var results = try run("e", configuration([.chance, .mfcc]))
    #expect(results.leftOut.map(\.path) == [bad] && results.songs.songs.count == 14)
    // As well when the report is made again.
    results = try run("e", configuration([.chance, .mfcc]))
    #expect(results.leftOut.map(\.path) == [bad])
  }

  /// What test and validation songs sound like changes nothing but where they themselves lie.
  @Test func discriminantsAreFittedToTheTrainingSongsAlone() throws {
    let plan = try ExperimentPlan(configuration([.lda]), songs: manifest)
    let split = plan.splits[0]
    let model = EmbeddingModel.mfcc
    let embedder = try SongEmbedder(model)
    var vectors = try manifest.songs.flatMap { try embedder.embed(file: manifest.filePath(of: $0)).embedding }
    func places() throws -> EmbeddingMatrix {
      try UntrainedSongs(songs: manifest, vectors: [model.identifier: vectors])
        .discriminants(fittedTo: split)
    }
    let before = try places()
    let training = Set(split.parts.training.songs.map(split.parts.training.filePath))
    let others = manifest.songs.indices.filter { !training.contains(manifest.filePath(of: manifest.songs[$0])) }
    #expect(others.count == 10 && before.dimension == 2)
    for song in others { for place in 0..<model.dimension { vectors[song * model.dimension + place] *= -3 } }
    let after = try places()
    for song in manifest.songs.indices {
      #expect((before[song] == after[song]) == !others.contains(song))
    }
  }

  @Test func theDescriptorLearnsFromTheTrainingSongsAlone() throws {
    let split = try ExperimentPlan(configuration([.learnedDescriptor]), songs: manifest).splits[0]
    let count = SongDescriptor.count
    let embedder = try SongEmbedder(.descriptor)
    let whole = try manifest.songs.map { try embedder.embed(file: manifest.filePath(of: $0)).embedding }
    let training = Set(split.parts.training.songs.map(split.parts.training.filePath))
    func model(changing changed: (_ song: Int) -> Bool) throws -> DescriptorModel {
      let vectors = whole.enumerated().flatMap { song, vector in vector.map { changed(song) ? -3 * $0 : $0 } }
      // As halves, the same song twice, and one of them changed a little.
      let halves = whole.enumerated().flatMap { song, vector in
        vector + vector.indices.map { vector[$0] * (changed(song) ? 2 : 1 + 0.1 * Float($0 % 3)) }
      }
      return try UntrainedSongs(
        songs: manifest, vectors: [EmbeddingModel.descriptor.identifier: vectors], halves: halves
      ).learnedDescriptor(fittedTo: split)
    }
    let isTraining = manifest.songs.map { training.contains(manifest.filePath(of: $0)) }
    let learned = try model { _ in false }
    #expect(learned.normalisation.dimension == count && learned.provenance.songs == 5)
    #expect(try model { !isTraining[$0] } == learned)
    #expect(try model { isTraining[$0] } != learned)
  }
}

/// Counts from several threads.
private final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0

  func next() -> Int {
    lock.lock()
    defer { lock.unlock() }
    count += 1
    return count
  }
}
