import AudioFeatures
import AudioFiles
import Datasets
import SongModels
import Training

/// All songs as models hear them.
struct SongVectors {
  let listening: SongListening

  init(paths: [String], threads: Int) { listening = SongListening(paths: paths, threads: threads) }

  /// The vectors of a model, row by row.
  ///
  /// - Parameter check: is told how many songs have been heard; throw from it to stop.
  func vectors(of model: EmbeddingModel, check: (_ done: Int) throws -> Void) throws -> [Float] {
    let results = try listening.results(worker: { try SongEmbedder(model) }, check: check) { path, embedder in
      try embedder.embed(file: path).embedding
    }
    return try heard(results).flatMap { $0 }
  }

  /// The descriptors of each song's halves, the two beside each other.
  ///
  /// - Parameter check: is told how many songs have been heard; throw from it to stop.
  func descriptorsOfHalves(check: (_ done: Int) throws -> Void) throws -> [Float] {
    let results = try listening.results(worker: { try SongDescriptorExtractor() }, check: check) { path, extractor in
      DescribedSong.halves(of: try DescribedSong.samples(ofFile: path), extractor)
    }
    return try heard(results).flatMap { $0.flatMap { $0 } }
  }

  /// What was made of songs that could be heard when the experiment began.
  func heard<Value>(_ results: [Result<Value, any Error>]) throws -> [Value] {
    try zip(listening.paths, results).map { path, result in
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
  }
}
