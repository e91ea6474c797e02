import NeuralNetwork
import Reproducibility

/// A PRCNN's convolutional block in training with batch normalisation after each pool. The whole batch goes through one
/// block at a time, since the batch's statistics are folded into the weights of the next block. A finished model has
/// the normalisation folded into its weights, and uses `ConvolutionBranch`.
final class NormalisedConvolutions {
  /// Songs whose gradients one task sums, as in `ConvolutionBranch`.
  private static let songsPerTask = 2

  private let blocks: [ConvolutionBlock]
  private let normalisations: [BatchNormalisation]
  private let threads: Int
  /// For each block the activations of the batch, their gradients, and the winners of the pools.
  private let outputs: [FloatBuffer]
  private let outputGradients: [FloatBuffer]
  private let winners: [UnsafeMutableBufferPointer<UInt8>]
  private let packed: [FloatBuffer]
  /// For each task and block the gradient as the kernels write it.
  private let gradients: [[FloatBuffer]]
  /// All weights of the network; those of a layer that reads a normalised output have the normalisation folded in.
  let folded: FloatBuffer
  private var affines: [ChannelAffine] = []
  /// The statistics of the last batch, for each block.
  private(set) var statistics: [ChannelStatistics] = []

  init(_ network: PRCNN, capacity: Int, threads: Int) {
    blocks = network.convolutions
    normalisations = network.normalisations
    self.threads = threads
    outputs = blocks.map { FloatBuffer(count: capacity * $0.outputCount) }
    outputGradients = blocks.map { FloatBuffer(count: capacity * $0.outputCount) }
    winners = blocks.map { .allocate(capacity: capacity * $0.outputCount) }
    for buffer in winners { buffer.initialize(repeating: 0) }
    packed = blocks.map { FloatBuffer(count: $0.packedCount) }
    let tasks = (capacity + Self.songsPerTask - 1) / Self.songsPerTask
    gradients = (0..<tasks).map { _ in network.convolutions.map { FloatBuffer(count: $0.gradientCount) } }
    folded = FloatBuffer(count: network.layout.count)
  }

  deinit {
    for buffer in winners { buffer.deallocate() }
  }

  /// Forward for a batch.
  ///
  /// - Parameters:
  ///   - features: receives the last block's activations, in rows `stride` values apart; the head must read them with
  ///     the weights `folded`.
  ///   - count: the number of tasks of another branch, which the same threads do along with the first block.
  ///   - beside: does one of these tasks.
  func forward(
    songs: Int, input: (Int) -> UnsafePointer<Float>, parameters: UnsafePointer<Float>,
    features: UnsafeMutablePointer<Float>, stride: Int, beside count: Int, _ beside: (Int) -> Void
  ) {
    folded.pointer.update(from: parameters, count: folded.count)
    (affines, statistics) = ([], [])
    for (index, block) in blocks.enumerated() {
      block.pack(parameters: folded.pointer, into: packed[index].pointer)
      var sums = [ChannelStatistics.Sums?](repeating: nil, count: songs)
      sums.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let sums = buffer
        Parallel.forEach(count: songs + (index == 0 ? count : 0), threads: threads) { task, _ in
          guard task < songs else { return beside(task - songs) }
          let offset = task * block.outputCount
          let output = outputs[index].pointer + offset
          block.forward(
            frames: 0..<block.outputShape.frames, input: index == 0 ? input(task) : self.input(of: index, song: task),
            packed: packed[index].pointer, parameters: folded.pointer, output: output,
            winners: winners[index].baseAddress.map { $0 + offset })
          let channels = block.outputShape.channels
          sums[task] = .init(of: output, positions: block.outputCount / channels, channels: channels)
        }
      }
      let batch = ChannelStatistics(sums.compactMap { $0 })
      let affine = normalisations[index].normalisation.affine(batch, parameters: parameters)
      normalisations[index].fold(affine, parameters: parameters, folded: folded.pointer)
      statistics.append(batch)
      affines.append(affine)
    }
    for song in 0..<songs { write(song: song, into: features + song * stride) }
  }

  private func input(of block: Int, song: Int) -> UnsafePointer<Float> {
    UnsafePointer(outputs[block - 1].pointer + song * blocks[block - 1].outputCount)
  }

  private func write(song: Int, into features: UnsafeMutablePointer<Float>) {
    let last = blocks.count - 1
    let output = outputs[last].pointer + song * blocks[last].outputCount
    blocks[last].forEachFeature(of: 0..<blocks[last].outputShape.frames) { flattened, channelsLast in
      features[flattened] = output[channelsLast]
    }
  }

  /// Backward for the batch.
  ///
  /// - Parameters:
  ///   - featureGradient: the gradient with respect to the features, in rows `stride` values apart.
  ///   - gradient: holds the gradient of the head's folded weights before, and that of all weights of the convolutions,
  ///     the normalisations and the head after.
  ///   - count: the number of tasks of another branch, which the same threads do along with the last block.
  ///   - beside: does one of these tasks.
  func backward(
    songs: Int, input: (Int) -> UnsafePointer<Float>, parameters: UnsafePointer<Float>,
    featureGradient: UnsafePointer<Float>, stride: Int, gradient: UnsafeMutablePointer<Float>, beside count: Int,
    _ beside: (Int) -> Void
  ) {
    let last = blocks.count - 1
    for song in 0..<songs { read(song: song, from: featureGradient + song * stride) }
    let tasks = (songs + Self.songsPerTask - 1) / Self.songsPerTask
    for index in (0...last).reversed() {
      let block = blocks[index]
      let correction = normalisations[index].backward(
        affines[index], statistics: statistics[index], parameters: parameters, gradient: gradient)
      Parallel.forEach(count: tasks + (index == last ? count : 0), threads: threads) { task, _ in
        guard task < tasks else { return beside(task - tasks) }
        gradients[task][index].zero()
        for song in task * Self.songsPerTask..<min(songs, (task + 1) * Self.songsPerTask) {
          let offset = song * block.outputCount
          add(correction, block: index, offset: offset)
          guard let winners = winners[index].baseAddress else { continue }
          block.backward(
            input: index == 0 ? input(song) : self.input(of: index, song: song), packed: packed[index].pointer,
            output: outputs[index].pointer + offset, winners: winners + offset,
            outputGradient: outputGradients[index].pointer + offset,
            inputGradient: index == 0
              ? nil : outputGradients[index - 1].pointer + song * blocks[index - 1].outputCount,
            gradient: gradients[task][index].pointer)
        }
      }
      let total = gradients[0][index]
      for task in 1..<max(1, tasks) { gradients[task][index].add(to: total.pointer) }
      block.unpack(gradient: total.pointer, into: gradient)
    }
  }

  private func read(song: Int, from features: UnsafePointer<Float>) {
    let last = blocks.count - 1
    let gradient = outputGradients[last].pointer + song * blocks[last].outputCount
    blocks[last].forEachFeature(of: 0..<blocks[last].outputShape.frames) { flattened, channelsLast in
      gradient[channelsLast] = features[flattened]
    }
  }

  private func add(_ correction: ChannelNormalisation.InputCorrection, block: Int, offset: Int) {
    let channels = blocks[block].outputShape.channels
    correction.constants.withUnsafeBufferPointer { constants in
      correction.slopes.withUnsafeBufferPointer { slopes in
        for start in stride(from: offset, to: offset + blocks[block].outputCount, by: channels) {
          let (gradient, output) = (outputGradients[block].pointer + start, outputs[block].pointer + start)
          for channel in 0..<channels { gradient[channel] += constants[channel] + slopes[channel] * output[channel] }
        }
      }
    }
  }
}
