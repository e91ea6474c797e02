import Files
import Foundation
import NeuralNetwork
import Reproducibility

extension CharacterModel {
  /// The network as an ONNX file, for programs that run those: from patches, batch × frames × bands in dB relative to the
  /// loudest of a song and at least -80, to their vectors, whose mean is the song's.
  package var onnx: Data {
    let content = content
    let (shape, parameters) = (content.network.configuration, content.parameters)
    var graph = OnnxGraph(name: "character")
    func weights(_ parameter: Parameter) -> String {
      graph.addWeights(parameter.name, shape: parameter.shape, Array(parameters[parameter.range]))
    }
    graph.addInput("mels", shape: [nil, shape.frameCount, shape.melBandCount])
    let means = graph.addWeights("input_mean", shape: [shape.melBandCount], content.standardisation.means)
    let scales = graph.addWeights("input_scale", shape: [shape.melBandCount], content.standardisation.scales)
    graph.addNode("Sub", ["mels", means], "centred")
    graph.addNode("Mul", ["centred", scales], "standardised")
    let channel = graph.addIntegers("channel", [1])
    var image = graph.addNode("Unsqueeze", ["standardised", channel], "image")  // [batch, 1, frames, bands]
    for (index, (convolution, pooling)) in zip(content.network.convolutions, content.network.normalisations)
      .enumerated()
    {
      image = graph.addNode(
        "Conv", [image, weights(convolution.weight)], "convolved.\(index)", ["pads": .numbers([1, 1, 1, 1])])
      let normalisation = pooling.normalisation
      let statistics = [
        normalisation.weight, normalisation.bias, normalisation.runningMean, normalisation.runningVariance,
      ].map(weights)
      // ONNX's ε is ours unless it is said otherwise.
      image = graph.addNode("BatchNormalization", [image] + statistics, "normalised.\(index)")
      image = graph.addNode("Relu", [image], "rectified.\(index)")
      let size = OnnxGraph.Attribute.numbers([2, 2])
      image = graph.addNode("MaxPool", [image], "pooled.\(index)", ["kernel_shape": size, "strides": size])
    }
    graph.addNode("GlobalAveragePool", [image], "means.image")
    graph.addNode("GlobalMaxPool", [image], "maxima.image")
    graph.addNode("Flatten", ["means.image"], "means")
    graph.addNode("Flatten", ["maxima.image"], "maxima")
    graph.addNode("Concat", ["means", "maxima"], "features", ["axis": .number(1)])
    let dense = [content.network.dense.weight, content.network.dense.bias].map(weights)
    graph.addNode("Gemm", ["features"] + dense, "vector", ["transB": .number(1)])
    graph.addOutput("vector", shape: [nil, shape.outputs])
    return graph.data(
      producer: "akin", version: AkinVersion.current, properties: ["akin.identifier": identifier])
  }
}
