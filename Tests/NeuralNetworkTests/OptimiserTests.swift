import Foundation
import NeuralNetwork
import Testing

@Suite struct OptimiserTests {
  /// The weights after each of six steps, from `Tests/Goldens/prcnn_goldens.py`.
  private struct Golden: Decodable {
    let sgd, momentum, adam, adamw: [[Double]]
  }

  /// The hash that the script makes weights and gradients from.
  private static func uniform(seed: UInt64, index: Int) -> Double {
    var z = ((seed << 32) &+ UInt64(index) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 40) * 0x1p-24
  }

  @Test("Six steps as in PyTorch")
  func steps() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Goldens/prcnn_optimisers.json")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url.standardized))
    let cases: [(Optimiser, [[Double]])] = [
      (.sgd(learningRate: 0.1), golden.sgd), (.sgd(learningRate: 0.1, momentum: 0.9), golden.momentum),
      (.adam(learningRate: 0.01), golden.adam), (.adam(learningRate: 0.01, weightDecay: 0.1), golden.adamw),
    ]
    for (optimiser, expected) in cases {
      var parameters = (0..<6).map { Float(2 * Self.uniform(seed: 50, index: $0) - 1) }
      var state = Optimiser.State()
      for (step, values) in expected.enumerated() {
        let gradient = (0..<6).map { Float(4 * Self.uniform(seed: UInt64(51 + step), index: $0) - 1.5) }
        optimiser.step(parameters: &parameters, gradient: gradient, state: &state)
        #expect(largestDifference(parameters, values) < 1e-6, "\(optimiser), step \(step)")
      }
      #expect(state.step == expected.count)
    }
  }
}
