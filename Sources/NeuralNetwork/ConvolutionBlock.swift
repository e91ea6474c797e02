import CKernels
import Reproducibility

/// Convolution (kernel 3 along time × 1 along frequency, stride 1, no padding), bias, ReLU and max-pooling (size =
/// stride) in one step (paper 2.3).
///
/// Activations are channels-last, `[frames][bands][channels]`. The activation at full resolution is never written: a
/// byte remembers the winner of each pool, and the backward pass goes through the winners only.
public struct ConvolutionBlock: Sendable {
  /// `[outputChannels, inputChannels, 3, 1]`.
  public let weight: Parameter
  /// `[outputChannels]`.
  public let bias: Parameter
  /// The number of values of one song's input: frames × bands × channels.
  public let inputCount: Int
  /// The output's shape: frames × bands × channels.
  public let outputShape: (frames: Int, bands: Int, channels: Int)
  /// The number of values of one song's output.
  public var outputCount: Int { outputShape.frames * outputShape.bands * outputShape.channels }

  private let shape: akin_conv_block

  /// Adds a block's parameters to `layout` under `name`.
  public init(
    _ name: String, inputShape: (frames: Int, bands: Int, channels: Int), outputChannels: Int,
    pool: (frames: Int, bands: Int), layout: inout ParameterLayout
  ) {
    outputShape = ((inputShape.frames - 2) / pool.frames, inputShape.bands / pool.bands, outputChannels)
    precondition(
      outputShape.frames > 0 && outputShape.bands > 0, "\(name): \(inputShape) is too small for pool \(pool)")
    precondition(pool.frames * pool.bands <= 255, "\(name): a winner of pool \(pool) does not fit a byte")
    inputCount = inputShape.frames * inputShape.bands * inputShape.channels
    weight = layout.append("\(name).weight", shape: [outputChannels, inputShape.channels, 3, 1])
    bias = layout.append("\(name).bias", shape: [outputChannels])
    shape = akin_conv_block(
      inputFrames: Int32(inputShape.frames), inputBands: Int32(inputShape.bands),
      inputChannels: Int32(inputShape.channels), outputChannels: Int32(outputChannels),
      poolFrames: Int32(pool.frames), poolBands: Int32(pool.bands))
  }

  /// The number of floats of the weights as the kernels read them.
  public var packedCount: Int { withUnsafePointer(to: shape) { Int(akin_conv_block_packed_count($0)) } }
  /// The number of floats of a gradient as the kernels write it.
  public var gradientCount: Int { withUnsafePointer(to: shape) { Int(akin_conv_block_gradient_count($0)) } }

  /// Draws the initial weights, as in Keras.
  public func initialise(_ parameters: UnsafeMutablePointer<Float>, using generator: inout SeededGenerator) {
    Initialisation.glorotUniform(
      parameters + weight.offset, count: weight.count, fanIn: 3 * weight.shape[1], fanOut: 3 * weight.shape[0],
      using: &generator)
    (parameters + bias.offset).update(repeating: 0, count: bias.count)
  }

  /// Arranges the weights for the kernels; `packed` has `packedCount` floats.
  public func pack(parameters: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
    withUnsafePointer(to: shape) { akin_conv_block_pack($0, parameters + weight.offset, packed) }
  }

  /// Computes some frames of one song's output from the song's whole input into its whole output: several threads can
  /// share a song, and the result does not depend on how it is cut.
  ///
  /// - Parameters:
  ///   - frames: which frames of the output to compute, `aligned`; they need frames `input(of: frames)` of the input.
  ///   - input: the whole input, `inputShape`, channels innermost.
  ///   - packed: the weights as `pack` laid them out.
  ///   - parameters: the network's; the bias is read.
  ///   - output: the whole output, `outputShape`, channels innermost.
  ///   - winners: `outputCount` bytes; nil if no backward pass follows.
  public func forward(
    frames: Range<Int>, input: UnsafePointer<Float>, packed: UnsafePointer<Float>, parameters: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, winners: UnsafeMutablePointer<UInt8>?
  ) {
    precondition(
      frames.lowerBound >= 0 && frames.upperBound <= outputShape.frames, "\(frames) of \(outputShape.frames) frames")
    precondition(frames == aligned(frames), "\(frames) are not aligned")
    guard !frames.isEmpty else { return }
    let needed = self.input(of: frames)
    let offset = frames.lowerBound * outputShape.bands * outputShape.channels
    var part = shape
    part.inputFrames = Int32(needed.count)
    akin_conv_block_forward(
      &part, input + needed.lowerBound * Int(shape.inputBands * shape.inputChannels), packed, parameters + bias.offset,
      output + offset, winners.map { $0 + offset })
  }

  /// A range of frames, widened to those that the kernel computes together, so that the result is the same bits however
  /// a song is cut.
  public func aligned(_ frames: Range<Int>) -> Range<Int> {
    let end = (frames.upperBound + frameStep - 1) / frameStep * frameStep
    return frames.lowerBound / frameStep * frameStep..<min(end, outputShape.frames)
  }

  /// Frames of the output that the kernel computes together.
  private var frameStep: Int { withUnsafePointer(to: shape) { Int(akin_conv_block_frame_step($0)) } }

  /// The frames of the input that some frames of the output are computed from.
  public func input(of frames: Range<Int>) -> Range<Int> {
    let pool = Int(shape.poolFrames)
    return frames.lowerBound * pool..<frames.upperBound * pool + 2
  }

  /// The backward pass of one song: adds to `gradient` (`gradientCount` floats) and overwrites `inputGradient` unless
  /// it is nil.
  public func backward(
    input: UnsafePointer<Float>, packed: UnsafePointer<Float>, output: UnsafePointer<Float>,
    winners: UnsafePointer<UInt8>, outputGradient: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>?, gradient: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: shape) {
      akin_conv_block_backward($0, input, packed, output, winners, outputGradient, inputGradient, gradient)
    }
  }

  /// Adds a kernel's gradient to the network's.
  public func unpack(gradient: UnsafePointer<Float>, into parameterGradient: UnsafeMutablePointer<Float>) {
    withUnsafePointer(to: shape) {
      akin_conv_block_unpack_gradient(
        $0, gradient, parameterGradient + weight.offset, parameterGradient + bias.offset)
    }
  }
}
