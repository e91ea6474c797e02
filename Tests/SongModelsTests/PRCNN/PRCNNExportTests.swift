import AudioFeatures
import Foundation
import NeuralNetwork
import OnnxRuntime
import Reproducibility
import SongModels
import TestSupport
import Testing

/// What ONNX Runtime makes of an exported network is what the network itself makes.
@Suite(.enabled(if: TinyNetwork.canRun, Comment(rawValue: TinyNetwork.skip))) struct PRCNNExportTests {
  @Test(arguments: [PRCNNConfiguration.Output.sigmoid, .linear])
  func vectorsAreThoseOfTheNetwork(output: PRCNNConfiguration.Output) throws {
    var generator = SeededGenerator(seed: 5)
    var configuration = PRCNNConfiguration()
    configuration.outputFunction = output
    let network = PRCNN(configuration)
    // Biases, too, are of some size.
    let parameters = network.initialParameters(using: &generator).map { $0 + Float(generator.uniform()) * 0.02 - 0.01 }
    let standardisation = InputStandardisation(
      means: (0..<128).map { _ in Float(generator.uniform()) * -60 },
      scales: (0..<128).map { _ in 0.03 + Float(generator.uniform()) * 0.05 })
    let model = PRCNNModel(
      network: network, features: try LogMelConfiguration(hopLength: 512), standardisation: standardisation,
      parameters: parameters, provenance: .init())
    let session = try OnnxSession(network: model.onnx)
    #expect(session.inputs.map(\.description) == ["log_mels (? × 640 × 128)"])
    #expect(session.outputs.map(\.description) == ["embedding (? × 60)"])
    let embedder = try SongEmbedder(.network(model))
    var inputs: [Float] = []
    var expected: [Float] = []
    for _ in 0..<3 {
      let decibels = (0..<640 * 128).map { _ in Float(generator.uniform()) * 90 - 100 }
      let song = LogMelSpectrogram(frameCount: 640, melBandCount: 128, decibels: decibels)
      inputs += song.middleExcerpt(frameCount: 640).decibels
      expected += try embedder.embedding(of: song, path: "a song")
    }
    let found = try session.run(inputs, shape: [3, 640, 128], input: "log_mels", output: "embedding")
    #expect(found.shape == [3, 60])
    let worst = zip(found.values, expected).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 1e-5, "\(worst)")
    #expect(Set(expected).count > 100)
  }
}
