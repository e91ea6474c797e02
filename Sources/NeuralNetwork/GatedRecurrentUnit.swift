import CKernels
import Reproducibility

/// One direction of a gated recurrent unit in PyTorch's form: gates in the order reset, update, new; two biases.
///
///     r = σ(W_ir x + b_ir + W_hr h + b_hr)
///     z = σ(W_iz x + b_iz + W_hz h + b_hz)
///     n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn))
///     h' = (1 - z) ⊙ n + z ⊙ h,   h₀ = 0
///
/// Sequences are `[steps][songs][features]`: a step is one product over all songs. Only the last state is output (paper
/// 2.3).
public struct GatedRecurrentUnit: Sendable {
  /// `[3 · units, inputs]`.
  public let inputWeight: Parameter
  /// `[3 · units, units]`.
  public let hiddenWeight: Parameter
  /// `[3 · units]`.
  public let inputBias: Parameter
  /// `[3 · units]`.
  public let hiddenBias: Parameter
  /// Whether the sequence is read from its end to its beginning.
  public let isReversed: Bool

  /// The indices of the layer's parameters, which are contiguous in the network's layout.
  public var parameterRange: Range<Int> { inputWeight.range.lowerBound..<hiddenBias.range.upperBound }
  /// The width of a step.
  public var inputs: Int { inputWeight.shape[1] }
  /// The width of the state.
  public var units: Int { hiddenWeight.shape[1] }

  /// Adds the parameters to `layout` under PyTorch's names, `name.weight_ih_l0` and so on.
  public init(_ name: String, inputs: Int, units: Int, isReversed: Bool, layout: inout ParameterLayout) {
    let suffix = isReversed ? "_l0_reverse" : "_l0"
    inputWeight = layout.append("\(name).weight_ih\(suffix)", shape: [3 * units, inputs])
    hiddenWeight = layout.append("\(name).weight_hh\(suffix)", shape: [3 * units, units])
    inputBias = layout.append("\(name).bias_ih\(suffix)", shape: [3 * units])
    hiddenBias = layout.append("\(name).bias_hh\(suffix)", shape: [3 * units])
    self.isReversed = isReversed
  }

  /// Draws the initial weights, as in Keras.
  public func initialise(_ parameters: UnsafeMutablePointer<Float>, using generator: inout SeededGenerator) {
    Initialisation.glorotUniform(
      parameters + inputWeight.offset, count: inputWeight.count, fanIn: inputs, fanOut: 3 * units, using: &generator)
    // Keras makes the whole units × 3·units recurrent kernel orthogonal; PyTorch's layout is its transpose.
    Initialisation.orthogonal(
      parameters + hiddenWeight.offset, rows: 3 * units, columns: units, using: &generator)
    (parameters + inputBias.offset).update(repeating: 0, count: inputBias.count)
    (parameters + hiddenBias.offset).update(repeating: 0, count: hiddenBias.count)
  }

  /// The kernels' description of `songs` sequences of `steps` steps.
  private func shape(steps: Int, songs: Int) -> akin_gru {
    precondition(steps > 0 && songs > 0, "\(songs) sequences of \(steps) steps")
    return akin_gru(
      steps: Int32(steps), batch: Int32(songs), inputSize: Int32(inputs), hiddenSize: Int32(units))
  }

  /// The number of floats of the weights as the kernels read them.
  public var packedCount: Int {
    withUnsafePointer(to: shape(steps: 1, songs: 1)) { Int(akin_gru_packed_count($0)) }
  }

  /// Arranges the weights for the kernels; `packed` has `packedCount` floats.
  public func pack(parameters: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
    withUnsafePointer(to: shape(steps: 1, songs: 1)) {
      akin_gru_pack(
        $0, parameters + inputWeight.offset, parameters + hiddenWeight.offset, parameters + inputBias.offset,
        parameters + hiddenBias.offset, packed)
    }
  }

  /// What a forward pass keeps for the backward pass, and the workspace of both.
  public final class Trace {
    fileprivate let shape: akin_gru
    /// What the kernel keeps of each step; nil if no backward pass follows.
    fileprivate let saved: FloatBuffer?
    fileprivate let workspace: FloatBuffer

    /// Buffers for `songs` sequences of `steps` steps.
    public init(_ layer: GatedRecurrentUnit, steps: Int, songs: Int, isTraining: Bool) {
      let shape = layer.shape(steps: steps, songs: songs)
      self.shape = shape
      (saved, workspace) = withUnsafePointer(to: shape) {
        (
          isTraining ? FloatBuffer(count: Int(akin_gru_saved_count($0))) : nil,
          FloatBuffer(count: Int(akin_gru_workspace_count($0)))
        )
      }
    }
  }

  /// Reads `[steps][songs][inputs]`, and writes each song's last state, `units` values, `stride` values apart.
  public func forward(
    input: UnsafePointer<Float>, packed: UnsafePointer<Float>, trace: Trace, lastState: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    withUnsafePointer(to: trace.shape) {
      akin_gru_forward(
        $0, isReversed, input, packed, lastState, Int64(stride), trace.saved?.pointer, trace.workspace.pointer)
    }
  }

  /// Backpropagation through time from the gradient of the last states, in their layout. Adds to `gradient` and to
  /// `inputGradient`, `[steps][songs][inputs]`. Overwrites the trace: each backward pass needs a forward pass of its
  /// own.
  public func backward(
    input: UnsafePointer<Float>, packed: UnsafePointer<Float>, trace: Trace, stateGradient: UnsafePointer<Float>,
    stride: Int, inputGradient: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<Float>
  ) {
    guard let saved = trace.saved else { preconditionFailure("a trace without training keeps no steps") }
    let gradients = akin_gru_gradient(
      weightInput: gradient + inputWeight.offset, weightHidden: gradient + hiddenWeight.offset,
      biasInput: gradient + inputBias.offset, biasHidden: gradient + hiddenBias.offset)
    withUnsafePointer(to: trace.shape) {
      akin_gru_backward(
        $0, isReversed, input, packed, saved.pointer, stateGradient, Int64(stride), inputGradient, gradients,
        trace.workspace.pointer)
    }
  }
}
