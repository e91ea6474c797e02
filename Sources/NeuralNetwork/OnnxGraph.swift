import Foundation

/// A network as an ONNX file describes it: nodes that read and write named tensors. Fields are numbered as in onnx.proto
/// (github.com/onnx/onnx).
package struct OnnxGraph {
  /// A property of a node.
  package enum Attribute {
    case number(Int)
    case numbers([Int])
    case text(String)
  }

  /// The version of the operators' definitions: 17 is of 2022.
  private static let operators = 17
  /// The version of the file format that goes with it.
  private static let format = 8
  private static let (floatType, integerType) = (1, 7)

  private let name: String
  private var nodes = ProtobufWriter()
  private var weights = ProtobufWriter()
  private var ports = ProtobufWriter()

  /// A graph without nodes.
  package init(name: String) { self.name = name }

  /// Adds an input of 32-bit floats; a size of nil is free, and called `batch`.
  package mutating func addInput(_ name: String, shape: [Int?]) { addPort(name, shape, field: 11) }

  /// Adds an output: a tensor that a node writes.
  package mutating func addOutput(_ name: String, shape: [Int?]) { addPort(name, shape, field: 12) }

  private mutating func addPort(_ name: String, _ shape: [Int?], field: Int) {
    ports.write(field: field) { port in
      port.write(name, field: 1)
      port.write(field: 2) { type in
        type.write(field: 1) { tensor in
          tensor.write(Self.floatType, field: 1)
          tensor.write(field: 2) { sizes in
            for size in shape {
              sizes.write(field: 1) { dimension in
                if let size { dimension.write(size, field: 1) } else { dimension.write("batch", field: 2) }
              }
            }
          }
        }
      }
    }
  }

  /// Adds constant floats, row-major, and returns their name.
  package mutating func addWeights(_ name: String, shape: [Int], _ values: [Float]) -> String {
    precondition(shape.reduce(1, *) == values.count, "\(values.count) values in the shape \(shape)")
    let words = values.map { $0.bitPattern.littleEndian }
    return addTensor(name, shape: shape, type: Self.floatType, bytes: words.withUnsafeBytes { Data($0) })
  }

  /// Adds constant integers, and returns their name.
  package mutating func addIntegers(_ name: String, _ values: [Int]) -> String {
    let words = values.map { Int64($0).littleEndian }
    return addTensor(name, shape: [values.count], type: Self.integerType, bytes: words.withUnsafeBytes { Data($0) })
  }

  private mutating func addTensor(_ name: String, shape: [Int], type: Int, bytes: Data) -> String {
    weights.write(field: 5) { tensor in
      for size in shape { tensor.write(size, field: 1) }
      tensor.write(type, field: 2)
      tensor.write(name, field: 8)
      tensor.write(bytes, field: 9)
    }
    return name
  }

  /// Adds a node that writes the tensor `output`, and returns that name.
  ///
  /// - Parameter unused: How many outputs of the operator come before it, which nobody reads.
  @discardableResult
  package mutating func addNode(
    _ kind: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:], unused: Int = 0
  ) -> String {
    nodes.write(field: 1) { node in
      for input in inputs { node.write(input, field: 1) }
      for _ in 0..<unused { node.write("", field: 2) }
      node.write(output, field: 2)
      node.write(output, field: 3)
      node.write(kind, field: 4)
      for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
        node.write(field: 5) { attribute in
          attribute.write(name, field: 1)
          switch value {
          case .number(let number):
            attribute.write(number, field: 3)
            attribute.write(2, field: 20)
          case .text(let text):
            attribute.write(text, field: 4)
            attribute.write(3, field: 20)
          case .numbers(let numbers):
            for number in numbers { attribute.write(number, field: 8) }
            attribute.write(7, field: 20)
          }
        }
      }
    }
    return output
  }

  /// The bytes of the ONNX file.
  ///
  /// - Parameter properties: What is said of the network besides.
  package func data(producer: String, version: String, properties: [String: String] = [:]) -> Data {
    var model = ProtobufWriter()
    model.write(Self.format, field: 1)
    model.write(producer, field: 2)
    model.write(version, field: 3)
    var graph = nodes.data
    var title = ProtobufWriter()
    title.write(name, field: 2)
    graph += title.data + weights.data + ports.data
    model.write(graph, field: 7)
    model.write(field: 8) { $0.write(Self.operators, field: 2) }
    for (key, value) in properties.sorted(by: { $0.key < $1.key }) {
      model.write(field: 14) { property in
        property.write(key, field: 1)
        property.write(value, field: 2)
      }
    }
    return model.data
  }
}
