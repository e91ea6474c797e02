import NeuralNetwork
import OnnxRuntime
import Reproducibility
import SongModels
import Testing

/// What ONNX Runtime makes of an exported network is what the network itself makes.
@Suite(.enabled(if: TinyNetwork.canRun, Comment(rawValue: TinyNetwork.skip))) struct CharacterExportTests {
  @Test func vectorsAreThoseOfTheNetwork() throws {
    let content = CharacterModel.standard.content
    let session = try OnnxSession(network: CharacterModel.standard.onnx)
    #expect(session.inputs.map(\.description) == ["mels (? × 64 × 128)"])
    #expect(session.outputs.map(\.description) == ["vector (? × \(CharacterModel.standard.dimension))"])
    var generator = SeededGenerator(seed: 5)
    let inputs = (0..<3 * 64 * 128).map { _ in Float(generator.uniform()) * -80 }
    let pass = CharacterPass(content.network, capacity: 3, isTraining: false, threads: 1)
    pass.prepare(parameters: content.parameters)
    for patch in 0..<3 {
      var values = [Float](repeating: 0, count: 64 * 128)
      values.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        content.standardisation.write(Array(inputs[patch * 64 * 128..<(patch + 1) * 64 * 128]), to: start)
        pass.setInput(patch, start)
      }
    }
    pass.forward(patches: 3)
    let expected = UnsafeBufferPointer(start: pass.outputs.pointer, count: 3 * CharacterModel.standard.dimension)
    let found = try session.run(inputs, shape: [3, 64, 128], input: "mels", output: "vector")
    let worst = zip(found.values, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 1
    #expect(found.shape == [3, CharacterModel.standard.dimension] && worst < 1e-5, "\(worst)")
  }
}
