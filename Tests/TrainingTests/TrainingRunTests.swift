import AudioFeatures
import Datasets
import Files
import Foundation
import MetricLearning
import NeuralNetwork
import Reproducibility
import SongModels
import TestSupport
import Testing
import Training

/// Trainings of the real network on a few short songs.
@Suite struct TrainingRunTests {
  private struct Stop: Error {}

  private let folder: TemporaryFolder
  private let parts: DatasetParts

  init() throws {
    folder = try TemporaryFolder()
    try TestSong.writeCollection(kinds: 3, variants: 5, in: folder("music"))
    let dataset = FolderDataset(grouping: .artist, minimum: 2, threads: 2)
    let manifest = try dataset.make(from: folder("music"), manifestFolder: folder.url).manifest
    parts = try DatasetParts(splitting: manifest, randomSeed: 1)
  }

  private var options: TrainingOptions {
    var options = TrainingOptions(preset: .standard)
    (options.crossEntropyEpochs, options.tripletEpochs) = (2, 2)
    (options.classesPerBatch, options.songsPerClass) = (3, 2)
    return options
  }

  private func train(
    _ name: String, options: TrainingOptions? = nil, parts: DatasetParts? = nil, restart: Bool = false,
    threads: Int = 2, cache: String = "cache", report: (TrainingEvent) throws -> Void = { _ in }
  ) throws -> TrainingRun.Result {
    let run = TrainingRun(
      options: options ?? self.options, parts: parts ?? self.parts, folder: URL(filePath: folder(name)))
    return try run.train(
      cache: LogMelCache(folder: URL(filePath: folder(cache))), restart: restart, threads: threads, report: report)
  }

  private func model(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: folder("\(name)/model.safetensors")))
  }

  @Test func threadsDoNotChangeTheModel() throws {
    for threads in 1...3 { _ = try train("run \(threads)", threads: threads, cache: "cache \(threads)") }
    let first = try model("run 1")
    #expect(try model("run 2") == first)
    #expect(try model("run 3") == first)
    var other = options
    other.randomSeed = 2
    _ = try train("run 4", options: other)
    #expect(try model("run 4") != first)
  }

  /// Stops after so many events that are batches, or epochs, or slices of the preparation.
  @Test(arguments: [
    ("preparing", 1), ("batch", 1), ("batch", 2), ("epoch", 1), ("epoch", 2), ("epoch", 3), ("epoch", 4),
  ])
  func anInterruptedTrainingEndsWithTheSameModel(kind: String, count: Int) throws {
    _ = try train("whole")
    var seen = 0
    #expect(throws: Stop.self) {
      try train("interrupted") { event in
        let name =
          switch event {
          case .preparing: "preparing"
          case .progress: "batch"
          case .epoch: "epoch"
          default: ""
          }
        if name == kind { seen += 1 }
        if seen == count { throw Stop() }
      }
    }
    #expect(!FileManager.default.fileExists(atPath: folder("interrupted/model.safetensors")))
    var resumedAt: Int?
    let result = try train("interrupted", threads: 1) { if case .resumed(let epochs) = $0 { resumedAt = epochs } }
    #expect(resumedAt == (kind == "epoch" ? count : nil))
    #expect(result.history.count == 4)
    #expect(try model("interrupted") == model("whole"))
    for file in ["history.csv", "run.json", "training.csv"] {
      #expect(
        try Data(contentsOf: URL(filePath: folder("interrupted/\(file)")))
          == Data(contentsOf: URL(filePath: folder("whole/\(file)"))))
    }
  }

  @Test func aFinishedTrainingIsNotRepeated() throws {
    _ = try train("run")
    let first = try model("run")
    var batches = 0
    let result = try train("run") { if case .progress = $0 { batches += 1 } }
    #expect(batches == 0 && result.history.count == 4)
    #expect(try model("run") == first)
    _ = try train("run", restart: true) { if case .progress = $0 { batches += 1 } }
    #expect(batches > 0)
    #expect(try model("run") == first)
  }

  @Test func otherChoicesOrSongsInTheSameFolderAreRefused() throws {
    _ = try train("run")
    let first = try model("run")
    var other = options
    other.margin = 0.5
    let error = try #require(throws: DatasetError.self) { try train("run", options: other) }
    #expect(error.path == folder("run") && error.remedy.contains("--restart") && error.remedy.contains("--output"))
    var fewer = parts
    fewer.training.songs.removeLast()
    #expect(throws: DatasetError.self) { try train("run", parts: fewer) }
    try FileManager.default.removeItem(atPath: folder("run/run.json"))
    #expect(throws: DatasetError.self) { try train("run") }
    #expect(try model("run") == first)
    _ = try train("run", options: other, restart: true)
    #expect(try model("run") != first)
  }

  @Test func damagedCheckpointsAreRefused() throws {
    _ = try train("run")
    let file = URL(filePath: folder("run/checkpoint.safetensors"))
    let good = try Data(contentsOf: file)
    var generator = SeededGenerator(seed: 1)
    var damaged = (0..<20).map { _ in
      var data = good
      data[Int.random(in: 0..<good.count, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator)
      return data
    }
    damaged += [Data(), good.prefix(7), good.prefix(1000), good.dropLast(4), Data("{}".utf8)]
    for data in damaged {
      try data.write(to: file)
      let error = try #require(throws: DatasetError.self) { try train("run") }
      #expect(error.remedy.contains("--restart"))
    }
    try good.write(to: file)
    _ = try train("run")
  }

  @Test func undecodableSongsAreNamedAndLeftOut() throws {
    let bad = parts.training.filePath(of: parts.training.songs[1])
    try Data("this is no music".utf8).write(to: URL(filePath: bad))
    let gone = parts.validation.filePath(of: parts.validation.songs[0])
    try FileManager.default.removeItem(atPath: gone)
    var skipped: [String: String] = [:]
    let result = try train("run") { if case .skipped(let path, let reason) = $0 { skipped[path] = reason } }
    #expect(Set(skipped.keys) == [bad, gone])
    #expect(try #require(skipped[gone]).contains("No such file"))
    #expect(result.skippedSongs == 2)
    #expect(result.model.provenance.trainingSongs == parts.training.songs.count - 1)
  }

  @Test func writesDownWhichSongWentWhere() throws {
    _ = try train("run")
    let written = try ["training", "validation", "test"].map {
      try Manifest(contentsOf: URL(filePath: folder("run/\($0).csv")))
    }
    let paths = written.flatMap { $0.songs.map(\.path) }
    #expect(paths.count == 15 && Set(paths).count == 15)
    #expect(paths.allSatisfy { $0.hasPrefix(folder("music/")) })
    #expect(
      written.map(\.classNames) == [["Artist 0", "Artist 1", "Artist 2"]] + written.dropFirst().map(\.classNames))
    #expect(written.map(\.songs.count) == [parts.training, parts.validation, parts.test].map(\.songs.count))
  }

  @Test func theCacheIsReadAndMadeAnew() throws {
    _ = try train("run")
    let first = try model("run")
    let entries = try FileManager.default.subpathsOfDirectory(atPath: folder("cache")).filter { $0.hasSuffix(".npy") }
    #expect(entries.count == parts.training.songs.count + parts.validation.songs.count)
    try Data("damaged".utf8).write(to: URL(filePath: folder("cache/\(entries[0])")))
    try Data().write(to: URL(filePath: folder("cache/\(entries[1])")))
    _ = try train("run", restart: true)
    #expect(try model("run") == first)
    // A changed song is another song.
    try TestSong(kind: 2, variant: 9).write(to: parts.training.filePath(of: parts.training.songs[0]))
    _ = try train("run", restart: true)
    #expect(try model("run") != first)
  }

  @Test func aCacheThatCannotBeWrittenStopsTheTraining() throws {
    try folder.write("a file in the way", to: "blocked")
    let error = try #require(throws: FileError.self) { try train("run", cache: "blocked") }
    #expect(error.path.hasPrefix(folder("blocked")) && error.remedy.contains("--cache"))
  }

  @Test func randomExcerptsOfLongerSongs() throws {
    for song in parts.training.songs {
      try TestSong(kind: 1, variant: 3, seconds: 31).write(to: parts.training.filePath(of: song))
    }
    var options = options
    options.hopLength = 512
    (options.crossEntropyEpochs, options.tripletEpochs, options.cropSeconds) = (1, 0, 30)
    _ = try train("cropped", options: options)
    _ = try train("cropped again", options: options, threads: 3)
    #expect(try model("cropped") == model("cropped again"))
    options.cropSeconds = nil
    _ = try train("middle", options: options)
    #expect(try model("cropped") != model("middle"))
  }

  @Test func thePaperPresetRuns() throws {
    var options = TrainingOptions(preset: .paper)
    (options.crossEntropyEpochs, options.tripletEpochs) = (1, 1)
    let result = try train("paper", options: options)
    let model = result.model
    #expect(model.features.hopLength == 512)
    #expect(model.standardisation == .identity(bands: 128))
    #expect(model.provenance.preset == "paper")
    #expect(result.history.map(\.phase) == [0, 1])
  }

  @Test(arguments: [
    LearningStrategy.random, .custom, .hard, .contrastive, .angular, .supervisedContrastive, nil,
  ])
  func everyStrategyRuns(strategy: LearningStrategy?) throws {
    var options = options
    options.strategy = strategy
    (options.crossEntropyEpochs, options.tripletEpochs) = (1, 1)
    let result = try train("run", options: options)
    #expect(result.history.count == (strategy == nil ? 1 : 2))
    #expect(result.history.last?.loss != nil)
  }

  @Test func theSizeOfTheEmbeddingAndTheExcerptsAreTheModels() throws {
    var options = options
    (options.crossEntropyEpochs, options.tripletEpochs) = (1, 0)
    (options.embeddingDimension, options.excerptCount) = (7, 3)
    let model = try train("run", options: options).model
    #expect(model.network.configuration.embeddingDimension == 7 && model.excerpts == Excerpts(count: 3))
    #expect(try EmbeddingModel(file: folder("run/model.safetensors")).dimension == 7)
  }

  @Test func tooFewClassesSayWhatIsMissing() throws {
    var one = parts
    one.training.songs.removeAll { $0.className != "Artist 0" }
    let error = try #require(throws: DatasetError.self) { try train("run", parts: one) }
    #expect(error.reason.contains("1 class"))
    #expect(error.remedy.contains("two classes"))
  }

  @Test func aTrainingThatDivergesLeavesNoModel() throws {
    var options = options
    options.optimiser = .sgd(learningRate: 1e30)
    options.patience = 50
    let error = try #require(throws: DatasetError.self) { try train("run", options: options) }
    #expect(error.remedy.contains("--learning-rate"))
    #expect(!FileManager.default.fileExists(atPath: folder("run/model.safetensors")))
  }
}
