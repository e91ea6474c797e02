import Reproducibility

/// A convolution of 3 × 3 over frames and bands, stride 1, padded with zeros so that the size stays, without bias,
/// since a normalisation follows: PyTorch's `Conv2d(inputs, outputs, 3, padding=1, bias=False)`.
///
/// Activations lie in *planes*, `[frames + 2][bands + 2][channels]` with a border of zeros, channels last. In a plane
/// the values that a row of the kernel reads, three neighbouring bands of all channels, follow each other. So the
/// convolution is three matrix products whose left operand is the plane itself, read in rows that overlap: nothing is
/// copied.
public struct SquareConvolution: Sendable {
  /// `[outputChannels, inputChannels, 3, 3]`; the kernel's rows are frames.
  public let weight: Parameter
  /// Frames × bands, of the input and of the output.
  public let size: (frames: Int, bands: Int)
  /// The channels of the input.
  public let inputs: Int
  /// The channels of the output.
  public let outputs: Int

  /// Adds the parameters to `layout` under `name`.
  public init(
    _ name: String, size: (frames: Int, bands: Int), inputs: Int, outputs: Int,
    layout: inout ParameterLayout
  ) {
    precondition(size.frames > 0 && size.bands > 0, "\(name): \(size) is no size")
    weight = layout.append("\(name).weight", shape: [outputs, inputs, 3, 3])
    (self.size, self.inputs, self.outputs) = (size, inputs, outputs)
  }

  /// Positions from one frame of a plane to the next.
  private var stride: Int { size.bands + 2 }
  /// Positions from the first inner one to the last, with the borders between them.
  private var span: Int { size.frames * stride - 2 }
  /// Positions of a plane before the first inner one.
  private var first: Int { stride + 1 }

  /// The number of positions of a plane, borders included.
  public var positions: Int { (size.frames + 2) * stride }
  /// The number of floats of the weights as `pack` lays them out.
  public var packedCount: Int { weight.count }

  /// The inner positions of a frame of a plane.
  public func inner(ofFrame frame: Int) -> Range<Int> {
    let start = (frame + 1) * stride + 1
    return start..<start + size.bands
  }

  /// Draws the initial weights (He et al. 2015, for the ReLU that follows).
  public func initialise(_ parameters: UnsafeMutablePointer<Float>, using generator: inout SeededGenerator) {
    let deviation = (2 / Double(9 * inputs)).squareRoot()
    for index in weight.range { parameters[index] = Float(deviation * generator.normal()) }
  }

  /// Arranges the weights for `forward`: `[frame][band][inputs][outputs]`.
  public func pack(parameters: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
    let weights = parameters + weight.offset
    for output in 0..<outputs {
      for input in 0..<inputs {
        for tap in 0..<9 {
          packed[(tap * inputs + input) * outputs + output] = weights[(output * inputs + input) * 9 + tap]
        }
      }
    }
  }

  /// Arranges the weights for `backwardInput`: turned by half a turn, inputs and outputs exchanged.
  public func packTurned(parameters: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
    let weights = parameters + weight.offset
    for output in 0..<outputs {
      for input in 0..<inputs {
        for tap in 0..<9 {
          packed[((8 - tap) * outputs + output) * inputs + input] = weights[(output * inputs + input) * 9 + tap]
        }
      }
    }
  }

  /// Writes the output of one plane: a plane of which only the inner positions are meant.
  ///
  /// - Parameters:
  ///   - input: a plane of `inputs` channels with zeros at its border.
  ///   - packed: the weights as `pack` lays them out.
  ///   - output: `positions` × `outputs` values.
  public func forward(
    input: UnsafePointer<Float>, packed: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    convolve(input, channels: inputs, packed, into: output, channels: outputs)
  }

  /// Writes the gradient of the input, a plane of which only the inner positions are meant.
  ///
  /// - Parameters:
  ///   - outputGradient: a plane of `outputs` channels with zeros at its border.
  ///   - turned: the weights as `packTurned` lays them out.
  ///   - inputGradient: `positions` × `inputs` values.
  public func backwardInput(
    outputGradient: UnsafePointer<Float>, turned: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    convolve(outputGradient, channels: outputs, turned, into: inputGradient, channels: inputs)
  }

  /// Adds one plane's gradient of the weights to `gradient`, which is laid out as `pack` does it.
  public func backwardWeights(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>
  ) {
    let right = Matrix(outputGradient + first * outputs, rows: span, columns: outputs)
    for row in 0..<3 {
      let left = Matrix(input + row * stride * inputs, rows: span, columns: 3 * inputs, stride: inputs)
      addProduct(of: left.transposed, right, to: gradient + row * 3 * inputs * outputs)
    }
  }

  /// Adds a gradient that is laid out as `pack` does it to the network's.
  public func unpack(gradient: UnsafePointer<Float>, into parameterGradient: UnsafeMutablePointer<Float>) {
    let weights = parameterGradient + weight.offset
    for output in 0..<outputs {
      for input in 0..<inputs {
        for tap in 0..<9 {
          weights[(output * inputs + input) * 9 + tap] += gradient[(tap * inputs + input) * outputs + output]
        }
      }
    }
  }

  /// Positions that are computed together, so that what they read stays in the cache.
  private static let run = 192

  private func convolve(
    _ plane: UnsafePointer<Float>, channels: Int, _ weights: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, channels resultChannels: Int
  ) {
    let target = result + first * resultChannels
    for start in Swift.stride(from: 0, to: span, by: Self.run) {
      let rows = min(Self.run, span - start)
      let part = target + start * resultChannels
      part.update(repeating: 0, count: rows * resultChannels)
      for row in 0..<3 {
        addProduct(
          of: Matrix(plane + (row * stride + start) * channels, rows: rows, columns: 3 * channels, stride: channels),
          Matrix(weights + row * 3 * channels * resultChannels, rows: 3 * channels, columns: resultChannels),
          to: part)
      }
    }
  }
}
