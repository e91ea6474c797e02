import NeuralNetwork
import Reproducibility

/// The paralleling recurrent convolutional network (paper 2.3): a convolutional block beside a bidirectional GRU.
///
/// This is the architecture: the layers, and where their weights lie in a flat buffer. `PRCNNPass` computes it. Names
/// and layouts of the weights are those of this PyTorch module:
///
///     convolutions = nn.ModuleList(nn.Conv2d(…, kernel_size=(3, 1)))   # input [batch, 1, frames, bands]
///     embedding = nn.Linear(bands / 2, 32)
///     gru = nn.GRU(32, 64, batch_first=True, bidirectional=True)
///     dense = nn.Linear(256 + 128, 60)
///     classifier = nn.Linear(60, classes)                              # in pre-training only
public struct PRCNN: Sendable {
  /// The shape.
  public let configuration: PRCNNConfiguration
  /// The number of classes of the pre-training head; nil if there is none. The head's weights lie last, so that
  /// dropping it only shortens the buffer.
  public let classCount: Int?
  /// Where the weights lie.
  public let layout: ParameterLayout

  let convolutions: [ConvolutionBlock]
  let sequencePooling: MaxPooling
  let embedding: Linear
  let forwardGRU: GatedRecurrentUnit
  let backwardGRU: GatedRecurrentUnit
  let dense: Linear
  /// One after each convolution's pool; empty in a finished model, whose weights have them folded in.
  package let normalisations: [BatchNormalisation]
  let classifier: Linear?

  /// The number of values of one song's input.
  public var inputCount: Int { configuration.frameCount * configuration.melBandCount }

  /// The number of features of a song that the convolutional block gives the head.
  var convolutionFeatureCount: Int { convolutions.last?.outputCount ?? 0 }

  /// Lays a network out; `configuration.problem` must be nil.
  ///
  /// - Parameter isNormalised: whether it trains with batch normalisation after each pool, which ``folded(_:)``
  ///   removes.
  public init(
    _ configuration: PRCNNConfiguration = PRCNNConfiguration(), classCount: Int? = nil, isNormalised: Bool = false
  ) {
    precondition(configuration.problem == nil, "no network has this shape: \(configuration.problem ?? "")")
    self.configuration = configuration
    self.classCount = classCount
    var layout = ParameterLayout()
    var shape = (frames: configuration.frameCount, bands: configuration.melBandCount, channels: 1)
    var convolutions: [ConvolutionBlock] = []
    for (index, (filters, pool)) in zip(configuration.filters, configuration.pools).enumerated() {
      let block = ConvolutionBlock(
        "convolutions.\(index)", inputShape: shape, outputChannels: filters, pool: (pool.frames, pool.bands),
        layout: &layout)
      shape = block.outputShape
      convolutions.append(block)
    }
    self.convolutions = convolutions
    let pool = configuration.sequencePool
    sequencePooling = MaxPooling(
      inputShape: (configuration.frameCount, configuration.melBandCount), pool: (pool.frames, pool.bands))
    let (width, units) = (configuration.sequenceWidth, configuration.recurrentUnits)
    embedding = Linear("embedding", inputs: sequencePooling.outputShape.bands, outputs: width, layout: &layout)
    forwardGRU = GatedRecurrentUnit("gru", inputs: width, units: units, isReversed: false, layout: &layout)
    backwardGRU = GatedRecurrentUnit("gru", inputs: width, units: units, isReversed: true, layout: &layout)
    let features = shape.frames * shape.bands * shape.channels + 2 * units
    dense = Linear("dense", inputs: features, outputs: configuration.embeddingDimension, layout: &layout)
    normalisations = isNormalised ? Self.normalisations(of: convolutions, head: dense, layout: &layout) : []
    classifier = classCount.map {
      Linear("classifier", inputs: configuration.embeddingDimension, outputs: $0, layout: &layout)
    }
    self.layout = layout
  }

  /// One normalisation after each convolution's pool.
  private static func normalisations(
    of convolutions: [ConvolutionBlock], head: Linear, layout: inout ParameterLayout
  ) -> [BatchNormalisation] {
    guard let last = convolutions.last?.outputShape else { return [] }
    // The head reads what the last pool writes; each other pool's output goes to the next convolution.
    let readers = convolutions.dropFirst().map(\.reader) + [head.reader(inputsPerChannel: last.frames * last.bands)]
    return zip(convolutions, readers).enumerated().map { index, item in
      BatchNormalisation(
        "normalisations.\(index)", channels: item.0.outputShape.channels, reader: item.1, layout: &layout)
    }
  }

  /// Initial weights as in Keras: Glorot uniform, orthogonal recurrent ones, zero biases.
  public func initialParameters(using generator: inout SeededGenerator) -> [Float] {
    let buffer = FloatBuffer(count: layout.count)
    for block in convolutions { block.initialise(buffer.pointer, using: &generator) }
    embedding.initialise(buffer.pointer, using: &generator)
    forwardGRU.initialise(buffer.pointer, using: &generator)
    backwardGRU.initialise(buffer.pointer, using: &generator)
    dense.initialise(buffer.pointer, using: &generator)
    for layer in normalisations { layer.normalisation.initialise(buffer.pointer) }
    classifier?.initialise(buffer.pointer, using: &generator)
    return Array(UnsafeBufferPointer(start: buffer.pointer, count: layout.count))
  }

  /// The same network without normalisations and classifier: the architecture of a finished model.
  public var finished: PRCNN { PRCNN(configuration) }

  /// The weights of the ``finished`` network, with the normalisations folded in by their running statistics. It gives
  /// the same embedding of any input.
  public func folded(_ parameters: [Float]) -> [Float] {
    precondition(parameters.count == layout.count, "\(parameters.count) of \(layout.count) weights")
    var folded = parameters
    parameters.withUnsafeBufferPointer { parameters in
      folded.withUnsafeMutableBufferPointer { folded in
        guard let source = parameters.baseAddress, let target = folded.baseAddress else { return }
        for normalisation in normalisations { normalisation.foldRunning(parameters: source, folded: target) }
      }
    }
    // Normalisations and classifier lie last.
    return Array(folded[..<finished.layout.count])
  }
}
