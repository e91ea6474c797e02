import AudioDecoding
import AudioFeatures
import AudioFiles
import Foundation
import MetricLearning
import Reproducibility
import Synchronization

/// How musly's method *timbre* compares songs: a Gaussian of each song's frames, the Jensen–Shannon distance, and mutual
/// proximity over the collection.
struct TimbreDistances {
  let songs: SongVectors

  /// The model of one song.
  ///
  /// - Throws: `AudioDecodingError`, or `ModelFittingError` where a song has too few frames.
  static func model(ofFile path: String, extractor: TimbreFrameExtractor) throws -> GaussianModel {
    let audio = try AudioDecoder.decode(
      file: path, excerpt: .middle(seconds: TimbreFrameExtractor.seconds), sampleRate: TimbreFrameExtractor.sampleRate)
    return try GaussianModel(
      frames: extractor.frames(of: audio.samples).values, coefficientCount: TimbreFrameExtractor.coefficientCount)
  }

  /// The distances between all songs, in the order of the paths.
  ///
  /// - Parameter check: is told how many songs have been heard; throw from it to stop.
  func matrix(check: (_ done: Int) throws -> Void) throws -> DistanceMatrix {
    let results = try songs.listening.results(worker: { try TimbreFrameExtractor() }, check: check) { path, extractor in
      try Self.model(ofFile: path, extractor: extractor)
    }
    let models = try songs.heard(results)
    return MutualProximity().rescaled(distances(models), countsItself: true)
  }

  private func distances(_ models: [GaussianModel]) -> DistanceMatrix {
    let rows = Mutex([Int: [Float]]())
    Parallel.forEach(count: models.count, threads: songs.listening.threads) { first, _ in
      let row = (0..<first).map { models[first].jensenShannonDistance(to: models[$0]) }
      rows.withLock { $0[first] = row }
    }
    var values = [Float](repeating: 0, count: models.count * models.count)
    for (first, row) in rows.withLock({ $0 }) {
      for (second, distance) in row.enumerated() {
        values[first * models.count + second] = distance
        values[second * models.count + first] = distance
      }
    }
    return DistanceMatrix(count: models.count, values: values)
  }
}
