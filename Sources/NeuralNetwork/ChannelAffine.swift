/// A scale and a shift for each channel, `y = scale · x + shift`, which is folded into the layer that reads `y`.
///
/// For a convolution without padding or a dense layer, `W · (scale · x + shift) + b` equals `W' · x + b'`: the kernels
/// never see the normalisation, and no activation is written twice.
public struct ChannelAffine: Sendable, Hashable {
  /// The factor of each channel.
  public var scales: [Float]
  /// The summand of each channel.
  public var shifts: [Float]

  /// The weights of the layer that reads the channels, as rows `[channels][weightsPerChannel]`, possibly with other
  /// inputs behind them.
  public struct Reader: Sendable {
    /// Rows: the layer's outputs.
    let outputs: Int
    /// Floats from one row to the next.
    let stride: Int
    /// The weights of a row that read the same channel.
    let weightsPerChannel: Int
    let weightOffset: Int
    let biasOffset: Int
  }

  /// The gradient of the loss with respect to the scales and shifts.
  struct Gradient {
    var scales: [Double]
    var shifts: [Double]
  }

  /// Overwrites the reader's weights and biases in `folded` with those that include the scales and shifts.
  func fold(
    into reader: Reader, parameters: UnsafePointer<Float>, folded: UnsafeMutablePointer<Float>
  ) {
    for output in 0..<reader.outputs {
      var bias = Double(parameters[reader.biasOffset + output])
      for channel in scales.indices {
        let start = reader.weightOffset + output * reader.stride + channel * reader.weightsPerChannel
        for index in start..<start + reader.weightsPerChannel {
          folded[index] = parameters[index] * scales[channel]
          bias += Double(parameters[index] * shifts[channel])
        }
      }
      folded[reader.biasOffset + output] = Float(bias)
    }
  }

  /// Converts the gradient with respect to the folded weights, in place, to that with respect to the reader's own
  /// weights; returns that with respect to the scales and shifts.
  func unfold(
    gradient: UnsafeMutablePointer<Float>, of reader: Reader, parameters: UnsafePointer<Float>
  ) -> Gradient {
    var result = Gradient(
      scales: [Double](repeating: 0, count: scales.count), shifts: [Double](repeating: 0, count: scales.count))
    for output in 0..<reader.outputs {
      let biasGradient = gradient[reader.biasOffset + output]
      for channel in scales.indices {
        let start = reader.weightOffset + output * reader.stride + channel * reader.weightsPerChannel
        for index in start..<start + reader.weightsPerChannel {
          result.scales[channel] += Double(gradient[index] * parameters[index])
          result.shifts[channel] += Double(biasGradient * parameters[index])
          gradient[index] = gradient[index] * scales[channel] + biasGradient * shifts[channel]
        }
      }
    }
    return result
  }
}

extension ConvolutionBlock {
  /// The block's weights, as the reader of its input's channels.
  public var reader: ChannelAffine.Reader {
    ChannelAffine.Reader(
      outputs: weight.shape[0], stride: 3 * weight.shape[1], weightsPerChannel: 3, weightOffset: weight.offset,
      biasOffset: bias.offset)
  }
}

extension Linear {
  /// The layer's weights, as the reader of channels that each have `inputsPerChannel` inputs side by side, from the
  /// first input on.
  public func reader(inputsPerChannel: Int) -> ChannelAffine.Reader {
    ChannelAffine.Reader(
      outputs: outputs, stride: inputs, weightsPerChannel: inputsPerChannel, weightOffset: weight.offset,
      biasOffset: bias.offset)
  }
}
