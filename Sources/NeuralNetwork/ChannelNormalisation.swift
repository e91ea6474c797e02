/// The parameters and the arithmetic of batch normalisation (Ioffe and Szegedy 2015), channel by channel:
/// `y = weight · (x - mean) / √(variance + ε) + bias`, a ``ChannelAffine``. ``BatchNormalisation`` and
/// ``NormalisedPooling`` apply it.
///
/// Training uses the mean and variance of the batch, a finished model the running ones.
public struct ChannelNormalisation: Sendable {
  /// `[channels]`, the factor γ.
  public let weight: Parameter
  /// `[channels]`, the summand β.
  public let bias: Parameter
  /// `[channels]`; updated by ``updateRunningStatistics(with:in:)``, not by a gradient.
  public let runningMean: Parameter
  /// `[channels]`, likewise for the variance.
  public let runningVariance: Parameter

  private static let epsilon = 1e-5
  /// The weight of the newest batch in the running statistics; PyTorch's.
  private static let momentum: Float = 0.1

  /// Adds the parameters to `layout` under `name`, with PyTorch's names.
  init(_ name: String, channels: Int, layout: inout ParameterLayout) {
    weight = layout.append("\(name).weight", shape: [channels])
    bias = layout.append("\(name).bias", shape: [channels])
    runningMean = layout.append("\(name).running_mean", shape: [channels])
    runningVariance = layout.append("\(name).running_var", shape: [channels])
  }

  /// The number of channels.
  public var channelCount: Int { weight.count }

  /// Scale 1, shift 0.
  public func initialise(_ parameters: UnsafeMutablePointer<Float>) {
    for (parameter, value) in [(weight, 1), (bias, 0), (runningMean, 0), (runningVariance, 1)] as [(Parameter, Float)] {
      (parameters + parameter.offset).update(repeating: value, count: parameter.count)
    }
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

  /// The same with the running statistics, for a finished model.
  public func runningAffine(parameters: UnsafePointer<Float>) -> ChannelAffine {
    affine(
      ChannelStatistics(
        count: 0, means: runningMean.range.map { Double(parameters[$0]) },
        variances: runningVariance.range.map { Double(parameters[$0]) }), parameters: parameters)
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

  /// Adds the gradients of γ and β.
  ///
  /// - Parameters:
  ///   - sums: for each channel the loss's gradient with respect to the scale, were the shift another parameter (Σ g x),
  ///     and with respect to the shift (Σ g).
  ///   - slope: −scale · byScale / (variance · count), of the gradient `byScale` with respect to the scale through
  ///     the shift too (Σ g (x − mean)). Each layer rounds it in its own order, so that a training gives the bits that it
  ///     always gave.
  func backward(
    _ sums: ChannelAffine.Gradient, _ affine: ChannelAffine, _ statistics: ChannelStatistics,
    gradient: UnsafeMutablePointer<Float>,
    slope: (_ byScale: Double, _ scale: Double, _ variance: Double, _ count: Double) -> Double
  ) -> InputCorrection {
    var correction = InputCorrection(constants: affine.shifts, slopes: affine.shifts)
    let count = Double(max(1, statistics.count))
    for channel in 0..<channelCount {
      let (mean, variance) = (statistics.means[channel], statistics.variances[channel] + Self.epsilon)
      let byShift = sums.shifts[channel]
      // shift = bias - mean · scale, so the scale acts through the shift too.
      let byScale = sums.scales[channel] - mean * byShift
      gradient[weight.offset + channel] += Float(byScale / variance.squareRoot())
      gradient[bias.offset + channel] += Float(byShift)
      let scale = Double(affine.scales[channel])
      let slope = slope(byScale, scale, variance, count)
      correction.slopes[channel] = Float(slope)
      correction.constants[channel] = Float(-scale * byShift / count - slope * mean)
    }
    return correction
  }
}
