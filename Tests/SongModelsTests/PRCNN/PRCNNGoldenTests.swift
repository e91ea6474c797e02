import Foundation
import MetricLearning
import NeuralNetwork
import Reproducibility
import SongModels
import Testing

/// The network beside PyTorch's in float64, at the tolerances that the project promises.
@Suite struct PRCNNGoldenTests {
  static let losses = ["cross-entropy", "random", "semi-hard", "custom", "hard"]

  /// A network in training, with its inputs in place.
  private struct Setup {
    let golden: PRCNNGolden
    let training: PRCNNGolden.Training?
    let pass: PRCNNPass
    var parameters: [Float]
    var songs: Int { golden.labels.count }

    init(_ name: String, loss: String? = nil) throws {
      let golden = try PRCNNGolden(named: name)
      self.golden = golden
      training = try loss.map { try #require(golden.losses[$0]) }
      pass = PRCNNPass(golden.network, capacity: golden.labels.count, isTraining: true, threads: 2)
      parameters = golden.parameters(of: pass.network)
      golden.writeInputs(to: pass)
    }

    /// Forward, loss and backward; `step` says which of the stored triplets count.
    func evaluate(step: Int) throws -> (loss: Double, gradient: [Float]) {
      let triplets = try #require(training).triplets.isEmpty ? nil : training?.triplets(step: step)
      pass.forward(songs: songs, parameters: parameters)
      guard let triplets else {
        let count = try #require(pass.network.classCount)
        let logits = Array(UnsafeBufferPointer(start: pass.logits.pointer, count: songs * count))
        let loss = SoftmaxCrossEntropy().evaluate(logits: logits, classCount: count, labels: golden.labels)
        return (
          loss.loss,
          pass.backward(songs: songs, parameters: parameters, embeddingGradient: nil, logitGradient: loss.gradient)
        )
      }
      let loss = TripletMarginLoss().evaluate(embeddings: embeddings, triplets: triplets)
      return (
        loss.loss, pass.backward(songs: songs, parameters: parameters, embeddingGradient: loss.gradient.values)
      )
    }

    var embeddings: EmbeddingMatrix {
      let dimension = golden.configuration.embeddingDimension
      return EmbeddingMatrix(
        count: songs, dimension: dimension,
        values: Array(UnsafeBufferPointer(start: pass.embeddings.pointer, count: songs * dimension)))
    }
  }

  @Test("Outputs within 1e-5", arguments: PRCNNGolden.names)
  func outputs(name: String) throws {
    let setup = try Setup(name)
    setup.pass.forward(songs: setup.songs, parameters: setup.parameters)
    let golden = setup.golden
    for (index, expected) in golden.embeddings.enumerated() {
      #expect(abs(Double(setup.pass.embeddings.pointer[index]) - expected) < 1e-5, "embeddings[\(index)]")
    }
    for (index, expected) in golden.logits.enumerated() {
      #expect(abs(Double(setup.pass.logits.pointer[index]) - expected) < 1e-5, "logits[\(index)]")
    }
  }

  @Test("Gradients within 1e-4 of each tensor's largest", arguments: PRCNNGolden.names, losses)
  func gradients(name: String, loss: String) throws {
    let setup = try Setup(name, loss: loss)
    let gradient = try setup.evaluate(step: 0).gradient
    let expected = try #require(setup.training).gradient
    #expect(Set(expected.keys) == Set(setup.pass.network.layout.parameters.map(\.name)))
    for parameter in setup.pass.network.layout.parameters {
      let expected = try #require(expected[parameter.name])
      let values = gradient[parameter.range].map(Double.init)
      let tolerance = 1e-4 * expected.largest
      for (index, value) in expected.values.enumerated() {
        let place = index * values.count / expected.values.count
        #expect(abs(values[place] - value) <= tolerance, "\(parameter.name)[\(place)]: \(values[place]), not \(value)")
      }
      // Errors of at most the tolerance that do not all have the same sign add up to far less than count · tolerance.
      let spread = tolerance * Double(values.count).squareRoot()
      #expect(abs(values.reduce(0, +) - expected.sum) <= 4 * spread, "\(parameter.name)'s sum")
      #expect(abs(values.reduce(0) { $0 + $1 * $1 }.squareRoot() - expected.norm) <= spread, "\(parameter.name)'s norm")
      #expect(abs((values.map(abs).max() ?? 0) - expected.largest) <= tolerance, "\(parameter.name)'s largest")
    }
  }

  @Test("Ten SGD steps' losses within 1e-4, relative above 1", arguments: PRCNNGolden.names, losses)
  func tenSteps(name: String, loss: String) throws {
    var setup = try Setup(name, loss: loss)
    let training = try #require(setup.training)
    let optimiser = Optimiser.sgd(learningRate: training.learningRate)
    let miner = TripletMiner(rawValue: loss)
    var state = Optimiser.State()
    for (step, expected) in training.losses.enumerated() {
      let (value, gradient) = try setup.evaluate(step: step)
      #expect(abs(value - expected) <= 1e-4 * max(1, expected), "step \(step): \(value), not \(expected)")
      try expectMinedTriplets(setup, miner: miner, step: step)
      optimiser.step(parameters: &setup.parameters, gradient: gradient, state: &state)
    }
  }

  /// Mines the batch as the golden's script did; where a negative is drawn, only anchors and positives must agree.
  private func expectMinedTriplets(_ setup: Setup, miner: TripletMiner?, step: Int) throws {
    guard let miner, miner != .random else { return }
    var generator = SeededGenerator(seed: 1)
    let mined = miner.triplets(
      distances: SquaredEuclideanDistance().matrix(of: setup.embeddings), labels: setup.golden.labels, margin: 1,
      using: &generator)
    let expected = try #require(setup.training).triplets(step: step)
    if miner == .semiHard {
      #expect(mined.map { [$0.anchor, $0.positive] } == expected.map { [$0.anchor, $0.positive] }, "step \(step)")
    } else {
      #expect(mined == expected, "step \(step)")
    }
  }
}
