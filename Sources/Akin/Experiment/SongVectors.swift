import Foundation
import NeuralNetwork
import Synchronization

/// All songs as models hear them.
struct SongVectors {
  let paths: [String]
  let threads: Int

  /// Songs of a slice, for each thread.
  static let slice = 16

  /// The vectors of a model, row by row.
  ///
  /// - Parameter check: is called before each slice of songs; throw from it to stop.
  func vectors(of model: EmbeddingModel, check: () throws -> Void) throws -> [Float] {
    let embedders = try (0..<threads).map { _ in try SongEmbedder(model) }
    let results = Mutex([Int: Result<[Float], any Error>]())
    let slice = Self.slice * threads
    for start in stride(from: 0, to: paths.count, by: slice) {
      try check()
      Parallel.forEach(count: min(slice, paths.count - start), threads: threads) { offset, worker in
        let result = Result { try embedders[worker].embed(file: paths[start + offset]).embedding }
        results.withLock { $0[start + offset] = result }
      }
    }
    return try results.withLock { results in
      try paths.indices.flatMap { index in
        guard let result = results[index] else { preconditionFailure("song \(index) was not heard") }
        return try Self.heard(paths[index], result)
      }
    }
  }

  /// What was made of a song that could be heard when the experiment began.
  static func heard<Value>(_ path: String, _ result: Result<Value, any Error>) throws -> Value {
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
