import AudioFeatures
import AudioFiles
import Datasets
import Evaluation
import Files
import Foundation
import SongModels

extension TrainingRun {
  /// Lets the test songs ask for their class among all songs, and writes the measures to `metrics.json`.
  ///
  /// - Parameter report: is told how many songs are embedded, one call at a time.
  /// - Returns: nil if there are no test songs. `skipped` names the test songs that could not be heard.
  public func judge(
    _ model: PRCNNModel, cache: LogMelCache, threads: Int, report: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws -> Evaluator.Outcome? {
    guard !parts.test.songs.isEmpty else { return nil }
    let vectors = TrainedVectors(model: model, options: options, cache: cache)
    var outcome = try Evaluator(model: .network(model), threads: threads).evaluate(
      queries: parts.test, references: parts.all
    ) { paths in
      try vectors.results(paths, threads: threads) { report($0, paths.count) }
    }
    let judged = Set(parts.test.songs.map(parts.test.filePath))
    // Skipped training and validation songs were reported when they were prepared.
    outcome.skipped.removeAll { !judged.contains($0.path) }
    try FileError.write(
      Data(JSON.text(outcome.metrics, pretty: true).utf8), to: metricsFile, remedy: Self.remedyForFullDisk)
    return outcome
  }
}

/// Embeds songs with a network that was just trained, from the log-mels that its training kept.
package struct TrainedVectors {
  private let model: PRCNNModel
  private let options: TrainingOptions
  private let cache: LogMelCache

  /// Embeds with the model of a training.
  package init(model: PRCNNModel, options: TrainingOptions, cache: LogMelCache) {
    (self.model, self.options, self.cache) = (model, options, cache)
  }

  /// The vector of each file, in the order of the paths. A model that averages several excerpts of a song decodes the
  /// files, since these excerpts are not in the cache.
  ///
  /// - Parameter progress: is told after each file how many are done; it may throw to stop.
  package func results(
    _ paths: [String], threads: Int, progress: (_ done: Int) throws -> Void
  ) throws -> [Result<[Float], any Error>] {
    let logMels = CachedLogMels(input: try options.input, network: model.network.configuration, cache: cache)
    let listening = try SongListening(threads: threads) {
      (embedder: try SongEmbedder(.network(model)), extractor: try logMels.makeExtractor())
    }
    return try listening.results(paths, progress: progress) { path, worker in
      guard model.excerpts == .middle else { return try worker.embedder.embed(file: path).embedding }
      let spectrogram = try logMels.spectrogram(of: path, extractor: worker.extractor)
      return try worker.embedder.embedding(of: spectrogram, path: path)
    }
  }
}
