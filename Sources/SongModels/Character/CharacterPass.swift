import NeuralNetwork
import Reproducibility

/// Computes a ``CharacterNetwork`` for a batch of patches, forward and, in training, backward. Holds the activations
/// between the two.
///
/// The work is cut into tasks whose size does not depend on the number of threads, and their sums are added in the
/// order of the tasks. So the result is the same, bit for bit, for any number of threads.
public final class CharacterPass {
  /// The architecture.
  public let network: CharacterNetwork
  /// The largest batch.
  public let capacity: Int
  /// Whether the statistics of the batch normalise it, and activations are kept for a backward pass.
  public let isTraining: Bool
  /// `[patches][outputs]`.
  public let outputs: FloatBuffer
  /// `[patches][auxiliary outputs]`.
  public let auxiliary: FloatBuffer
  /// The statistics of the last batch's activations, for each block; empty without training.
  package private(set) var statistics: [ChannelStatistics] = []

  private let threads: Int
  private let planes: CharacterPlanes
  /// `[patches][means, then maxima]`.
  private let features: FloatBuffer
  private let featureGradient: FloatBuffer
  private let packed: [FloatBuffer]
  private let turned: [FloatBuffer]
  private var affines: [ChannelAffine] = []
  /// The weights of the last `prepare`.
  private var parameters: [Float] = []
  /// Each task's gradient of a block's weights.
  private let gradients: [[FloatBuffer]]
  /// A plane of a block's gradient for each thread, with zeros at the border.
  private let scratch: [[FloatBuffer]]

  /// Patches whose gradients one task sums.
  private static let patchesPerTask = 4

  /// Buffers for batches of at most `capacity` patches.
  public init(_ network: CharacterNetwork, capacity: Int, isTraining: Bool, threads: Int) {
    precondition(capacity > 0 && threads > 0, "a batch of \(capacity) patches, \(threads) threads")
    (self.network, self.capacity, self.isTraining, self.threads) = (network, capacity, isTraining, threads)
    planes = CharacterPlanes(network, capacity: capacity, isTraining: isTraining, threads: threads)
    outputs = FloatBuffer(count: capacity * network.dense.outputs)
    auxiliary = FloatBuffer(count: capacity * network.auxiliaryOutputs)
    features = FloatBuffer(count: capacity * network.dense.inputs)
    featureGradient = FloatBuffer(count: isTraining ? capacity * network.dense.inputs : 0)
    packed = network.convolutions.map { FloatBuffer(count: $0.packedCount) }
    turned = network.convolutions.map { FloatBuffer(count: isTraining ? $0.packedCount : 0) }
    let tasks = isTraining ? (capacity + Self.patchesPerTask - 1) / Self.patchesPerTask : 0
    gradients = network.convolutions.map { block in (0..<tasks).map { _ in FloatBuffer(count: block.packedCount) } }
    scratch = network.convolutions.map { block in
      (0..<(isTraining ? threads : 0)).map { _ in FloatBuffer(count: block.positions * block.outputs) }
    }
  }

  /// Copies a patch, frames × bands, into the next batch.
  public func setInput(_ patch: Int, _ values: UnsafePointer<Float>) {
    precondition((0..<capacity).contains(patch), "patch \(patch) of a batch of \(capacity)")
    let (block, bands) = (network.convolutions[0], network.configuration.melBandCount)
    for frame in 0..<network.configuration.frameCount {
      (planes.input(0, patch: patch) + block.inner(ofFrame: frame).lowerBound)
        .update(from: values + frame * bands, count: bands)
    }
  }

  // MARK: - Forward

  /// Arranges weights for the passes that follow.
  public func prepare(parameters: [Float]) {
    precondition(parameters.count == network.layout.count, "\(parameters.count) of \(network.layout.count) weights")
    self.parameters = parameters
    parameters.withUnsafeBufferPointer { buffer in
      guard let parameters = buffer.baseAddress else { return }
      for (index, block) in network.convolutions.enumerated() {
        block.pack(parameters: parameters, into: packed[index].pointer)
        if isTraining, index > 0 { block.packTurned(parameters: parameters, into: turned[index].pointer) }
      }
      if !isTraining { affines = network.normalisations.map { $0.normalisation.runningAffine(parameters: parameters) } }
    }
  }

  /// Forward for the first `patches` inputs, with the weights of the last `prepare`: fills `outputs` and `auxiliary`.
  public func forward(patches: Int) {
    precondition((0...capacity).contains(patches), "\(patches) patches in a batch of \(capacity)")
    precondition(parameters.count == network.layout.count, "no weights were prepared")
    guard patches > 0 else { return }
    parameters.withUnsafeBufferPointer { buffer in
      guard let parameters = buffer.baseAddress else { return }
      if isTraining {
        forwardTogether(patches: patches, parameters: parameters)
      } else {
        Parallel.forEach(count: patches, threads: threads) { patch, worker in
          for block in network.convolutions.indices { convolve(block, patch, worker) }
          pool(patch, worker)
        }
      }
      network.dense.forward(
        input: features.pointer, rows: patches, parameters: parameters, output: outputs.pointer)
      network.auxiliary?.forward(
        input: features.pointer, rows: patches, parameters: parameters, output: auxiliary.pointer)
    }
  }

  /// One block after the other, since the whole batch's statistics normalise each.
  private func forwardTogether(patches: Int, parameters: UnsafePointer<Float>) {
    (affines, statistics) = ([], [])
    for (index, layer) in network.normalisations.enumerated() {
      var sums = [ChannelStatistics.Sums](
        repeating: .init(channels: layer.channels), count: patches)
      sums.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let sums = buffer
        Parallel.forEach(count: patches, threads: threads) { patch, worker in
          convolve(index, patch, worker)
          sums[patch] = layer.sums(of: planes.output(index, patch: patch, worker: worker))
        }
      }
      statistics.append(ChannelStatistics(sums))
      affines.append(layer.normalisation.affine(statistics[index], parameters: parameters))
    }
    Parallel.forEach(count: patches, threads: threads) { patch, worker in pool(patch, worker) }
  }

  /// A block's convolution, after the normalisation and the pools of the block before.
  private func convolve(_ index: Int, _ patch: Int, _ worker: Int) {
    let input = planes.input(index, patch: patch, worker: worker)
    if index > 0 {
      network.normalisations[index - 1].forward(
        planes.output(index - 1, patch: patch, worker: worker), affines[index - 1], output: input)
    }
    network.convolutions[index].forward(
      input: input, packed: packed[index].pointer, output: planes.output(index, patch: patch, worker: worker))
  }

  /// The last block's normalisation and pools, and the means and maxima of what they leave.
  private func pool(_ patch: Int, _ worker: Int) {
    let last = network.normalisations.count - 1
    let plane = planes.input(last + 1, patch: patch, worker: worker)
    network.normalisations[last].forward(
      planes.output(last, patch: patch, worker: worker), affines[last], output: plane)
    let channels = network.normalisations[last].channels
    let means = features.pointer + patch * 2 * channels
    let maxima = means + channels
    for channel in 0..<channels { (means[channel], maxima[channel]) = (0, 0) }
    let positions = planes.innerOfLast
    for position in positions {
      for channel in 0..<channels {
        let value = plane[position * channels + channel]
        means[channel] += value
        maxima[channel] = max(maxima[channel], value)
      }
    }
    for channel in 0..<channels { means[channel] /= Float(positions.count) }
  }

  // MARK: - Backward

  /// Backward for the batch of the last `forward`, which must have had as many patches.
  ///
  /// - Parameters:
  ///   - outputGradient: the loss's gradient with respect to the outputs, `[patches][outputs]`.
  ///   - auxiliaryGradient: the same for the auxiliary outputs.
  /// - Returns: the loss's gradient with respect to every weight; 0 for running statistics.
  public func backward(
    patches: Int, outputGradient: [Float], auxiliaryGradient: [Float]
  ) -> [Float] {
    precondition(isTraining, "a pass without training keeps no activations")
    precondition(outputGradient.count == patches * network.dense.outputs, "\(outputGradient.count) gradients")
    precondition(auxiliaryGradient.count == patches * network.auxiliaryOutputs, "\(auxiliaryGradient.count) gradients")
    var gradient = [Float](repeating: 0, count: network.layout.count)
    parameters.withUnsafeBufferPointer { parameterBuffer in
      gradient.withUnsafeMutableBufferPointer { gradientBuffer in
        guard let parameters = parameterBuffer.baseAddress, let gradient = gradientBuffer.baseAddress else { return }
        backwardHead(patches, parameters, outputGradient, auxiliaryGradient, gradient)
        Parallel.forEach(count: patches, threads: threads) { patch, _ in backwardPool(patch) }
        for index in network.convolutions.indices.reversed() {
          backwardBlock(index, patches: patches, gradient: gradient)
        }
      }
    }
    return gradient
  }

  private func backwardHead(
    _ patches: Int, _ parameters: UnsafePointer<Float>, _ outputGradient: [Float], _ auxiliaryGradient: [Float],
    _ gradient: UnsafeMutablePointer<Float>
  ) {
    outputGradient.withUnsafeBufferPointer { outputGradient in
      guard let outputGradient = outputGradient.baseAddress else { return }
      network.dense.backward(
        input: features.pointer, outputGradient: outputGradient, rows: patches, parameters: parameters,
        inputGradient: featureGradient.pointer, gradient: gradient)
    }
    guard let auxiliary = network.auxiliary else { return }
    let other = FloatBuffer(count: patches * auxiliary.inputs)
    auxiliaryGradient.withUnsafeBufferPointer { auxiliaryGradient in
      guard let auxiliaryGradient = auxiliaryGradient.baseAddress else { return }
      auxiliary.backward(
        input: features.pointer, outputGradient: auxiliaryGradient, rows: patches, parameters: parameters,
        inputGradient: other.pointer, gradient: gradient)
    }
    other.add(to: featureGradient.pointer)
  }

  /// From the means and maxima to the plane of the last block's pools.
  private func backwardPool(_ patch: Int) {
    let last = network.normalisations.count
    let channels = network.normalisations[last - 1].channels
    let (plane, result) = (planes.input(last, patch: patch), planes.gradient(last, patch: patch))
    let means = featureGradient.pointer + patch * 2 * channels
    let (maxima, largest) = (means + channels, features.pointer + patch * 2 * channels + channels)
    let positions = planes.innerOfLast
    for channel in 0..<channels {
      var isLeft = true
      for position in positions {
        let place = position * channels + channel
        var value = means[channel] / Float(positions.count)
        if isLeft, plane[place] == largest[channel] {
          value += maxima[channel]
          isLeft = false
        }
        result[place] = value
      }
    }
  }

  private func backwardBlock(
    _ index: Int, patches: Int, gradient: UnsafeMutablePointer<Float>
  ) {
    let (block, normalisation, affine) = (network.convolutions[index], network.normalisations[index], affines[index])
    var sums = [NormalisedPooling.GradientSums](
      repeating: .init(channels: normalisation.channels), count: patches)
    sums.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let sums = buffer
      Parallel.forEach(count: patches, threads: threads) { patch, _ in
        sums[patch] = normalisation.gradientSums(
          planes.output(index, patch: patch), affine, outputGradient: planes.gradient(index + 1, patch: patch))
      }
    }
    var total = NormalisedPooling.GradientSums(channels: normalisation.channels)
    for sum in sums { total += sum }
    let correction = normalisation.backward(affine, statistics[index], sums: total, gradient: gradient)
    let tasks = (patches + Self.patchesPerTask - 1) / Self.patchesPerTask
    Parallel.forEach(count: tasks, threads: threads) { task, worker in
      let taskGradient = gradients[index][task]
      taskGradient.zero()
      for patch in task * Self.patchesPerTask..<min(patches, (task + 1) * Self.patchesPerTask) {
        let plane = scratch[index][worker].pointer
        normalisation.backwardInput(
          planes.output(index, patch: patch), affine, correction,
          outputGradient: planes.gradient(index + 1, patch: patch), inputGradient: plane)
        block.backwardWeights(
          input: planes.input(index, patch: patch), outputGradient: plane, gradient: taskGradient.pointer)
        guard index > 0 else { continue }
        block.backwardInput(
          outputGradient: plane, turned: turned[index].pointer, inputGradient: planes.gradient(index, patch: patch))
      }
    }
    for task in 0..<tasks { block.unpack(gradient: gradients[index][task].pointer, into: gradient) }
  }
}
