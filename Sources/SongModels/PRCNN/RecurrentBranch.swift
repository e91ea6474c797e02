import NeuralNetwork

/// The activations of a PRCNN's recurrent block for a batch: pooling, a linear embedding of each step, and a GRU in
/// both directions. A task is one direction for a group of `songsPerGroup` songs.
final class RecurrentBranch {
  /// Songs that share the GRU's small products. Eight are no faster, and leave fewer tasks for many processors.
  private static let songsPerGroup = 4

  /// One group of songs.
  private struct Group {
    let songs: Int
    /// `[steps][songs][sequenceWidth]`.
    let sequence: FloatBuffer
    /// For each direction.
    let traces: [GatedRecurrentUnit.Trace]
    /// For each direction the gradient with respect to the sequence.
    let sequenceGradients: [FloatBuffer]
    /// For each direction the gradient with respect to its parameters.
    let gradients: [FloatBuffer]
    /// The gradient with respect to the embedding's parameters.
    let embeddingGradient: FloatBuffer
  }

  private let pooling: MaxPooling
  private let embedding: Linear
  private let directions: [GatedRecurrentUnit]
  private let steps: Int
  private let isTraining: Bool
  /// `[songs][steps][bands / 2]`, kept for the embedding's gradient.
  private let pooled: FloatBuffer
  /// For each direction the weights as the kernels read them.
  private let packed: [FloatBuffer]
  private var groups: [Group] = []
  private var groupedSongs = 0

  init(_ network: PRCNN, capacity: Int, isTraining: Bool) {
    pooling = network.sequencePooling
    embedding = network.embedding
    directions = [network.forwardGRU, network.backwardGRU]
    steps = pooling.outputShape.frames
    self.isTraining = isTraining
    pooled = FloatBuffer(count: capacity * steps * embedding.inputs)
    packed = directions.map { FloatBuffer(count: $0.packedCount) }
  }

  func groupCount(songs: Int) -> Int { (songs + Self.songsPerGroup - 1) / Self.songsPerGroup }
  func taskCount(songs: Int) -> Int { groupCount(songs: songs) * directions.count }

  /// Buffers for a batch of this size; kept while the size stays the same.
  func resize(songs: Int) {
    guard songs != groupedSongs else { return }
    groupedSongs = songs
    groups = (0..<groupCount(songs: songs)).map { group in
      let count = min(Self.songsPerGroup, songs - group * Self.songsPerGroup)
      func buffer(_ size: Int) -> FloatBuffer { FloatBuffer(count: isTraining ? size : 0) }
      let sequenceCount = steps * count * embedding.outputs
      return Group(
        songs: count,
        sequence: FloatBuffer(count: sequenceCount),
        traces: directions.map { .init($0, steps: steps, songs: count, isTraining: isTraining) },
        sequenceGradients: directions.map { _ in buffer(sequenceCount) },
        gradients: directions.map { buffer($0.parameterRange.count) },
        embeddingGradient: buffer(embedding.parameterRange.count))
    }
  }

  func pack(parameters: UnsafePointer<Float>) {
    for (direction, packed) in zip(directions, packed) {
      direction.pack(parameters: parameters, into: packed.pointer)
    }
  }

  /// Pools one song and embeds its steps.
  func prepare(song: Int, input: UnsafePointer<Float>, parameters: UnsafePointer<Float>) {
    let group = groups[song / Self.songsPerGroup]
    let pooledSong = pooled.pointer + song * steps * embedding.inputs
    pooling.forward(input: input, output: pooledSong)
    embedding.forward(
      input: pooledSong, rows: steps, parameters: parameters,
      output: group.sequence.pointer + song % Self.songsPerGroup * embedding.outputs,
      stride: group.songs * embedding.outputs)
  }

  /// A task's group and direction, and where its features begin, counted from the branch's first.
  private func position(task: Int, stride: Int) -> (group: Int, direction: Int, feature: Int) {
    let (group, direction) = task.quotientAndRemainder(dividingBy: directions.count)
    return (group, direction, group * Self.songsPerGroup * stride + direction * directions[direction].units)
  }

  /// One direction of one group. Writes each song's last state into rows `stride` values apart, which begin at the
  /// branch's features: those of the forward direction, then those of the backward one.
  func forward(task: Int, features: UnsafeMutablePointer<Float>, stride: Int) {
    let (group, direction, feature) = position(task: task, stride: stride)
    directions[direction].forward(
      input: groups[group].sequence.pointer, packed: packed[direction].pointer, trace: groups[group].traces[direction],
      lastState: features + feature, stride: stride)
  }

  func zeroGradients() {
    for group in groups {
      for buffer in group.gradients + group.sequenceGradients { buffer.zero() }
      group.embeddingGradient.zero()
    }
  }

  /// One direction of one group backward; the rows of `featureGradient` begin at the branch's features.
  func backward(task: Int, featureGradient: UnsafePointer<Float>, stride: Int) {
    let (index, direction, feature) = position(task: task, stride: stride)
    let group = groups[index]
    let layer = directions[direction]
    layer.backward(
      input: group.sequence.pointer, packed: packed[direction].pointer, trace: group.traces[direction],
      stateGradient: featureGradient + feature, stride: stride,
      inputGradient: group.sequenceGradients[direction].pointer,
      gradient: group.gradients[direction].pointer - layer.parameterRange.lowerBound)
  }

  /// The linear embedding of one group backward, after both directions.
  func backwardEmbedding(group index: Int, parameters: UnsafePointer<Float>) {
    let group = groups[index]
    let total = group.sequenceGradients[0]
    group.sequenceGradients[1].add(to: total.pointer)
    for song in 0..<group.songs {
      embedding.backward(
        input: pooled.pointer + (index * Self.songsPerGroup + song) * steps * embedding.inputs,
        outputGradient: total.pointer + song * embedding.outputs, stride: group.songs * embedding.outputs,
        rows: steps, parameters: parameters, inputGradient: nil,
        gradient: group.embeddingGradient.pointer - embedding.parameterRange.lowerBound)
    }
  }

  /// Adds the tasks' sums, in order, to the network's gradient.
  func addGradients(to gradient: UnsafeMutablePointer<Float>) {
    for group in groups {
      group.embeddingGradient.add(to: gradient + embedding.parameterRange.lowerBound)
      for (direction, buffer) in zip(directions, group.gradients) {
        buffer.add(to: gradient + direction.parameterRange.lowerBound)
      }
    }
  }
}
