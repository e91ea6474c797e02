import AudioDecoding
import AudioFeatures
import MetricLearning
import Reproducibility
import Synchronization

/// musly's method *timbre*: a Gaussian of each song's frames, the Jensen–Shannon distance, and mutual proximity over
/// the collection.
enum TimbreDistances {
  /// The part of a song that is heard.
  static let part = AudioPart(
    .middle(seconds: TimbreFrameExtractor.seconds), sampleRate: TimbreFrameExtractor.sampleRate)

  /// The model of one song.
  ///
  /// - Throws: `ModelFittingError` if it has too few frames.
  static func model(of samples: [Float], extractor: TimbreFrameExtractor) throws -> GaussianModel {
    try GaussianModel(
      frames: extractor.frames(of: samples).values, coefficientCount: TimbreFrameExtractor.coefficientCount)
  }

  /// The distances between all songs, scaled by mutual proximity.
  static func matrix(of models: [GaussianModel], threads: Int) -> DistanceMatrix {
    let rows = Mutex([Int: [Float]]())
    Parallel.forEach(count: models.count, threads: threads) { first, _ in
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
    return MutualProximity().rescaled(DistanceMatrix(count: models.count, values: values), countsItself: true)
  }
}
