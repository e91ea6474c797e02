#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// One direction of a gated recurrent unit in PyTorch's form: gates in the order reset, update, new; two biases.
///
///     r = σ(W_ir x + b_ir + W_hr h + b_hr)
///     z = σ(W_iz x + b_iz + W_hz h + b_hz)
///     n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn))
///     h' = (1 - z) ⊙ n + z ⊙ h,   h₀ = 0
///
/// Sequences are `[steps][songs][features]`: all input projections are one product, each step a small one over the
/// songs. Only the last state leaves the layer (paper 2.3).
public struct GatedRecurrentUnit: Sendable {
  /// `[3 · units, inputs]`.
  public let inputWeight: Parameter
  /// `[3 · units, units]`.
  public let hiddenWeight: Parameter
  /// `[3 · units]`.
  public let inputBias: Parameter
  /// `[3 · units]`.
  public let hiddenBias: Parameter
  /// Whether the sequence is read from its end.
  public let isReversed: Bool

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

  /// What a forward pass leaves for the backward pass.
  public final class Trace {
    /// The length of a sequence.
    public let steps: Int
    /// The number of sequences side by side.
    public let songs: Int
    /// `[steps][songs][3 · units]`: the activated gates r, z, n, by step.
    let gates: FloatBuffer
    /// `[steps][songs][units]`: W_hn h + b_hn, by step.
    let newFromHidden: FloatBuffer
    /// `[steps + 1][songs][units]`: the states in the order of reading, the first zero.
    let states: FloatBuffer
    /// `[steps][songs][3 · units]`: the gradient before the gates on the input's side, by step.
    let fromInput: FloatBuffer
    /// `[steps][songs][3 · units]`: the same on the hidden side, in the order of reading.
    let fromHidden: FloatBuffer
    /// The last state, `[songs][units]`.
    public var lastState: UnsafePointer<Float> { UnsafePointer(states.pointer + steps * songs * units) }
    private let units: Int

    /// Buffers for `songs` sequences; those of the backward pass only where it is wanted.
    public init(steps: Int, songs: Int, units: Int, isTraining: Bool) {
      self.units = units
      self.steps = steps
      self.songs = songs
      gates = FloatBuffer(count: steps * songs * 3 * units)
      newFromHidden = FloatBuffer(count: steps * songs * units)
      states = FloatBuffer(count: (steps + 1) * songs * units)
      fromInput = FloatBuffer(count: isTraining ? steps * songs * 3 * units : 0)
      fromHidden = FloatBuffer(count: isTraining ? steps * songs * 3 * units : 0)
    }
  }

  /// The step that is read at `position`.
  private func step(at position: Int, of steps: Int) -> Int { isReversed ? steps - 1 - position : position }

  /// Reads `[steps][songs][inputs]`; the last state is `trace.lastState`.
  public func forward(input: UnsafePointer<Float>, parameters: UnsafePointer<Float>, trace: Trace) {
    let (steps, songs, width) = (trace.steps, trace.songs, 3 * units)
    let gates = trace.gates.pointer  // steps·songs × 3·units
    for row in 0..<(steps * songs) {
      (gates + row * width).update(from: parameters + inputBias.offset, count: width)
    }
    multiply(
      Matrix(input, rows: steps * songs, columns: inputs),
      Matrix(parameters + inputWeight.offset, rows: width, columns: inputs).transposed, into: gates,
      accumulating: true)
    let hidden = FloatBuffer(count: songs * width)  // songs × 3·units
    let hiddenWeights = Matrix(parameters + hiddenWeight.offset, rows: width, columns: units).transposed
    for position in 0..<steps {
      let step = step(at: position, of: steps)
      for song in 0..<songs {
        (hidden.pointer + song * width).update(from: parameters + hiddenBias.offset, count: width)
      }
      let previous = trace.states.pointer + position * songs * units
      multiply(
        Matrix(previous, rows: songs, columns: units), hiddenWeights, into: hidden.pointer, accumulating: true)
      for song in 0..<songs {
        let row = step * songs + song
        activate(
          gates: gates + row * width, hidden: hidden.pointer + song * width, previous: previous + song * units,
          newFromHidden: trace.newFromHidden.pointer + row * units,
          next: trace.states.pointer + ((position + 1) * songs + song) * units)
      }
    }
  }

  private func activate(
    gates: UnsafeMutablePointer<Float>, hidden: UnsafePointer<Float>, previous: UnsafePointer<Float>,
    newFromHidden: UnsafeMutablePointer<Float>, next: UnsafeMutablePointer<Float>
  ) {
    let units = units
    for i in 0..<units {
      let reset = 1 / (1 + expf(-(gates[i] + hidden[i])))
      let update = 1 / (1 + expf(-(gates[units + i] + hidden[units + i])))
      let fromHidden = hidden[2 * units + i]
      let new = tanhf(gates[2 * units + i] + reset * fromHidden)
      gates[i] = reset
      gates[units + i] = update
      gates[2 * units + i] = new
      newFromHidden[i] = fromHidden
      next[i] = (1 - update) * new + update * previous[i]
    }
  }

  /// Backward through time from the gradient of the last state, `[songs][units]`. Adds to `gradient`, and adds to
  /// `inputGradient`, `[steps][songs][inputs]`.
  public func backward(
    input: UnsafePointer<Float>, stateGradient: UnsafePointer<Float>, parameters: UnsafePointer<Float>, trace: Trace,
    inputGradient: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<Float>
  ) {
    let (steps, songs, units, width) = (trace.steps, trace.songs, units, 3 * units)
    let (fromInput, fromHidden) = (trace.fromInput, trace.fromHidden)
    let state = FloatBuffer(count: songs * units)
    state.pointer.update(from: stateGradient, count: songs * units)
    let hiddenWeights = Matrix(parameters + hiddenWeight.offset, rows: width, columns: units)
    for position in (0..<steps).reversed() {
      let step = step(at: position, of: steps)
      let hiddenRows = fromHidden.pointer + position * songs * width
      for song in 0..<songs {
        let row = step * songs + song
        deactivate(
          gates: trace.gates.pointer + row * width, newFromHidden: trace.newFromHidden.pointer + row * units,
          previous: trace.states.pointer + (position * songs + song) * units,
          state: state.pointer + song * units, fromInput: fromInput.pointer + row * width,
          fromHidden: hiddenRows + song * width)
      }
      // songs × 3·units times 3·units × units
      multiply(
        Matrix(hiddenRows, rows: songs, columns: width), hiddenWeights, into: state.pointer, accumulating: true)
    }
    let inputSide = Matrix(fromInput.pointer, rows: steps * songs, columns: width)
    let hiddenSide = Matrix(fromHidden.pointer, rows: steps * songs, columns: width)
    multiply(
      inputSide.transposed, Matrix(input, rows: steps * songs, columns: inputs),
      into: gradient + inputWeight.offset, accumulating: true)
    multiply(
      hiddenSide.transposed, Matrix(trace.states.pointer, rows: steps * songs, columns: units),
      into: gradient + hiddenWeight.offset, accumulating: true)
    addColumnSums(of: fromInput.pointer, rows: steps * songs, columns: width, to: gradient + inputBias.offset)
    addColumnSums(of: fromHidden.pointer, rows: steps * songs, columns: width, to: gradient + hiddenBias.offset)
    multiply(
      inputSide, Matrix(parameters + inputWeight.offset, rows: width, columns: inputs), into: inputGradient,
      accumulating: true)
  }

  /// One step of one song backward; `state` enters as ∂L/∂h' and leaves as the part of ∂L/∂h that skips the gates.
  private func deactivate(
    gates: UnsafePointer<Float>, newFromHidden: UnsafePointer<Float>, previous: UnsafePointer<Float>,
    state: UnsafeMutablePointer<Float>, fromInput: UnsafeMutablePointer<Float>,
    fromHidden: UnsafeMutablePointer<Float>
  ) {
    let units = units
    for i in 0..<units {
      let (reset, update, new) = (gates[i], gates[units + i], gates[2 * units + i])
      let newGradient = state[i] * (1 - update) * (1 - new * new)
      let updateGradient = state[i] * (previous[i] - new) * update * (1 - update)
      let resetGradient = newGradient * newFromHidden[i] * reset * (1 - reset)
      fromInput[i] = resetGradient
      fromInput[units + i] = updateGradient
      fromInput[2 * units + i] = newGradient
      fromHidden[i] = resetGradient
      fromHidden[units + i] = updateGradient
      fromHidden[2 * units + i] = newGradient * reset
      state[i] *= update
    }
  }
}
