import Reproducibility

/// A dense layer, `output = input · weightᵀ + bias`.
public struct Linear: Sendable {
  /// `[outputs, inputs]`.
  public let weight: Parameter
  /// `[outputs]`.
  public let bias: Parameter
  /// The indices of the layer's parameters, which are contiguous in the network's layout.
  public var parameterRange: Range<Int> { weight.range.lowerBound..<bias.range.upperBound }
  /// The width of the input.
  public var inputs: Int { weight.shape[1] }
  /// The width of the output.
  public var outputs: Int { weight.shape[0] }

  /// Adds the layer's parameters to `layout` under `name`.
  public init(_ name: String, inputs: Int, outputs: Int, layout: inout ParameterLayout) {
    weight = layout.append("\(name).weight", shape: [outputs, inputs])
    bias = layout.append("\(name).bias", shape: [outputs])
  }

  /// Draws the initial weights, as in Keras.
  public func initialise(_ parameters: UnsafeMutablePointer<Float>, using generator: inout SeededGenerator) {
    Initialisation.glorotUniform(
      parameters + weight.offset, count: weight.count, fanIn: inputs, fanOut: outputs, using: &generator)
    (parameters + bias.offset).update(repeating: 0, count: bias.count)
  }

  /// `rows` × inputs → `rows` × outputs; `stride` floats from one row of the output to the next.
  public func forward(
    input: UnsafePointer<Float>, rows: Int, parameters: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, stride: Int? = nil
  ) {
    let stride = stride ?? outputs
    for row in 0..<rows { (output + row * stride).update(from: parameters + bias.offset, count: outputs) }
    addProduct(
      of: Matrix(input, rows: rows, columns: inputs),
      Matrix(parameters + weight.offset, rows: outputs, columns: inputs).transposed, to: output, stride: stride)
  }

  /// Adds to `gradient`, and overwrites `inputGradient` (`rows` × inputs) unless it is nil; `stride` floats from one
  /// row of the output's gradient to the next.
  public func backward(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, stride: Int? = nil, rows: Int,
    parameters: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>?,
    gradient: UnsafeMutablePointer<Float>
  ) {
    let outputGradientMatrix = Matrix(outputGradient, rows: rows, columns: outputs, stride: stride)
    addProduct(
      of: outputGradientMatrix.transposed, Matrix(input, rows: rows, columns: inputs), to: gradient + weight.offset)
    addColumnSums(of: outputGradientMatrix, to: gradient + bias.offset)
    if let inputGradient {
      inputGradient.update(repeating: 0, count: rows * inputs)
      addProduct(
        of: outputGradientMatrix, Matrix(parameters + weight.offset, rows: outputs, columns: inputs), to: inputGradient)
    }
  }
}
