import NeuralNetwork
import Reproducibility
import Testing

@Suite struct InitialisationTests {
  @Test("The recurrent weights' columns are orthonormal", arguments: [1, 2, 9, 64])
  func orthogonal(units: Int) {
    var layout = ParameterLayout()
    let layer = GatedRecurrentUnit("gru", inputs: 3, units: units, isReversed: false, layout: &layout)
    var generator = SeededGenerator(seed: 1)
    var parameters = [Float](repeating: .nan, count: layout.count)
    layer.initialise(&parameters, using: &generator)
    let weight = parameters[layer.hiddenWeight.range].map(Double.init)
    for first in 0..<units {
      for second in 0...first {
        let product = (0..<(3 * units)).reduce(0) { $0 + weight[$1 * units + first] * weight[$1 * units + second] }
        #expect(abs(product - (first == second ? 1 : 0)) < 1e-6)
      }
    }
    #expect(parameters.allSatisfy { $0.isFinite })
  }

  @Test("Glorot's weights fill ±√(6 / (fanIn + fanOut)) evenly; biases are 0")
  func glorot() {
    var layout = ParameterLayout()
    let layer = Linear("dense", inputs: 384, outputs: 60, layout: &layout)
    var generator = SeededGenerator(seed: 1)
    var parameters = [Float](repeating: .nan, count: layout.count)
    layer.initialise(&parameters, using: &generator)
    let limit = (6.0 / 444).squareRoot()
    let weight = parameters[layer.weight.range].map { Double($0) / limit }
    #expect(weight.allSatisfy { abs($0) <= 1 })
    #expect((weight.max() ?? 0) > 0.999 && (weight.min() ?? 0) < -0.999)
    let count = Double(weight.count)
    #expect(abs(weight.reduce(0, +) / count) < 4 / (3 * count).squareRoot())
    #expect(abs(weight.reduce(0) { $0 + $1 * $1 } / count - 1 / 3.0) < 0.01)
    #expect(parameters[layer.bias.range].allSatisfy { $0 == 0 })
  }
}
