/// Batch normalisation of channels (Ioffe and Szegedy 2015), `y = weight · (x - mean) / √(variance + ε) + bias`, folded
/// into the layer that reads `y`. Training uses the mean and variance of the batch, a finished model the running ones.
public struct BatchNormalisation: Sendable {
  /// `[channels]`, the factor γ.
  public let weight: Parameter
  /// `[channels]`, the summand β.
  public let bias: Parameter
  /// `[channels]`; updated by ``updateRunningStatistics(with:in:)``, not by a gradient.
  public let runningMean: Parameter
  /// `[channels]`, likewise for the variance.
  public let runningVariance: Parameter
  private let reader: ChannelAffine.Reader

  private static let epsilon = 1e-5
  /// The weight of the newest batch in the running statistics; PyTorch's.
  private static let momentum: Float = 0.1

  /// Adds the parameters to `layout` under `name`, with PyTorch's names; `reader` is the layer that reads the output.
  public init(_ name: String, channels: Int, reader: ChannelAffine.Reader, layout: inout ParameterLayout) {
    weight = layout.append("\(name).weight", shape: [channels])
    bias = layout.append("\(name).bias", shape: [channels])
    runningMean = layout.append("\(name).running_mean", shape: [channels])
    runningVariance = layout.append("\(name).running_var", shape: [channels])
    self.reader = reader
  }

  /// The number of channels.
  public var channelCount: Int { weight.count }

  /// Scale 1, shift 0.
  public func initialise(_ parameters: UnsafeMutablePointer<Float>) {
    (parameters + weight.offset).update(repeating: 1, count: weight.count)
    (parameters + bias.offset).update(repeating: 0, count: bias.count)
    (parameters + runningMean.offset).update(repeating: 0, count: runningMean.count)
    (parameters + runningVariance.offset).update(repeating: 1, count: runningVariance.count)
  }

  /// The scale and shift that normalise with these statistics.
  public func affine(_ statistics: ChannelStatistics, parameters: UnsafePointer<Float>) -> ChannelAffine {
    let scales = (0..<channelCount).map { channel in
      Double(parameters[weight.offset + channel]) / (statistics.variances[channel] + Self.epsilon).squareRoot()
    }
    return ChannelAffine(
      scales: scales.map { Float($0) },
      shifts: (0..<channelCount).map { channel in
        Float(Double(parameters[bias.offset + channel]) - statistics.means[channel] * scales[channel])
      })
  }

  /// Overwrites the reader's weights in `folded` with weights that include the normalisation.
  public func fold(
    _ affine: ChannelAffine, parameters: UnsafePointer<Float>, folded: UnsafeMutablePointer<Float>
  ) {
    affine.fold(into: reader, parameters: parameters, folded: folded)
  }

  /// The same with the running statistics, for a finished model.
  public func foldRunning(parameters: UnsafePointer<Float>, folded: UnsafeMutablePointer<Float>) {
    let statistics = ChannelStatistics(
      count: 0, means: runningMean.range.map { Double(parameters[$0]) },
      variances: runningVariance.range.map { Double(parameters[$0]) })
    fold(affine(statistics, parameters: parameters), parameters: parameters, folded: folded)
  }

  /// Moves the running statistics towards those of a batch.
  public func updateRunningStatistics(with statistics: ChannelStatistics, in parameters: inout [Float]) {
    // The unbiased variance, as in PyTorch.
    let correction = Double(statistics.count) / Double(max(1, statistics.count - 1))
    for channel in 0..<channelCount {
      let (mean, variance) = (runningMean.offset + channel, runningVariance.offset + channel)
      parameters[mean] += Self.momentum * (Float(statistics.means[channel]) - parameters[mean])
      parameters[variance] += Self.momentum * (Float(statistics.variances[channel] * correction) - parameters[variance])
    }
  }

  /// What is added to the gradient of the input since the statistics depend on it too: `constant + slope · x`, for each
  /// channel.
  public struct InputCorrection: Sendable {
    /// The constant of each channel.
    public var constants: [Float]
    /// The slope of each channel.
    public var slopes: [Float]
  }

  /// Converts the gradient with respect to the reader's folded weights, in place, to that with respect to its own
  /// weights, and adds the gradients of γ and β.
  public func backward(
    _ affine: ChannelAffine, statistics: ChannelStatistics, parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) -> InputCorrection {
    let byAffine = affine.unfold(gradient: gradient, of: reader, parameters: parameters)
    var correction = InputCorrection(constants: affine.shifts, slopes: affine.shifts)
    let count = Double(statistics.count)
    for channel in 0..<channelCount {
      let (mean, variance) = (statistics.means[channel], statistics.variances[channel] + Self.epsilon)
      let byShift = byAffine.shifts[channel]
      // shift = bias - mean · scale, so the scale acts through the shift too.
      let byScale = byAffine.scales[channel] - mean * byShift
      gradient[weight.offset + channel] += Float(byScale / variance.squareRoot())
      gradient[bias.offset + channel] += Float(byShift)
      let byMean = -Double(affine.scales[channel]) * byShift
      let byVariance = -0.5 * byScale * Double(affine.scales[channel]) / variance
      let slope = 2 * byVariance / count
      correction.slopes[channel] = Float(slope)
      correction.constants[channel] = Float(byMean / count - slope * mean)
    }
    return correction
  }
}
