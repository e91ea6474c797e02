/// Batch normalisation of channels, folded into the layer that reads its output: see ``ChannelNormalisation``.
public struct BatchNormalisation: Sendable {
  /// The parameters, and the scales and shifts that they make of statistics.
  public let normalisation: ChannelNormalisation
  private let reader: ChannelAffine.Reader

  /// Adds the parameters to `layout` under `name`, with PyTorch's names; `reader` is the layer that reads the output.
  public init(_ name: String, channels: Int, reader: ChannelAffine.Reader, layout: inout ParameterLayout) {
    normalisation = ChannelNormalisation(name, channels: channels, layout: &layout)
    self.reader = reader
  }

  /// Overwrites the reader's weights in `folded` with weights that include the normalisation.
  public func fold(
    _ affine: ChannelAffine, parameters: UnsafePointer<Float>, folded: UnsafeMutablePointer<Float>
  ) {
    affine.fold(into: reader, parameters: parameters, folded: folded)
  }

  /// The same with the running statistics, for a finished model.
  public func foldRunning(parameters: UnsafePointer<Float>, folded: UnsafeMutablePointer<Float>) {
    fold(normalisation.runningAffine(parameters: parameters), parameters: parameters, folded: folded)
  }

  /// Converts the gradient with respect to the reader's folded weights, in place, to that with respect to its own
  /// weights, and adds the gradients of γ and β.
  public func backward(
    _ affine: ChannelAffine, statistics: ChannelStatistics, parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) -> ChannelNormalisation.InputCorrection {
    let byAffine = affine.unfold(gradient: gradient, of: reader, parameters: parameters)
    return normalisation.backward(byAffine, affine, statistics, gradient: gradient) {
      byScale, scale, variance, count in
      let byVariance = -0.5 * byScale * scale / variance
      return 2 * byVariance / count
    }
  }
}
