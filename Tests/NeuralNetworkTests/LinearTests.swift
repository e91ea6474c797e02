import NeuralNetwork
import Testing

@Suite struct LinearTests {
  @Test(
    "Forward and backward compared with loops in Double", arguments: [(1, 1, 1), (5, 3, 1), (3, 7, 4), (60, 384, 9)])
  func loops(outputs: Int, inputs: Int, rows: Int) {
    var layout = ParameterLayout()
    _ = layout.append("before", shape: [3])
    let layer = Linear("layer", inputs: inputs, outputs: outputs, layout: &layout)
    let parameters = normalValues(layout.count, seed: 1)
    let input = normalValues(rows * inputs, seed: 2)
    let outputGradient = normalValues(rows * outputs, seed: 3)
    let weight = parameters[layer.weight.range].map(Double.init)
    let bias = parameters[layer.bias.range].map(Double.init)

    let stride = outputs + 2
    var output = [Float](repeating: -99, count: rows * stride)
    layer.forward(input: input, rows: rows, parameters: parameters, output: &output, stride: stride)
    var gradient = [Float](repeating: 1, count: layout.count)
    var inputGradient = [Float](repeating: .nan, count: rows * inputs)
    layer.backward(
      input: input, outputGradient: outputGradient, rows: rows, parameters: parameters, inputGradient: &inputGradient,
      gradient: &gradient)

    var expectedOutput = [Double](repeating: -99, count: rows * stride)
    var expectedGradient = [Double](repeating: 1, count: layout.count)
    var expectedInputGradient = [Double](repeating: 0, count: rows * inputs)
    for row in 0..<rows {
      for o in 0..<outputs {
        let g = Double(outputGradient[row * outputs + o])
        var sum = bias[o]
        for i in 0..<inputs {
          let x = Double(input[row * inputs + i])
          sum += x * weight[o * inputs + i]
          expectedGradient[layer.weight.offset + o * inputs + i] += g * x
          expectedInputGradient[row * inputs + i] += g * weight[o * inputs + i]
        }
        expectedGradient[layer.bias.offset + o] += g
        expectedOutput[row * stride + o] = sum
      }
    }
    #expect(largestDifference(output, expectedOutput) < 5e-5)
    #expect(largestDifference(gradient, expectedGradient) < 5e-5)
    #expect(largestDifference(inputGradient, expectedInputGradient) < 5e-5)
  }
}
