import CKernels
import Foundation
import Testing

/// A GRU with inputs.
private struct GRU {
  var shape: akin_gru
  var weightInput: [Float], weightHidden: [Float], biasInput: [Float], biasHidden: [Float]
  var input: [Float], lastStateGradient: [Float]

  /// Everything that forward and backward write; the input's gradient in `values[0]`, then the weights' and biases'.
  struct Results {
    var lastState: [Float], gradients: [[Float]]
  }

  init(steps: Int, batch: Int, inputSize: Int, hiddenSize: Int) {
    var generator = TestGenerator(seed: 4)
    shape = akin_gru(
      steps: Int32(steps), batch: Int32(batch), inputSize: Int32(inputSize), hiddenSize: Int32(hiddenSize))
    let bound = 1 / Float(hiddenSize).squareRoot()
    weightInput = generator.reals(3 * hiddenSize * inputSize, within: bound)
    weightHidden = generator.reals(3 * hiddenSize * hiddenSize, within: bound)
    biasInput = generator.reals(3 * hiddenSize, within: bound)
    biasHidden = generator.reals(3 * hiddenSize, within: bound)
    input = generator.reals(steps * batch * inputSize)
    lastStateGradient = generator.reals(batch * hiddenSize)
  }

  func run(reversed: Bool, reference: Bool) -> Results {
    var shape = shape
    let hidden = Int64(shape.hiddenSize)
    var packed = [Float](repeating: .nan, count: Int(akin_gru_packed_count(&shape)))
    var saved = [Float](repeating: .nan, count: Int(akin_gru_saved_count(&shape)))
    var workspace = [Float](repeating: .nan, count: Int(akin_gru_workspace_count(&shape)))
    var state = [Float](repeating: .nan, count: lastStateGradient.count)
    var gradients = [input, weightInput, weightHidden, biasInput, biasHidden].map {
      [Float](repeating: 0, count: $0.count)
    }
    akin_gru_pack(&shape, weightInput, weightHidden, biasInput, biasHidden, &packed)
    let forward = reference ? akin_reference_gru_forward : akin_gru_forward
    let backward = reference ? akin_reference_gru_backward : akin_gru_backward
    forward(&shape, reversed, input, packed, &state, hidden, &saved, &workspace)
    var inputGradient = gradients[0], weightInput = gradients[1], weightHidden = gradients[2]
    var biasInput = gradients[3], biasHidden = gradients[4]
    weightInput.withUnsafeMutableBufferPointer { weightInput in
      weightHidden.withUnsafeMutableBufferPointer { weightHidden in
        biasInput.withUnsafeMutableBufferPointer { biasInput in
          biasHidden.withUnsafeMutableBufferPointer { biasHidden in
            let gradient = akin_gru_gradient(
              weightInput: weightInput.baseAddress, weightHidden: weightHidden.baseAddress,
              biasInput: biasInput.baseAddress, biasHidden: biasHidden.baseAddress)
            backward(
              &shape, reversed, input, packed, &saved, lastStateGradient, hidden, &inputGradient, gradient, &workspace)
          }
        }
      }
    }
    gradients = [inputGradient, weightInput, weightHidden, biasInput, biasHidden]
    return Results(lastState: state, gradients: gradients)
  }

  /// The last state of one song by the formula, from PyTorch's layouts.
  func lastState(of song: Int, reversed: Bool) -> [Float] {
    let hidden = Int(shape.hiddenSize), inputs = Int(shape.inputSize), batch = Int(shape.batch)
    var state = [Double](repeating: 0, count: hidden)
    let steps = 0..<Int(shape.steps)
    for step in reversed ? Array(steps.reversed()) : Array(steps) {
      let x = input[((step * batch + song) * inputs)...].prefix(inputs).map(Double.init)
      func project(_ weights: [Float], _ bias: [Float], _ values: [Double]) -> [Double] {
        bias.indices.map { row in
          zip(weights[(row * values.count)...].prefix(values.count), values)
            .reduce(Double(bias[row])) { $0 + Double($1.0) * $1.1 }
        }
      }
      let a = project(weightInput, biasInput, x), b = project(weightHidden, biasHidden, state)
      state = state.indices.map { j in
        let r = 1 / (1 + exp(-a[j] - b[j])), z = 1 / (1 + exp(-a[hidden + j] - b[hidden + j]))
        return (1 - z) * tanh(a[2 * hidden + j] + r * b[2 * hidden + j]) + z * state[j]
      }
    }
    return state.map(Float.init)
  }
}

@Suite struct GRUTests {
  @Test(arguments: supportedInstructionSets, [false, true])
  func agreesWithReference(set: akin_instructions, reversed: Bool) {
    for (steps, batch, inputSize, hiddenSize) in [(160, 16, 32, 64), (20, 5, 32, 64), (1, 1, 1, 1), (9, 3, 7, 19)] {
      let gru = GRU(steps: steps, batch: batch, inputSize: inputSize, hiddenSize: hiddenSize)
      let expected = gru.run(reversed: reversed, reference: true)
      let results = withInstructionSet(set) { gru.run(reversed: reversed, reference: false) }
      #expect(largestDifference(results.lastState, expected.lastState) < 2e-6)
      for (gradient, expected) in zip(results.gradients, expected.gradients) {
        #expect(largestDifference(gradient, expected) < 2e-5)
      }
    }
  }

  @Test(arguments: [false, true]) func referenceIsTheFormula(reversed: Bool) {
    let gru = GRU(steps: 12, batch: 3, inputSize: 5, hiddenSize: 7)
    let states = gru.run(reversed: reversed, reference: true).lastState
    for song in 0..<3 {
      #expect(
        largestDifference(Array(states[(song * 7)...].prefix(7)), gru.lastState(of: song, reversed: reversed)) < 1e-6)
    }
  }

  @Test(arguments: [false, true]) func referenceGradientIsTheDerivative(reversed: Bool) {
    let gru = GRU(steps: 5, batch: 2, inputSize: 3, hiddenSize: 4)
    let gradients = gru.run(reversed: reversed, reference: true).gradients
    func loss(_ gru: GRU) -> Double {
      (0..<2).flatMap { gru.lastState(of: $0, reversed: reversed) }.indices.reduce(0) { sum, i in
        sum + Double(gru.lastState(of: i / 4, reversed: reversed)[i % 4]) * Double(gru.lastStateGradient[i])
      }
    }
    let paths: [WritableKeyPath<GRU, [Float]>] = [\.input, \.weightInput, \.weightHidden, \.biasInput, \.biasHidden]
    for (path, gradient) in zip(paths, gradients) {
      for index in gradient.indices {
        var above = gru, below = gru
        above[keyPath: path][index] += 1e-2
        below[keyPath: path][index] -= 1e-2
        #expect(abs(Float((loss(above) - loss(below)) / 2e-2) - gradient[index]) < 1e-3)
      }
    }
  }

  /// Activations far into saturation neither overflow nor leave their range.
  @Test(arguments: supportedInstructionSets) func saturates(set: akin_instructions) {
    var gru = GRU(steps: 3, batch: 2, inputSize: 4, hiddenSize: 9)
    gru.weightInput = gru.weightInput.map { $0 * 1e6 }
    let expected = gru.run(reversed: false, reference: true)
    let results = withInstructionSet(set) { gru.run(reversed: false, reference: false) }
    #expect(largestDifference(results.lastState, expected.lastState) < 1e-5)
    #expect(results.gradients.joined().allSatisfy { $0.isFinite })
  }
}
