import NeuralNetwork
import Reproducibility

/// A network that hears what kind of music it is, in patches of some seconds: blocks of a convolution 3 × 3, batch
/// normalisation, ReLU and max-pooling 2 × 2; the mean and the maximum of what is left over frames and bands; a dense
/// layer. A song's vector is the mean over its patches.
///
/// This is the architecture: the layers, and where their weights lie in a flat buffer. `CharacterPass` computes it.
/// Names and layouts of the weights are those of this PyTorch module, on inputs `[batch, 1, frames, bands]`:
///
///     convolutions = nn.ModuleList(nn.Conv2d(…, 3, padding=1, bias=False))
///     normalisations = nn.ModuleList(nn.BatchNorm2d(…))        # then ReLU and MaxPool2d(2)
///     dense = nn.Linear(2 * channels, outputs)                 # of the means, then the maxima
///     auxiliary = nn.Linear(2 * channels, …)                   # in training only
public struct CharacterNetwork: Sendable {
  /// The shape.
  public let configuration: CharacterConfiguration
  /// Where the weights lie.
  public let layout: ParameterLayout

  let convolutions: [SquareConvolution]
  /// One after each convolution.
  package let normalisations: [NormalisedPooling]
  let dense: Linear
  /// What is learned beside the vector, so that the layers below hear more; nil in a finished network. Its weights lie
  /// last, so that dropping them only shortens the buffer.
  let auxiliary: Linear?

  /// The number of values of a patch: frames × bands.
  public var inputCount: Int { configuration.frameCount * configuration.melBandCount }
  /// The number of auxiliary outputs.
  public var auxiliaryOutputs: Int { auxiliary?.outputs ?? 0 }

  /// Lays a network out; `configuration.problem` must be nil.
  public init(_ configuration: CharacterConfiguration = CharacterConfiguration(), auxiliaryOutputs: Int = 0) {
    precondition(configuration.problem == nil, "no network has this shape: \(configuration.problem ?? "")")
    self.configuration = configuration
    var layout = ParameterLayout()
    var size = (frames: configuration.frameCount, bands: configuration.melBandCount)
    var channels = 1
    var convolutions: [SquareConvolution] = []
    var normalisations: [NormalisedPooling] = []
    for (index, outputs) in configuration.channels.enumerated() {
      convolutions.append(
        SquareConvolution("convolutions.\(index)", size: size, inputs: channels, outputs: outputs, layout: &layout))
      normalisations.append(
        NormalisedPooling("normalisations.\(index)", size: size, channels: outputs, layout: &layout))
      size = normalisations[index].pooled
      channels = outputs
    }
    (self.convolutions, self.normalisations) = (convolutions, normalisations)
    dense = Linear("dense", inputs: 2 * channels, outputs: configuration.outputs, layout: &layout)
    auxiliary =
      auxiliaryOutputs > 0
      ? Linear("auxiliary", inputs: 2 * channels, outputs: auxiliaryOutputs, layout: &layout) : nil
    self.layout = layout
  }

  /// Initial weights: He's for convolutions, Glorot's for dense layers.
  public func initialParameters(using generator: inout SeededGenerator) -> [Float] {
    let buffer = FloatBuffer(count: layout.count)
    for convolution in convolutions { convolution.initialise(buffer.pointer, using: &generator) }
    for layer in normalisations { layer.normalisation.initialise(buffer.pointer) }
    dense.initialise(buffer.pointer, using: &generator)
    auxiliary?.initialise(buffer.pointer, using: &generator)
    return Array(UnsafeBufferPointer(start: buffer.pointer, count: layout.count))
  }

  /// The same network without auxiliary outputs: the architecture of a finished model, whose weights are the first of
  /// this one's.
  public var finished: CharacterNetwork { CharacterNetwork(configuration) }
}

/// The shape of a ``CharacterNetwork``.
public struct CharacterConfiguration: Sendable, Hashable, Codable {
  /// Frames of a patch.
  public var frameCount = 64
  /// Mel bands of the input.
  public var melBandCount = 128
  /// The channels of each block, multiples of 8; each block halves frames and bands.
  public var channels = [16, 32, 64, 128, 256]
  /// The numbers of a vector.
  public var outputs = 200

  /// The shape of the network in the box.
  public init() {}

  /// Why no network has this shape; nil if one has.
  public var problem: String? {
    let halvings = channels.count
    guard (1...8).contains(halvings) else { return "it has \(halvings) blocks, not 1 to 8" }
    guard channels.allSatisfy({ $0 > 0 && $0 <= 1024 && $0.isMultiple(of: 8) }) else {
      return "its channels \(channels) are not multiples of 8 up to 1024"
    }
    for (name, count) in [("frames", frameCount), ("mel bands", melBandCount)] {
      guard count > 0, count <= 4096, count.isMultiple(of: 1 << halvings) else {
        return "\(count) \(name) cannot be halved \(halvings) times"
      }
    }
    return (1...4096).contains(outputs) ? nil : "it has \(outputs) outputs, not 1 to 4096"
  }
}
