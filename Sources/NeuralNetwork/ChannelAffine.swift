/// A scale and a shift for each channel, `y = scale · x + shift`, and how it disappears in the layer that reads `y`.
///
/// A layer without padding, or a dense one, turns `W · (scale · x + shift) + b` into `W' · x + b'`, so that the kernels
/// never see the normalisation and no activation is written twice.
public struct ChannelAffine: Sendable, Hashable {
  /// For each channel what it is multiplied with.
  public var scales: [Float]
  /// For each channel what is then added.
  public var shifts: [Float]

  /// The weights of the layer that reads the channels, as rows `[channels][places]` that may go on behind them.
  public struct Reader: Sendable {
    /// Rows: the layer's outputs.
    let outputs: Int
    /// Floats from one row to the next.
    let stride: Int
    /// The weights of a row that read the same channel.
    let places: Int
    let weightOffset: Int
    let biasOffset: Int
  }

  /// The loss's gradient by the scales and shifts.
  struct Gradient {
    var scales: [Double]
    var shifts: [Double]
  }

  /// Overwrites the reader's weights and biases in `folded` with those that do the affine's work too.
  func fold(
    into reader: Reader, parameters: UnsafePointer<Float>, folded: UnsafeMutablePointer<Float>
  ) {
    for output in 0..<reader.outputs {
      var bias = Double(parameters[reader.biasOffset + output])
      for channel in scales.indices {
        let start = reader.weightOffset + output * reader.stride + channel * reader.places
        for place in start..<start + reader.places {
          folded[place] = parameters[place] * scales[channel]
          bias += Double(parameters[place] * shifts[channel])
        }
      }
      folded[reader.biasOffset + output] = Float(bias)
    }
  }

  /// Turns the gradient by the folded weights, in place, into that by the reader's own; gives that by the affine.
  func unfold(
    gradient: UnsafeMutablePointer<Float>, of reader: Reader, parameters: UnsafePointer<Float>
  ) -> Gradient {
    var result = Gradient(
      scales: [Double](repeating: 0, count: scales.count), shifts: [Double](repeating: 0, count: scales.count))
    for output in 0..<reader.outputs {
      let biasGradient = gradient[reader.biasOffset + output]
      for channel in scales.indices {
        let start = reader.weightOffset + output * reader.stride + channel * reader.places
        for place in start..<start + reader.places {
          result.scales[channel] += Double(gradient[place] * parameters[place])
          result.shifts[channel] += Double(biasGradient * parameters[place])
          gradient[place] = gradient[place] * scales[channel] + biasGradient * shifts[channel]
        }
      }
    }
    return result
  }
}

extension ConvolutionBlock {
  /// Its weights as the reader of its input's channels.
  public var reader: ChannelAffine.Reader {
    ChannelAffine.Reader(
      outputs: weight.shape[0], stride: 3 * weight.shape[1], places: 3, weightOffset: weight.offset,
      biasOffset: bias.offset)
  }
}

extension Linear {
  /// Its weights as the reader of channels that each have `places` inputs side by side, from the first input on.
  public func reader(places: Int) -> ChannelAffine.Reader {
    ChannelAffine.Reader(
      outputs: outputs, stride: inputs, places: places, weightOffset: weight.offset, biasOffset: bias.offset)
  }
}
