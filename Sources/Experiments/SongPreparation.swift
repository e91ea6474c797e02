import AudioFeatures
import AudioFiles
import Datasets
import Files
import Foundation
import MetricLearning
import SongModels
import Training

/// Listens to each song of an experiment once, before anything is trained, and keeps its features in the folder. Every
/// feature set is judged on the same songs: a song takes no part at all if one feature set cannot be made of it.
struct SongPreparation {
  let configuration: ExperimentConfiguration
  let cache: LogMelCache
  let folder: ExperimentFolder
  let threads: Int
  let report: (ExperimentEvent) throws -> Void

  /// The songs of a dataset that can be used.
  struct Choice {
    var songs: Manifest
    var leftOut: [LeftOutSong]
    /// The features of each of these songs.
    fileprivate var features: [SongFeatures]
  }

  // MARK: - At the first start

  /// Listens to a dataset's songs and chooses those that can be used, in the dataset's order.
  func choose(from manifest: Manifest) throws -> Choice {
    var leftOut: [LeftOutSong] = []
    func leaveOut(_ song: Manifest.Song, _ cause: LeftOutSong.Cause, _ reason: String) throws {
      leftOut.append(LeftOutSong(path: manifest.filePath(of: song), cause: cause, reason: reason))
      try report(.leftOut(leftOut[leftOut.count - 1]))
    }
    let labelled = manifest.songs.filter { !$0.className.isEmpty }
    for song in manifest.songs where song.className.isEmpty { try leaveOut(song, .withoutClass, "it has no class") }
    let request = try SongFeatures.Request(configuration, cache: cache)
    var heard: [(song: Manifest.Song, features: SongFeatures)] = []
    for (song, result) in zip(labelled, try listen(to: labelled.map(manifest.filePath), for: request)) {
      switch result {
      case .success(let features): heard.append((song, features))
      case .failure(let error): try leaveOut(song, .unusable, error.reasonToSkip)
      }
    }
    let sizes = Dictionary(grouping: heard, by: \.song.className).mapValues(\.count)
    let least = ExperimentConfiguration.minimumSongsPerClass
    var choice = Choice(songs: manifest.selecting([]), leftOut: [], features: [])
    for (song, features) in heard {
      let size = sizes[song.className] ?? 0
      if size < least {
        try leaveOut(
          song, .smallClass,
          "its class \(song.className) has \(size) of the \(least) songs that are needed to learn, to stop and to ask"
        )
      } else {
        choice.songs.songs.append(song)
        choice.features.append(features)
      }
    }
    choice.leftOut = leftOut
    try check(choice.songs)
    return choice
  }

  /// Keeps the features of the chosen songs.
  func keep(_ choice: Choice) throws {
    try keep(choice.features, for: try SongFeatures.Request(configuration, cache: cache))
  }

  private func check(_ songs: Manifest) throws(DatasetError) {
    guard songs.classNames.count < 2 else { return }
    throw DatasetError(
      path: songs.folder.path,
      reason: "\(songs.songs.count) songs in \(songs.classNames.count) classes are too few to compare",
      remedy: "Give at least two classes of three songs each; eight classes of ten are a good start.")
  }

  // MARK: - At every start

  /// The features of the chosen songs: those that were kept, and newly made ones for feature sets that were added
  /// later.
  func untrainedSongs(_ songs: Manifest) throws -> UntrainedSongs {
    let count = songs.songs.count
    var missing = try SongFeatures.Request(configuration, cache: cache)
    // Trainings make log-mels that are missing themselves.
    missing.logMels = nil
    try missing.models.removeAll { try folder.hasVectors(in: folder.vectorsFile(of: $0), count: count, $0.dimension) }
    missing.halves =
      try missing.halves && !folder.hasVectors(in: folder.halvesFile, count: count, 2 * SongDescriptor.count)
    missing.timbre = try missing.timbre && !folder.hasVectors(in: folder.distancesFile, count: count, count)
    if !missing.isEmpty {
      let paths = songs.songs.map(songs.filePath)
      try keep(zip(paths, listen(to: paths, for: missing)).map(Self.features), for: missing)
    }
    return try stored(songs)
  }

  /// The features of a song that could be heard when the experiment began.
  static func features<Value>(_ path: String, _ result: Result<Value, any Error>) throws -> Value {
    do {
      return try result.get()
    } catch let error as ModelError {
      throw error
    } catch {
      throw DatasetError(
        path: path, reason: "it can no longer be used: \(error.reasonToSkip)",
        remedy: "Bring it back, or begin again with --restart.")
    }
  }

  private func listen(
    to paths: [String], for request: SongFeatures.Request
  ) throws -> [Result<SongFeatures, any Error>] {
    var results: [Result<SongFeatures, any Error>] = []
    try report(.preparing(done: 0, of: paths.count))
    try SongListening(threads: threads) { try SongFeatureExtractor(request) }.run(
      paths, progress: { try report(.preparing(done: $0, of: paths.count)) },
      make: { path, extractor in try extractor.features(ofFile: path) },
      finish: { _, result in
        // On a full disk every later song would fail too.
        if case .failure(let error as FileError) = result { throw error }
        results.append(result)
      })
    return results
  }

  private func keep(_ features: [SongFeatures], for request: SongFeatures.Request) throws {
    for model in request.models {
      let vectors = features.flatMap { $0.vectors[model.identifier] ?? [] }
      try folder.write(vectors, dimension: model.dimension, to: folder.vectorsFile(of: model))
    }
    if request.halves {
      try folder.write(
        features.flatMap { $0.halves ?? [] }, dimension: 2 * SongDescriptor.count, to: folder.halvesFile)
    }
    if request.timbre {
      let distances = TimbreDistances.matrix(of: features.compactMap(\.timbre), threads: threads)
      try folder.write(distances.values, dimension: features.count, to: folder.distancesFile)
    }
  }

  private func stored(_ songs: Manifest) throws -> UntrainedSongs {
    let count = songs.songs.count
    func values(_ file: URL, dimension: Int) throws -> [Float] {
      guard let values = try folder.vectors(in: file, count: count, dimension: dimension) else {
        preconditionFailure("\(file.path) was not written")
      }
      return values
    }
    var vectors: [String: [Float]] = [:]
    for model in configuration.builtInModels {
      vectors[model.identifier] = try values(folder.vectorsFile(of: model), dimension: model.dimension)
    }
    let featureSets = configuration.featureSets
    return UntrainedSongs(
      songs: songs, vectors: vectors,
      halves: featureSets.contains(.learnedDescriptor)
        ? try values(folder.halvesFile, dimension: 2 * SongDescriptor.count) : nil,
      distances: featureSets.contains(.musly)
        ? DistanceMatrix(count: count, values: try values(folder.distancesFile, dimension: count)) : nil)
  }
}
