import CKernels
import NeuralNetwork
import Reproducibility

/// Normally distributed values; the same ones for a count.
func randomBuffer(_ count: Int, scale: Float = 1) -> FloatBuffer {
  let buffer = FloatBuffer(count: count)
  var generator = SeededGenerator(seed: UInt64(count))
  for i in 0..<count { buffer.pointer[i] = scale * Float(generator.normal()) }
  return buffer
}

/// One block with random weights on one song.
final class ConvolutionWork {
  private var block: akin_conv_block
  private let packed, input, bias, output, outputGradient, inputGradient, gradient: FloatBuffer
  private var winners: [UInt8]

  init(_ block: akin_conv_block) {
    self.block = block
    let inputs = Int(block.inputFrames * block.inputBands * block.inputChannels)
    let pools = (block.inputFrames - 2) / block.poolFrames * (block.inputBands / block.poolBands)
    let outputs = Int(pools * block.outputChannels)
    packed = FloatBuffer(count: Int(akin_conv_block_packed_count(&self.block)))
    input = randomBuffer(inputs)
    bias = FloatBuffer(count: Int(block.outputChannels))
    output = FloatBuffer(count: outputs)
    outputGradient = randomBuffer(outputs)
    inputGradient = FloatBuffer(count: inputs)
    gradient = FloatBuffer(count: Int(akin_conv_block_gradient_count(&self.block)))
    winners = [UInt8](repeating: 0, count: outputs)
    let weights = randomBuffer(Int(3 * block.inputChannels * block.outputChannels))
    akin_conv_block_pack(&self.block, weights.pointer, packed.pointer)
    forward(winners: true)
  }

  func forward(winners wanted: Bool) {
    winners.withUnsafeMutableBufferPointer { winners in
      akin_conv_block_forward(
        &block, input.pointer, packed.pointer, bias.pointer, output.pointer, wanted ? winners.baseAddress : nil)
    }
  }

  func forwardReference() {
    akin_reference_conv_block_forward(
      &block, input.pointer, packed.pointer, bias.pointer, output.pointer, &winners)
  }

  func backward() {
    akin_conv_block_backward(
      &block, input.pointer, packed.pointer, output.pointer, winners, outputGradient.pointer,
      block.inputChannels == 1 ? nil : inputGradient.pointer, gradient.pointer)
  }

  func backwardReference() {
    akin_reference_conv_block_backward(
      &block, input.pointer, packed.pointer, output.pointer, winners, outputGradient.pointer,
      block.inputChannels == 1 ? nil : inputGradient.pointer, gradient.pointer)
  }
}

/// One direction of the network's GRU on four songs.
final class GRUWork {
  private var gru = akin_gru(steps: 160, batch: 4, inputSize: 32, hiddenSize: 64)
  private let packed, input, state, saved, workspace, inputGradient: FloatBuffer
  private let gradients: [FloatBuffer]

  init() {
    let (gates, inputs, hidden) = (192, 32, 64)
    packed = FloatBuffer(count: Int(akin_gru_packed_count(&gru)))
    input = randomBuffer(160 * 4 * inputs)
    state = FloatBuffer(count: 4 * hidden)
    saved = FloatBuffer(count: Int(akin_gru_saved_count(&gru)))
    workspace = FloatBuffer(count: Int(akin_gru_workspace_count(&gru)))
    inputGradient = FloatBuffer(count: input.count)
    gradients = [gates * inputs, gates * hidden, gates, gates].map { FloatBuffer(count: $0) }
    let weights = [gates * inputs, gates * hidden, gates].map { randomBuffer($0, scale: 0.1) }
    akin_gru_pack(
      &gru, weights[0].pointer, weights[1].pointer, weights[2].pointer, weights[2].pointer, packed.pointer)
  }

  private var gradient: akin_gru_gradient {
    akin_gru_gradient(
      weightInput: gradients[0].pointer, weightHidden: gradients[1].pointer, biasInput: gradients[2].pointer,
      biasHidden: gradients[3].pointer)
  }

  func forward() {
    akin_gru_forward(&gru, false, input.pointer, packed.pointer, state.pointer, 64, nil, workspace.pointer)
  }

  func forwardReference() {
    akin_reference_gru_forward(&gru, false, input.pointer, packed.pointer, state.pointer, 64, nil, workspace.pointer)
  }

  /// Backward uses up what forward saved.
  func backward() {
    akin_gru_forward(&gru, false, input.pointer, packed.pointer, state.pointer, 64, saved.pointer, workspace.pointer)
    akin_gru_backward(
      &gru, false, input.pointer, packed.pointer, saved.pointer, state.pointer, 64, inputGradient.pointer, gradient,
      workspace.pointer)
  }

  func backwardReference() {
    akin_reference_gru_forward(
      &gru, false, input.pointer, packed.pointer, state.pointer, 64, saved.pointer, workspace.pointer)
    akin_reference_gru_backward(
      &gru, false, input.pointer, packed.pointer, saved.pointer, state.pointer, 64, inputGradient.pointer, gradient,
      workspace.pointer)
  }
}

/// 30 s at 44,100 Hz to half the rate, with as many taps as `AudioDecoding` takes.
final class DecimationWork {
  private static let (outputs, tapsPerPhase) = (30 * 22_050, 68)
  private var decimation = akin_decimation(
    factor: 2, tapsPerPhase: Int32(tapsPerPhase),
    phaseStride: Int64(outputs + tapsPerPhase - 1 + Int(AKIN_DECIMATION_SPARE)))
  private let phases, taps, output: FloatBuffer

  init() {
    phases = randomBuffer(2 * Int(decimation.phaseStride))
    taps = randomBuffer(2 * Self.tapsPerPhase)
    output = FloatBuffer(count: Self.outputs)
  }

  func kernel() {
    akin_decimate(&decimation, phases.pointer, taps.pointer, output.pointer, Int64(Self.outputs))
  }

  func reference() {
    akin_reference_decimate(&decimation, phases.pointer, taps.pointer, output.pointer, Int64(Self.outputs))
  }
}

/// A stretch of codes of random directions, and queries at a level that few of them reach.
final class CodesWork {
  private static let (rows, dimension, queryCount, level) = (10_000, 60, 96, 0.6)
  private let codes: UnsafeMutablePointer<UInt8>
  private let blocks: UnsafeMutablePointer<akin_code_block>
  private let queryCodes: UnsafeMutablePointer<Int8>
  private let candidates: UnsafeMutablePointer<akin_code_candidate>
  private var queries: [akin_code_query] = []
  private let blockCount: Int

  init() {
    let dimension = Int32(Self.dimension)
    let rowsPerBlock = Int(AKIN_CODE_ROWS)
    blockCount = (Self.rows + rowsPerBlock - 1) / rowsPerBlock
    let (blockSize, querySize) = (Int(akin_code_block_size(dimension)), Int(akin_code_query_size(dimension)))
    codes = .allocate(capacity: blockCount * blockSize)
    blocks = .allocate(capacity: blockCount)
    queryCodes = .allocate(capacity: Self.queryCount * querySize)
    candidates = .allocate(capacity: blockCount * rowsPerBlock * Self.queryCount)
    // Their length is about 1.
    let scale = Float(1 / Double(Self.dimension).squareRoot())
    let vectors = randomBuffer(Self.rows * Self.dimension, scale: scale)
    for block in 0..<blockCount {
      let first = block * rowsPerBlock
      akin_codes_encode_block(
        Int32(min(rowsPerBlock, Self.rows - first)), dimension, vectors.pointer + first * Self.dimension,
        Int64(Self.dimension), codes + block * blockSize, blocks + block)
    }
    let asked = randomBuffer(Self.queryCount * Self.dimension, scale: scale)
    for query in 0..<Self.queryCount {
      var coded = akin_codes_encode_query(
        dimension, asked.pointer + query * Self.dimension, 0, queryCodes + query * querySize)
      akin_code_query_set_level(&coded, Self.level)
      queries.append(coded)
    }
  }

  deinit {
    codes.deallocate()
    blocks.deallocate()
    queryCodes.deallocate()
    candidates.deallocate()
  }

  private var described: akin_codes {
    akin_codes(rows: Int64(Self.rows), dimension: Int32(Self.dimension), codes: codes, blocks: blocks)
  }

  func kernel() {
    var codes = described
    _ = akin_codes_scan(&codes, 0, Int64(blockCount), queries, Int32(Self.queryCount), candidates)
  }

  func reference() {
    var codes = described
    _ = akin_reference_codes_scan(&codes, 0, Int64(blockCount), queries, Int32(Self.queryCount), candidates)
  }
}
