import NeuralNetwork
import Reproducibility
import SongModels
import Testing

/// Batch normalisation as a PRCNN trains with it: folded into the weights of the layer behind it.
@Suite struct BatchNormalisationTests {
  private static let songs = 5
  private let network: PRCNN
  private let parameters: [Float]

  init() {
    var configuration = PRCNNPassTests.configuration
    configuration.outputFunction = .linear
    network = PRCNN(configuration, isNormalised: true)
    var generator = SeededGenerator(seed: 5)
    var parameters = network.initialParameters(using: &generator)
    // Scales and shifts away from 1 and 0.
    for normalisation in network.normalisations.map(\.normalisation) {
      for place in normalisation.weight.range { parameters[place] += Float(0.3 * generator.normal()) }
      for place in normalisation.bias.range { parameters[place] += Float(0.3 * generator.normal()) }
    }
    self.parameters = parameters
  }

  private func pass(threads: Int) -> PRCNNPass {
    let pass = PRCNNPass(network, capacity: Self.songs, isTraining: true, threads: threads)
    var generator = SeededGenerator(seed: 100)
    for song in 0..<Self.songs {
      for place in 0..<network.inputCount { pass.input(song)[place] = Float(generator.normal()) }
    }
    return pass
  }

  private func embeddings(_ pass: PRCNNPass, _ parameters: [Float]) -> [Float] {
    pass.forward(songs: Self.songs, parameters: parameters)
    let count = Self.songs * network.configuration.embeddingDimension
    return Array(UnsafeBufferPointer(start: pass.embeddings.pointer, count: count))
  }

  private var outputGradient: [Float] {
    var generator = SeededGenerator(seed: 2)
    return (0..<Self.songs * network.configuration.embeddingDimension).map { _ in Float(generator.normal()) }
  }

  @Test("The same bits whatever the number of threads")
  func threads() {
    let results = [1, 2, 3, 7].map { threads in
      let pass = pass(threads: threads)
      return embeddings(pass, parameters)
        + pass.backward(songs: Self.songs, parameters: parameters, embeddingGradient: outputGradient)
    }
    for other in results.dropFirst() { #expect(other == results[0]) }
  }

  /// The activations of each channel, normalised by the statistics of the batch, are what the next layer reads: so the
  /// folded network with these statistics as its running ones gives the batch's embeddings.
  @Test("A finished network gives what training gave, once it has the batch's statistics")
  func folding() {
    let training = pass(threads: 2)
    let expected = embeddings(training, parameters)
    var remembering = parameters
    for _ in 0..<400 {
      for (layer, statistics) in zip(network.normalisations, training.batchStatistics) {
        layer.normalisation.updateRunningStatistics(with: statistics, in: &remembering)
      }
    }
    let finished = PRCNNPass(network.finished, capacity: Self.songs, isTraining: false, threads: 1)
    for song in 0..<Self.songs {
      finished.input(song).update(from: training.input(song), count: network.inputCount)
    }
    let found = embeddings(finished, network.folded(remembering))
    // The remembered variance is the population's, larger by n / (n - 1).
    for (value, other) in zip(found, expected) { #expect(abs(value - other) < 0.05 * (1 + abs(other))) }
    #expect(embeddings(finished, network.folded(parameters)) != found)
  }

  @Test("Gradients agree with finite differences, tensor by tensor")
  func finiteDifferences() {
    let pass = pass(threads: 2)
    let weights = outputGradient
    _ = embeddings(pass, parameters)
    let gradient = pass.backward(songs: Self.songs, parameters: parameters, embeddingGradient: weights)
    func loss(_ parameters: [Float]) -> Double {
      zip(embeddings(pass, parameters), weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    for parameter in network.layout.parameters {
      let norm = gradient[parameter.range].map { Double($0) * Double($0) }.reduce(0, +).squareRoot()
      if parameter.name.contains("running") {
        #expect(norm == 0)
        continue
      }
      #expect(norm > 1e-3, "\(parameter.name) has no gradient")
      // So small that hardly a pool changes its winner; a wrong term would be far more than this.
      let step = 3e-4
      var (above, below) = (parameters, parameters)
      for place in parameter.range {
        above[place] += Float(step * Double(gradient[place]) / norm)
        below[place] -= Float(step * Double(gradient[place]) / norm)
      }
      let slope = (loss(above) - loss(below)) / (2 * step)
      #expect(abs(slope - norm) < 0.02 * norm + 1e-3, "\(parameter.name): \(slope), not \(norm)")
    }
  }
}
