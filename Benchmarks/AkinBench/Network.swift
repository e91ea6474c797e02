import ArgumentParser
import AudioFeatures
import Foundation
import MetricLearning
import NeuralNetwork
import Reproducibility
import SongModels

/// Which weights, on which songs.
struct NetworkOptions: ParsableArguments {
  @Option(help: "The weights.")
  var model: String

  @Option(help: "Log-mels of songs as .npy, songs × frames × bands, class after class.")
  var logMels: String

  @Option(help: "Songs at a time.")
  var batch = 32

  @OptionGroup var measuring: MeasuringOptions
}

/// A network with songs in memory.
private struct Workload {
  let model: PRCNNModel
  let songs: [[Float]]
  let options: NetworkOptions

  init(_ options: NetworkOptions) throws {
    self.options = options
    let data = try Data(contentsOf: URL(filePath: options.model))
    model = try PRCNNModel(data: data, name: options.model)
    let array = try NumPyArray(contentsOf: URL(filePath: options.logMels))
    let size = model.network.inputCount
    songs = (0..<array.values.count / size).map { Array(array.values[$0 * size..<($0 + 1) * size]) }
  }

  /// Standardises songs into the network's input, as training does.
  func load(_ batch: [Int], into pass: PRCNNPass) {
    Parallel.forEach(count: batch.count, threads: options.measuring.threads) { place, _ in
      model.standardisation.write(songs[batch[place]], to: pass.input(place))
    }
  }

  /// Seconds for a song at the processor's peak of multiply-adds.
  func limit(operations: Double) throws {
    try Measurement(seconds: operations / MachineLimits.multiplyAdds(threads: options.measuring.threads)).print()
  }
}

extension PRCNNConfiguration {
  /// Floating-point operations for one song (a multiply-add is two) in the products alone: convolutions at the
  /// positions that a pool looks at, recurrence, dense layer.
  var forwardOperations: Double {
    2 * Double(convolutionProducts { _, pool in pool.frames * pool.bands } + sequenceProducts + denseProducts)
  }

  /// The same backward: through the winners of each pool only, for the weights and, except in the first layer, the
  /// inputs.
  var backwardOperations: Double {
    2 * Double(convolutionProducts { channels, _ in channels == 1 ? 1 : 2 } + 2 * sequenceProducts + 2 * denseProducts)
  }

  /// The sum over the convolutions of outputs × 3 × input channels × `times`.
  private func convolutionProducts(times: (_ channels: Int, Pool) -> Int) -> Int {
    var (total, channels) = (0, 1)
    for (layer, (filters, pool)) in zip(filters, pools).enumerated() {
      total += outputCount(ofLayer: layer) * 3 * channels * times(channels, pool)
      channels = filters
    }
    return total
  }

  private func outputCount(ofLayer layer: Int) -> Int {
    var (frames, bands) = (frameCount, melBandCount)
    for pool in pools[...layer] { (frames, bands) = ((frames - 2) / pool.frames, bands / pool.bands) }
    return frames * bands * filters[layer]
  }

  private var sequenceProducts: Int {
    let (steps, bands) = (frameCount / sequencePool.frames, melBandCount / sequencePool.bands)
    return steps * (bands * sequenceWidth + 2 * 3 * recurrentUnits * (sequenceWidth + recurrentUnits))
  }

  private var denseProducts: Int {
    (outputCount(ofLayer: filters.count - 1) + 2 * recurrentUnits) * embeddingDimension
  }
}

/// A training step: forward, semi-hard triplets, backward, SGD.
struct Training: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "A training step, for one song of the batch.")

  @OptionGroup var options: NetworkOptions

  func run() throws {
    let work = try Workload(options)
    let configuration = work.model.network.configuration
    if options.measuring.limit {
      return try work.limit(operations: configuration.forwardOperations + configuration.backwardOperations)
    }
    let classCount = 8
    let labels = work.songs.indices.map { $0 * classCount / work.songs.count }
    let sampler = ClassBalancedSampler(
      labels: labels, classesPerBatch: classCount, songsPerClass: options.batch / classCount)
    let pass = PRCNNPass(
      work.model.network, capacity: options.batch, isTraining: true, threads: options.measuring.threads)
    var generator = SeededGenerator(seed: 1)
    var parameters = work.model.parameters
    var state = Optimiser.State()
    let dimension = configuration.embeddingDimension
    var batches: [[Int]] = []
    let loss = TripletMarginLoss(margin: 1, reduction: .sum)
    try Measurement.repeating(items: options.batch, options: options.measuring) {
      if batches.isEmpty { batches = sampler.batches(using: &generator) }
      let batch = batches.removeLast()
      work.load(batch, into: pass)
      pass.forward(songs: batch.count, parameters: parameters)
      let embeddings = EmbeddingMatrix(
        count: batch.count, dimension: dimension,
        values: Array(UnsafeBufferPointer(start: pass.embeddings.pointer, count: batch.count * dimension)))
      let triplets = TripletMiner.semiHard.triplets(
        distances: SquaredEuclideanDistance().matrix(of: embeddings), labels: batch.map { labels[$0] }, margin: 1,
        using: &generator)
      let gradient = pass.backward(
        songs: batch.count, parameters: parameters,
        embeddingGradient: loss.evaluate(embeddings: embeddings, triplets: triplets).gradient.values)
      Optimiser.sgd(learningRate: 0.001).step(parameters: &parameters, gradient: gradient, state: &state)
    }.print()
  }
}

/// Embedding log-mels: many at a time, or one, whose latency counts.
struct Embedding: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Log-mels to embeddings, for one song of the batch.")

  @OptionGroup var options: NetworkOptions

  func run() throws {
    let work = try Workload(options)
    if options.measuring.limit { return try work.limit(operations: work.model.network.configuration.forwardOperations) }
    let pass = PRCNNPass(
      work.model.network, capacity: options.batch, isTraining: false, threads: options.measuring.threads)
    var next = 0
    try Measurement.repeating(items: options.batch, options: options.measuring) {
      work.load((next..<next + options.batch).map { $0 % work.songs.count }, into: pass)
      next = (next + options.batch) % work.songs.count
      pass.forward(songs: options.batch, parameters: work.model.parameters)
    }.print()
  }
}
