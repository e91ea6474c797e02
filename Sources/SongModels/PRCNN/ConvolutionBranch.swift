import NeuralNetwork
import Reproducibility

/// The activations of a PRCNN's convolutional block for a batch. Forward, a task is one song or a part of it; backward,
/// it is `songsPerTask` songs, which share one gradient sum.
final class ConvolutionBranch {
  /// Songs whose gradients one task sums: few enough to keep many processors busy, enough to make adding the tasks'
  /// sums cheap.
  private static let songsPerTask = 2

  private let blocks: [ConvolutionBlock]
  private let threads: Int
  /// Each block's activations: for the whole batch in training, otherwise for one song of each worker.
  private let outputs: [FloatBuffer]
  private let winners: [UnsafeMutableBufferPointer<UInt8>]
  private let packed: [FloatBuffer]
  /// For each task and block the gradient as the kernels write it.
  private let gradients: [[FloatBuffer]]
  /// For each worker the gradients between the blocks: element `i` is with respect to the output of block `i`.
  private let scratch: [[FloatBuffer]]
  private let isTraining: Bool

  init(_ blocks: [ConvolutionBlock], capacity: Int, isTraining: Bool, threads: Int) {
    self.blocks = blocks
    self.isTraining = isTraining
    self.threads = threads
    packed = blocks.map { FloatBuffer(count: $0.packedCount) }
    let held = isTraining ? capacity : threads
    outputs = blocks.map { FloatBuffer(count: held * $0.outputCount) }
    winners = blocks.map {
      .allocate(capacity: isTraining ? capacity * $0.outputCount : 0)
    }
    for buffer in winners { buffer.initialize(repeating: 0) }
    let tasks = isTraining ? (capacity + Self.songsPerTask - 1) / Self.songsPerTask : 0
    gradients = (0..<tasks).map { _ in blocks.map { FloatBuffer(count: $0.gradientCount) } }
    scratch = (0..<(isTraining ? threads : 0)).map { _ in blocks.map { FloatBuffer(count: $0.outputCount) } }
  }

  deinit {
    for buffer in winners { buffer.deallocate() }
  }

  /// The number of tasks of a backward pass.
  func taskCount(songs: Int) -> Int { (songs + Self.songsPerTask - 1) / Self.songsPerTask }

  func pack(parameters: UnsafePointer<Float>) {
    for (block, packed) in zip(blocks, packed) { block.pack(parameters: parameters, into: packed.pointer) }
  }

  /// The number of parts into which a song can be cut for several threads: along time, each with at least one frame of
  /// the last layer. Parts overlap, since convolutions look ahead: half of the paper's network hears 54 % of a song.
  var mostParts: Int { isTraining ? 1 : blocks.last?.outputShape.frames ?? 1 }

  /// One part of a song; writes its share of the song's features.
  func forward(
    song: Int, part: Int, of parts: Int, input: UnsafePointer<Float>, parameters: UnsafePointer<Float>, worker: Int,
    features: UnsafeMutablePointer<Float>
  ) {
    guard let last = blocks.last?.outputShape else { return }
    let frames = part * last.frames / parts..<(part + 1) * last.frames / parts
    var needed = frames
    let ranges = blocks.reversed().map { block in
      let frames = block.aligned(needed)
      needed = block.input(of: frames)
      return frames
    }
    let row = isTraining ? song : worker
    var input = input
    for (index, (block, frames)) in zip(blocks, ranges.reversed()).enumerated() {
      let output = outputs[index].pointer + row * block.outputCount
      let winners = isTraining ? winners[index].baseAddress.map { $0 + row * block.outputCount } : nil
      block.forward(
        frames: frames, input: input, packed: packed[index].pointer, parameters: parameters, output: output,
        winners: winners)
      input = UnsafePointer(output)
    }
    blocks.last?.forEachFeature(of: frames) { flattened, channelsLast in features[flattened] = input[channelsLast] }
  }

  func zeroGradients() {
    for buffer in gradients.joined() { buffer.zero() }
  }

  /// The songs of one task backward; row `song` of `featureGradient` has `stride` values.
  func backward(
    task: Int, songs: Int, inputs: (Int) -> UnsafePointer<Float>, featureGradient: UnsafePointer<Float>, stride: Int,
    worker: Int
  ) {
    let last = blocks.count - 1
    for song in (task * Self.songsPerTask)..<min(songs, (task + 1) * Self.songsPerTask) {
      blocks[last].forEachFeature(of: 0..<blocks[last].outputShape.frames) { flattened, channelsLast in
        scratch[worker][last].pointer[channelsLast] = featureGradient[song * stride + flattened]
      }
      for index in (0...last).reversed() {
        let block = blocks[index]
        guard let winners = winners[index].baseAddress else { continue }
        let input =
          index == 0
          ? inputs(song) : UnsafePointer(outputs[index - 1].pointer + song * blocks[index - 1].outputCount)
        block.backward(
          input: input, packed: packed[index].pointer, output: outputs[index].pointer + song * block.outputCount,
          winners: winners + song * block.outputCount, outputGradient: scratch[worker][index].pointer,
          inputGradient: index == 0 ? nil : scratch[worker][index - 1].pointer,
          gradient: gradients[task][index].pointer)
      }
    }
  }

  /// Adds the tasks' sums, in order, to the network's gradient.
  func addGradients(songs: Int, to gradient: UnsafeMutablePointer<Float>, threads: Int) {
    let tasks = taskCount(songs: songs)
    Parallel.forEach(count: blocks.count, threads: threads) { index, _ in
      let total = gradients[0][index]
      for task in 1..<max(1, tasks) { gradients[task][index].add(to: total.pointer) }
      blocks[index].unpack(gradient: total.pointer, into: gradient)
    }
  }
}

extension ConvolutionBlock {
  /// Calls `body` with two indices of each output value of some frames: in PyTorch's order of features, which flattens
  /// `[channels][frames][bands]`, and in that of the kernels, which write channels last.
  func forEachFeature(of frames: Range<Int>, _ body: (_ flattened: Int, _ channelsLast: Int) -> Void) {
    let shape = outputShape
    for channel in 0..<shape.channels {
      for position in frames.lowerBound * shape.bands..<frames.upperBound * shape.bands {
        body(channel * shape.frames * shape.bands + position, position * shape.channels + channel)
      }
    }
  }
}
