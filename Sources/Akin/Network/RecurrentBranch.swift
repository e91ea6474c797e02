import NeuralNetwork

/// The activations of a PRCNN's recurrent block for a batch: pooling, a linear embedding of each step, and a GRU in
/// both directions. A task is one direction for a group of `songsPerGroup` songs.
final class RecurrentBranch {
  /// Songs that share the GRU's small products.
  private static let songsPerGroup = 8

  /// One group of songs.
  private struct Group {
    let songs: Int
    /// `[steps][songs][sequenceWidth]`.
    let sequence: FloatBuffer
    /// For each direction.
    let traces: [GatedRecurrentUnit.Trace]
    /// For each direction the gradient by the sequence.
    let sequenceGradients: [FloatBuffer]
    /// For each direction a gradient buffer of the network's layout, from `firstParameter` on.
    let gradients: [FloatBuffer]
  }

  private let pooling: MaxPooling
  private let embedding: Linear
  private let directions: [GatedRecurrentUnit]
  private let steps: Int
  private let units: Int
  private let isTraining: Bool
  /// `[songs][steps][bands / 2]`, kept for the embedding's gradient.
  private let pooled: FloatBuffer
  /// The recurrent branch's weights lie side by side in the network's layout.
  private let parameterRange: Range<Int>
  private var groups: [Group] = []
  private var groupedSongs = 0

  init(_ network: PRCNN, capacity: Int, isTraining: Bool) {
    pooling = network.sequencePooling
    embedding = network.embedding
    directions = [network.forwardGRU, network.backwardGRU]
    steps = pooling.outputShape.frames
    units = network.forwardGRU.units
    self.isTraining = isTraining
    pooled = FloatBuffer(count: capacity * steps * embedding.inputs)
    parameterRange = embedding.weight.offset..<network.dense.weight.offset
  }

  func groupCount(songs: Int) -> Int { (songs + Self.songsPerGroup - 1) / Self.songsPerGroup }
  func taskCount(songs: Int) -> Int { groupCount(songs: songs) * directions.count }

  /// Buffers for a batch of this size; kept while the size stays the same.
  func resize(songs: Int) {
    guard songs != groupedSongs else { return }
    groupedSongs = songs
    groups = (0..<groupCount(songs: songs)).map { group in
      let count = min(Self.songsPerGroup, songs - group * Self.songsPerGroup)
      func buffers(_ size: Int) -> [FloatBuffer] { directions.map { _ in FloatBuffer(count: isTraining ? size : 0) } }
      return Group(
        songs: count,
        sequence: FloatBuffer(count: steps * count * embedding.outputs),
        traces: directions.map { _ in .init(steps: steps, songs: count, units: units, isTraining: isTraining) },
        sequenceGradients: buffers(steps * count * embedding.outputs),
        gradients: buffers(parameterRange.count))
    }
  }

  /// Pools one song and embeds its steps.
  func prepare(song: Int, input: UnsafePointer<Float>, parameters: UnsafePointer<Float>) {
    let group = groups[song / Self.songsPerGroup]
    let place = pooled.pointer + song * steps * embedding.inputs
    pooling.forward(input: input, output: place)
    embedding.forward(
      input: place, rows: steps, parameters: parameters,
      output: group.sequence.pointer + song % Self.songsPerGroup * embedding.outputs,
      stride: group.songs * embedding.outputs)
  }

  /// One direction of one group.
  func forward(task: Int, parameters: UnsafePointer<Float>) {
    let group = groups[task / directions.count]
    let direction = task % directions.count
    directions[direction].forward(
      input: group.sequence.pointer, parameters: parameters, trace: group.traces[direction])
  }

  /// Writes each song's last states, forward then backward, into rows `stride` values apart.
  func collect(songs: Int, into features: UnsafeMutablePointer<Float>, stride: Int) {
    for song in 0..<songs {
      for (direction, trace) in groups[song / Self.songsPerGroup].traces.enumerated() {
        (features + song * stride + direction * units).update(
          from: trace.lastState + song % Self.songsPerGroup * units, count: units)
      }
    }
  }

  func zeroGradients() {
    for group in groups {
      for buffer in group.gradients + group.sequenceGradients { buffer.zero() }
    }
  }

  /// One direction of one group backward; the rows of `featureGradient` begin at the branch's features.
  func backward(task: Int, featureGradient: UnsafePointer<Float>, stride: Int, parameters: UnsafePointer<Float>) {
    let index = task / directions.count
    let direction = task % directions.count
    let group = groups[index]
    let stateGradient = FloatBuffer(count: group.songs * units)
    for song in 0..<group.songs {
      let row = featureGradient + (index * Self.songsPerGroup + song) * stride + direction * units
      (stateGradient.pointer + song * units).update(from: row, count: units)
    }
    directions[direction].backward(
      input: group.sequence.pointer, stateGradient: stateGradient.pointer, parameters: parameters,
      trace: group.traces[direction], inputGradient: group.sequenceGradients[direction].pointer,
      gradient: group.gradients[direction].pointer - parameterRange.lowerBound)
  }

  /// The linear embedding of one group backward, after both directions.
  func backwardEmbedding(group index: Int, parameters: UnsafePointer<Float>) {
    let group = groups[index]
    let width = embedding.outputs
    let total = group.sequenceGradients[0]
    for i in 0..<total.count { total.pointer[i] += group.sequenceGradients[1].pointer[i] }
    let rows = FloatBuffer(count: steps * width)
    for song in 0..<group.songs {
      for step in 0..<steps {
        (rows.pointer + step * width).update(from: total.pointer + (step * group.songs + song) * width, count: width)
      }
      embedding.backward(
        input: pooled.pointer + (index * Self.songsPerGroup + song) * steps * embedding.inputs,
        outputGradient: rows.pointer, rows: steps, parameters: parameters, inputGradient: nil,
        gradient: group.gradients[0].pointer - parameterRange.lowerBound)
    }
  }

  /// Adds the tasks' sums, in order, to the network's gradient.
  func addGradients(to gradient: UnsafeMutablePointer<Float>) {
    for group in groups {
      for buffer in group.gradients {
        for i in 0..<buffer.count { gradient[parameterRange.lowerBound + i] += buffer.pointer[i] }
      }
    }
  }
}
