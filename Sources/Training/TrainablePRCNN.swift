import AudioDecoding
import AudioFeatures
import Foundation
import MetricLearning
import NeuralNetwork
import Reproducibility
import SongModels
import Synchronization

/// A PRCNN in training, with its songs, whose log-mels stream from the disk cache into the network.
final class TrainablePRCNN: TrainableNetwork {
  var parameters: [Float]
  let network: PRCNN
  let standardisation: InputStandardisation
  var classCount: Int { network.classCount ?? 0 }

  private let paths: [String]
  private let logMels: CachedLogMels
  private let threads: Int
  private let trainingPass: PRCNNPass
  private let embeddingPass: PRCNNPass
  private let extractors: [LogMelExtractor]
  private var songsInBatch = 0

  /// Songs are known by their index in `paths`, all of which are in the cache.
  init(
    network: PRCNN, parameters: [Float], standardisation: InputStandardisation, paths: [String],
    logMels: CachedLogMels, batchSize: Int, threads: Int
  ) throws {
    self.network = network
    self.parameters = parameters
    self.standardisation = standardisation
    self.paths = paths
    self.logMels = logMels
    self.threads = threads
    trainingPass = PRCNNPass(network, capacity: batchSize, isTraining: true, threads: threads)
    embeddingPass = PRCNNPass(network.finished, capacity: batchSize, isTraining: false, threads: threads)
    extractors = try (0..<threads).map { _ in try logMels.makeExtractor() }
  }

  func forward(
    songs: [Int], using generator: inout SeededGenerator
  ) throws -> (embeddings: EmbeddingMatrix, logits: [Float]) {
    // Drawn here and in order, so that the result does not depend on the threads that load the songs.
    let excerpts = songs.map { _ -> Excerpt in
      guard logMels.input.cropSeconds != nil else { return .middle }
      let position = generator.uniform()
      return .random(position: position, seed: logMels.input.augmentation == nil ? 0 : generator.next())
    }
    try load(songs, excerpts: excerpts, into: trainingPass)
    trainingPass.forward(songs: songs.count, parameters: parameters)
    for (layer, statistics) in zip(network.normalisations, trainingPass.batchStatistics) {
      layer.normalisation.updateRunningStatistics(with: statistics, in: &parameters)
    }
    songsInBatch = songs.count
    let logits = UnsafeBufferPointer(start: trainingPass.logits.pointer, count: songs.count * classCount)
    return (embeddings(of: trainingPass, songs: songs.count), Array(logits))
  }

  func backward(embeddingGradient: [Float]?, logitGradient: [Float]?) -> [Float] {
    trainingPass.backward(
      songs: songsInBatch, parameters: parameters, embeddingGradient: embeddingGradient, logitGradient: logitGradient)
  }

  func embed(songs: [Int]) throws -> EmbeddingMatrix {
    var values: [Float] = []
    let parameters = network.folded(parameters)
    for start in stride(from: 0, to: songs.count, by: embeddingPass.capacity) {
      let batch = Array(songs[start..<min(songs.count, start + embeddingPass.capacity)])
      try load(batch, excerpts: batch.map { _ in .middle }, into: embeddingPass)
      embeddingPass.forward(songs: batch.count, parameters: parameters)
      values += embeddings(of: embeddingPass, songs: batch.count).values
    }
    return EmbeddingMatrix(
      count: songs.count, dimension: network.configuration.embeddingDimension, values: values)
  }

  private func embeddings(of pass: PRCNNPass, songs: Int) -> EmbeddingMatrix {
    let dimension = network.configuration.embeddingDimension
    return EmbeddingMatrix(
      count: songs, dimension: dimension,
      values: Array(UnsafeBufferPointer(start: pass.embeddings.pointer, count: songs * dimension)))
  }

  /// The excerpt of a song that the network hears; `seed` is that of its random changes.
  private enum Excerpt {
    case middle
    case random(position: Double, seed: UInt64)
  }

  /// Loads excerpts in parallel.
  private func load(_ songs: [Int], excerpts: [Excerpt], into pass: PRCNNPass) throws {
    let failure = Mutex<(any Error)?>(nil)
    Parallel.forEach(count: songs.count, threads: threads) { index, worker in
      do {
        let spectrogram = try logMels.spectrogram(of: paths[songs[index]], extractor: extractors[worker])
        standardisation.write(decibels(of: excerpts[index], in: spectrogram), to: pass.input(index))
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  private func decibels(of excerpt: Excerpt, in song: LogMelSpectrogram) -> [Float] {
    let frameCount = network.configuration.frameCount
    switch excerpt {
    case .middle:
      return song.middleExcerpt(frameCount: frameCount).decibels
    case .random(let position, let seed):
      if let augmentation = logMels.input.augmentation {
        var generator = SeededGenerator(seed: seed)
        return augmentation.excerpt(of: song, frameCount: frameCount, position: position, using: &generator)
      }
      let starts = max(1, song.frameCount - frameCount + 1)
      return song.excerpt(startingAt: Int(position * Double(starts)), frameCount: frameCount).decibels
    }
  }
}
