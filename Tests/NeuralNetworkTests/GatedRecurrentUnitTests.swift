import Foundation
import NeuralNetwork
import Testing

@Suite struct GatedRecurrentUnitTests {
  /// The formulas of the layer's documentation for one song, in Double; the loss is `weights` · last state.
  private struct Reference {
    var layer: GatedRecurrentUnit
    var parameters: [Double]

    func loss(_ input: [Double], steps: Int, weights: [Double]) -> Double {
      zip(lastState(input, steps: steps), weights).reduce(0) { $0 + $1.0 * $1.1 }
    }

    func lastState(_ input: [Double], steps: Int) -> [Double] {
      var state = [Double](repeating: 0, count: layer.units)
      for position in 0..<steps {
        let step = layer.isReversed ? steps - 1 - position : position
        let x = Array(input[(step * layer.inputs)..<((step + 1) * layer.inputs)])
        let fromInput = product(layer.inputWeight, layer.inputBias, x)
        let fromHidden = product(layer.hiddenWeight, layer.hiddenBias, state)
        state = (0..<layer.units).map { i in
          let reset = 1 / (1 + exp(-fromInput[i] - fromHidden[i]))
          let update = 1 / (1 + exp(-fromInput[layer.units + i] - fromHidden[layer.units + i]))
          let new = tanh(fromInput[2 * layer.units + i] + reset * fromHidden[2 * layer.units + i])
          return (1 - update) * new + update * state[i]
        }
      }
      return state
    }

    private func product(_ weight: Parameter, _ bias: Parameter, _ vector: [Double]) -> [Double] {
      (0..<weight.shape[0]).map { row in
        vector.indices.reduce(parameters[bias.offset + row]) {
          $0 + parameters[weight.offset + row * vector.count + $1] * vector[$1]
        }
      }
    }
  }

  @Test(
    "Last states and gradients beside loops in Double",
    arguments: [(1, 1, 1, 1), (5, 3, 4, 2), (7, 2, 3, 8), (12, 6, 5, 3)], [false, true])
  func loops(shape: (steps: Int, inputs: Int, units: Int, songs: Int), isReversed: Bool) {
    let (steps, inputs, units, songs) = shape
    var layout = ParameterLayout()
    let layer = GatedRecurrentUnit("gru", inputs: inputs, units: units, isReversed: isReversed, layout: &layout)
    let parameters = normalValues(layout.count, seed: 1).map { $0 / 2 }
    let input = normalValues(steps * songs * inputs, seed: 2)
    let stateGradient = normalValues(songs * (units + 2), seed: 3)
    let trace = GatedRecurrentUnit.Trace(layer, steps: steps, songs: songs, isTraining: true)
    let stride = units + 2
    let states = FloatBuffer(count: songs * stride)
    let packed = FloatBuffer(count: layer.packedCount)
    layer.pack(parameters: parameters, into: packed.pointer)
    var inputGradient = [Float](repeating: 0, count: input.count)
    var gradient = [Float](repeating: 0, count: layout.count)
    // Twice: the second pass must not depend on the first.
    for _ in 0..<2 {
      layer.forward(
        input: input, packed: packed.pointer, trace: trace, lastState: states.pointer, stride: stride)
    }
    layer.backward(
      input: input, packed: packed.pointer, trace: trace, stateGradient: stateGradient, stride: stride,
      inputGradient: &inputGradient, gradient: &gradient)

    var expected = [Double](repeating: 0, count: layout.count)
    for song in 0..<songs {
      var reference = Reference(layer: layer, parameters: parameters.map(Double.init))
      var values = (0..<(steps * inputs)).map { Double(input[($0 / inputs * songs + song) * inputs + $0 % inputs]) }
      let weights = stateGradient[(song * stride)..<(song * stride + units)].map(Double.init)
      let state = (0..<units).map { states.pointer[song * stride + $0] }
      #expect(largestDifference(state, reference.lastState(values, steps: steps)) < 1e-6)
      // Finite differences in Double are as good as a formula of the gradient, and cannot share its mistakes.
      let slopes = differences(&values) { reference.loss($0, steps: steps, weights: weights) }
      let actual = (0..<(steps * inputs)).map { inputGradient[($0 / inputs * songs + song) * inputs + $0 % inputs] }
      #expect(largestDifference(actual, slopes) < 1e-5)
      var point = reference.parameters
      let ofSong = differences(&point) {
        reference.parameters = $0
        return reference.loss(values, steps: steps, weights: weights)
      }
      for i in expected.indices { expected[i] += ofSong[i] }
    }
    #expect(largestDifference(gradient, expected) < 2e-5)
  }

  private func differences(_ point: inout [Double], of function: ([Double]) -> Double) -> [Double] {
    let step = 1e-5
    return point.indices.map { i in
      let value = point[i]
      point[i] = value + step
      let above = function(point)
      point[i] = value - step
      let below = function(point)
      point[i] = value
      return (above - below) / (2 * step)
    }
  }
}
