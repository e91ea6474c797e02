import Foundation
import NeuralNetwork
import OnnxRuntime

/// Small ONNX networks, whose answers plain loops can tell.
enum TinyNetwork {
  /// Whether there is an ONNX Runtime to run them.
  static let canRun = (try? OnnxRuntimeStatus.version()) != nil
  /// Why tests of networks are skipped.
  static let skip = "there is no ONNX Runtime: Scripts/bootstrap onnx"

  /// Answers `embedding`, the mean of the bands over a patch's frames, times `factor`; and `frames`, all that it heard.
  static func meanOfBands(shape: [Int?], axis: Int, bands: Int, factor: Float = 1) -> Data {
    var graph = OnnxGraph(name: "mean")
    graph.addInput("mel", shape: shape)
    graph.addNode("ReduceMean", ["mel"], "mean", ["axes": .numbers([axis]), "keepdims": .number(0)])
    let scale = graph.addWeights("factor", shape: [1], [factor])
    graph.addNode("Mul", ["mean", scale], "embedding")
    graph.addNode("Mul", ["mel", scale], "frames")
    graph.addOutput("embedding", shape: [nil, bands])
    graph.addOutput("frames", shape: shape)
    return graph.data(producer: "test", version: "1")
  }

  /// Answers the mean and the largest of a patch's samples.
  static func ofSamples(count: Int) -> Data {
    var graph = OnnxGraph(name: "samples")
    graph.addInput("sound", shape: [nil, count])
    graph.addNode("ReduceMean", ["sound"], "mean", ["axes": .numbers([1]), "keepdims": .number(1)])
    graph.addNode("ReduceMax", ["sound"], "largest", ["axes": .numbers([1]), "keepdims": .number(1)])
    graph.addNode("Concat", ["mean", "largest"], "embedding", ["axis": .number(1)])
    graph.addOutput("embedding", shape: [nil, 2])
    return graph.data(producer: "test", version: "1")
  }
}
