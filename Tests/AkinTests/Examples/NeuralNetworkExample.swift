import NeuralNetwork

/// Learns the line y = 2x − 1 from four points, and returns it as a file that PyTorch can read.
func learnedLine() -> Safetensors {
  let inputs: [Float] = [0, 1, 2, 3]
  let targets: [Float] = [-1, 1, 3, 5]
  var layout = ParameterLayout()
  let layer = Linear("line", inputs: 1, outputs: 1, layout: &layout)
  var parameters = [Float](repeating: 0, count: layout.count)
  let optimiser = Optimiser.sgd(learningRate: 0.05)
  var state = Optimiser.State()
  for _ in 0..<500 {
    var outputs = [Float](repeating: 0, count: inputs.count)
    layer.forward(input: inputs, rows: inputs.count, parameters: parameters, output: &outputs)
    // The gradient of the mean squared error with respect to the outputs.
    let outputGradient = zip(outputs, targets).map { 2 * ($0 - $1) / Float(inputs.count) }
    var gradient = [Float](repeating: 0, count: layout.count)
    layer.backward(
      input: inputs, outputGradient: outputGradient, rows: inputs.count, parameters: parameters, inputGradient: nil,
      gradient: &gradient)
    optimiser.step(parameters: &parameters, gradient: gradient, state: &state)
  }
  var file = Safetensors()
  for parameter in layout.parameters {
    file.tensors[parameter.name] = .init(shape: parameter.shape, values: Array(parameters[parameter.range]))
  }
  return file
}
