import AudioFeatures
import AudioFiles
import Datasets
import Files
import Foundation
import Reproducibility
import SongModels
import Synchronization
import Training

/// Listens to all songs once, so that every feature set is judged on the same ones: log-mels go to the cache, and a
/// song that one of the feature sets cannot hear takes no part at all.
struct SongPreparation {
  let configuration: ExperimentConfiguration
  let cache: LogMelCache
  let threads: Int

  struct Result {
    var songs: Manifest
    var leftOut: [LeftOutSong]
  }

  /// The songs of the dataset that can be used, in its order.
  func prepare(_ manifest: Manifest, report: (ExperimentEvent) throws -> Void) throws -> Result {
    var leftOut: [LeftOutSong] = []
    func leaveOut(_ song: Manifest.Song, _ cause: LeftOutSong.Cause, _ reason: String) throws {
      let path = manifest.filePath(of: song)
      leftOut.append(LeftOutSong(path: path, cause: cause, reason: reason))
      try report(.leftOut(leftOut[leftOut.count - 1]))
    }
    var kept: [Manifest.Song] = []
    let labelled = manifest.songs.filter { !$0.className.isEmpty }
    for song in manifest.songs where song.className.isEmpty { try leaveOut(song, .withoutClass, "it has no class") }
    for (song, failure) in zip(labelled, try failures(of: labelled.map(manifest.filePath), report: report)) {
      if let failure { try leaveOut(song, .unusable, failure) } else { kept.append(song) }
    }
    let sizes = Dictionary(grouping: kept, by: \.className).mapValues(\.count)
    var result = manifest
    result.songs = []
    for song in kept {
      let size = sizes[song.className] ?? 0
      if size < ExperimentConfiguration.leastSongsOfClass {
        try leaveOut(
          song, .smallClass,
          "its class \(song.className) has only \(size) of the \(ExperimentConfiguration.leastSongsOfClass) songs "
            + "that it takes to learn, to stop and to ask")
      } else {
        result.songs.append(song)
      }
    }
    guard result.classNames.count >= 2 else {
      throw DatasetError(
        path: manifest.folder.path,
        reason: "\(result.songs.count) songs in \(result.classNames.count) classes are too few to compare anything",
        remedy: "Give at least two classes of three songs each; eight classes of ten are a good start.")
    }
    return Result(songs: result, leftOut: leftOut)
  }

  /// Why each file cannot be heard; nil where it can.
  private func failures(of paths: [String], report: (ExperimentEvent) throws -> Void) throws -> [String?] {
    let features = try LogMelConfiguration(hopLength: configuration.training.hopLength)
    let input = InputConfiguration(features: features, cropSeconds: configuration.training.cropSeconds)
    let frames = input.cachedFrames(excerpt: PRCNNConfiguration().frameCount)
    let isTrained = configuration.featureSets.contains(where: \.isTrained)
    let extractors = try (0..<threads).map { _ in try LogMelExtractor(configuration: features) }
    let needsTimbre = configuration.featureSets.contains(.musly)
    let timbres = try (0..<threads).map { _ in needsTimbre ? try TimbreFrameExtractor() : nil }
    let embedders = try (0..<threads).map { _ in
      try configuration.builtInModels.map { try SongEmbedder($0) }
    }
    let failures = Mutex<[Int: any Error]>([:])
    // In slices, so that progress is told, and a wish to stop heard, on the calling thread.
    let slice = 8 * threads
    for start in stride(from: 0, to: paths.count, by: slice) {
      try report(.preparing(done: start, of: paths.count))
      Parallel.forEach(count: min(slice, paths.count - start), threads: threads) { offset, worker in
        let path = paths[start + offset]
        do {
          if isTrained { _ = try cache.spectrogram(file: path, frameCount: frames, extractor: extractors[worker]) }
          for embedder in embedders[worker] { _ = try embedder.embed(file: path) }
          if let timbre = timbres[worker] { _ = try TimbreDistances.model(ofFile: path, extractor: timbre) }
        } catch {
          failures.withLock { $0[start + offset] = error }
        }
      }
      // A full disk would fail every song that follows.
      if let error = failures.withLock({ $0.values.first { $0 is FileError } }) { throw error }
    }
    try report(.preparing(done: paths.count, of: paths.count))
    return failures.withLock { failures in paths.indices.map { failures[$0]?.reasonToSkip } }
  }
}
