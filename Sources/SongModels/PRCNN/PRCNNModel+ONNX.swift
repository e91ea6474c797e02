import AudioFeatures
import Files
import Foundation
import NeuralNetwork
import Reproducibility

extension PRCNNModel {
  /// The network as an ONNX file, for programs that run those: from the log-mels of excerpts, batch × frames × bands in dB
  /// relative to the loudest of each excerpt and at least -80, to its vectors. How log-mels are made is among the file's
  /// properties.
  package var onnx: Data {
    let shape = network.configuration
    var graph = OnnxGraph(name: "PRCNN")
    graph.addInput("log_mels", shape: [nil, shape.frameCount, shape.melBandCount])
    let means = graph.addWeights("input_mean", shape: [shape.melBandCount], standardisation.means)
    let scales = graph.addWeights("input_scale", shape: [shape.melBandCount], standardisation.scales)
    graph.addNode("Sub", ["log_mels", means], "centred")
    graph.addNode("Mul", ["centred", scales], "standardised")
    let channel = graph.addIntegers("channel", [1])
    graph.addNode("Unsqueeze", ["standardised", channel], "image")  // [batch, 1, frames, bands]
    let convolved = addConvolutions(to: &graph)
    let states = addRecurrence(to: &graph, channel: channel)
    graph.addNode("Concat", [convolved, states], "features", ["axis": .number(1)])
    let dense = addParameters("dense.weight", "dense.bias", to: &graph)
    let isLinear = shape.outputFunction == .linear
    graph.addNode("Gemm", ["features"] + dense, isLinear ? "embedding" : "sums", ["transB": .number(1)])
    if !isLinear { graph.addNode("Sigmoid", ["sums"], "embedding") }
    graph.addOutput("embedding", shape: [nil, shape.embeddingDimension])
    return graph.data(
      producer: "akin", version: AkinVersion.current,
      properties: ["akin.identifier": identifier, "akin.log_mels": JSON.text(features)])
  }

  /// The convolutional block; returns [batch, channels · frames · bands].
  private func addConvolutions(to graph: inout OnnxGraph) -> String {
    var image = "image"
    for (index, pool) in network.configuration.pools.enumerated() {
      let weights = addParameters("convolutions.\(index).weight", "convolutions.\(index).bias", to: &graph)
      image = graph.addNode("Conv", [image] + weights, "convolved.\(index)")
      image = graph.addNode("Relu", [image], "rectified.\(index)")
      let size = OnnxGraph.Attribute.numbers([pool.frames, pool.bands])
      image = graph.addNode("MaxPool", [image], "pooled.\(index)", ["kernel_shape": size, "strides": size])
    }
    return graph.addNode("Flatten", [image], "convolutions")
  }

  /// The recurrent block; returns [batch, 2 · units]: the last state of each direction.
  private func addRecurrence(to graph: inout OnnxGraph, channel: String) -> String {
    let (pool, units) = (network.configuration.sequencePool, network.configuration.recurrentUnits)
    let size = OnnxGraph.Attribute.numbers([pool.frames, pool.bands])
    graph.addNode("MaxPool", ["image"], "steps.image", ["kernel_shape": size, "strides": size])
    graph.addNode("Squeeze", ["steps.image", channel], "steps")  // [batch, steps, bands]
    // A step at a time is what a GRU hears: [steps, batch, bands].
    graph.addNode("Transpose", ["steps"], "steps.first", ["perm": .numbers([1, 0, 2])])
    let embedding = parameter("embedding.weight")
    let (outputs, inputs) = (embedding.shape[0], embedding.shape[1])
    let transposed = (0..<inputs).flatMap { input in (0..<outputs).map { embedding.values[$0 * inputs + input] } }
    let weight = graph.addWeights("embedding.weight", shape: [inputs, outputs], transposed)
    let bias = graph.addWeights("embedding.bias", shape: [outputs], parameter("embedding.bias").values)
    graph.addNode("MatMul", ["steps.first", weight], "steps.product")
    graph.addNode("Add", ["steps.product", bias], "steps.embedded")
    func both(_ name: String) -> [Float] { ["", "_reverse"].flatMap { gates("gru.\(name)_l0\($0)", units) } }
    let biases = ["", "_reverse"].flatMap { gates("gru.bias_ih_l0\($0)", units) + gates("gru.bias_hh_l0\($0)", units) }
    let gru = [
      graph.addWeights("gru.input", shape: [2, 3 * units, outputs], both("weight_ih")),
      graph.addWeights("gru.recurrence", shape: [2, 3 * units, units], both("weight_hh")),
      graph.addWeights("gru.bias", shape: [2, 6 * units], biases),
    ]
    graph.addNode(
      "GRU", ["steps.embedded"] + gru, "states",
      ["direction": .text("bidirectional"), "hidden_size": .number(units), "linear_before_reset": .number(1)], unused: 1
    )
    graph.addNode("Transpose", ["states"], "states.first", ["perm": .numbers([1, 0, 2])])  // [batch, 2, units]
    return graph.addNode("Flatten", ["states.first"], "recurrence")
  }

  private func parameter(_ name: String) -> (shape: [Int], values: [Float]) {
    guard let parameter = network.layout.parameters.first(where: { $0.name == name }) else {
      preconditionFailure("a PRCNN has no weights \(name)")
    }
    return (parameter.shape, Array(parameters[parameter.range]))
  }

  private func addParameters(_ names: String..., to graph: inout OnnxGraph) -> [String] {
    names.map { name in
      let (shape, values) = parameter(name)
      return graph.addWeights(name, shape: shape, values)
    }
  }

  /// Weights of a GRU's gates in ONNX's order, update before reset; PyTorch has it the other way round.
  private func gates(_ name: String, _ units: Int) -> [Float] {
    let values = parameter(name).values
    let size = values.count / 3
    return Array(values[size..<2 * size] + values[..<size] + values[(2 * size)...])
  }
}

extension EmbeddingModel {
  /// The network as an ONNX file; nil for a model that is none.
  package var onnx: Data? {
    switch method {
    case .network(let model): model.onnx
    case .character(let model): model.onnx
    case .imported(let model): model.network.bytes
    case .descriptor, .learnedDescriptor, .mfcc, .joined, .foreign: nil
    }
  }
}
