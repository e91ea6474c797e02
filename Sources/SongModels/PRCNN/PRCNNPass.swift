import NeuralNetwork
import Reproducibility

/// Computes a PRCNN for a batch of songs, forward and, in training, backward. Holds the activations between the two.
///
/// The work is cut into tasks whose size does not depend on the number of threads: one song for the convolutions, and
/// for the GRU a few songs in one direction. (If there are fewer songs to embed than threads, songs are cut into parts,
/// which changes no sum.) Each task sums its gradient by itself, and the sums are added in the order of the tasks. So
/// the result is the same, bit for bit, for any number of threads.
public final class PRCNNPass {
  /// The architecture.
  public let network: PRCNN
  /// The largest batch.
  public let capacity: Int
  /// Whether activations are kept for a backward pass.
  public let isTraining: Bool
  /// `[songs][classes]`; empty if the network has no pre-training head.
  public let logits: FloatBuffer
  /// `[songs][embeddingDimension]`; in 0...1 if the output function is the sigmoid.
  public let embeddings: FloatBuffer

  /// The convolutional block, computed in one of two ways.
  private enum Convolutions {
    /// Each song by itself.
    case independent(ConvolutionBranch)
    /// A whole batch layer by layer, for training with batch normalisation.
    case normalised(NormalisedConvolutions)
  }

  private let convolutions: Convolutions
  private let recurrent: RecurrentBranch
  private let inputs: FloatBuffer
  /// `[songs][convolutional, then recurrent features]`.
  private let features: FloatBuffer
  /// The gradient with respect to `features`.
  private let featureGradient: FloatBuffer
  /// The gradient with respect to the embeddings, including what comes through the logits.
  private let totalEmbeddingGradient: FloatBuffer
  private let threads: Int
  /// The weights that are packed; used only without training.
  private var packedParameters: [Float] = []
  /// The number of songs of the last `forward`; nil after `backward` has used its activations.
  private var forwardSongs: Int?

  /// Buffers for batches of at most `capacity` songs.
  public init(_ network: PRCNN, capacity: Int, isTraining: Bool, threads: Int) {
    precondition(capacity > 0, "a batch of \(capacity) songs")
    precondition(threads > 0, "\(threads) threads")
    precondition(isTraining || network.normalisations.isEmpty, "only a finished network embeds: see PRCNN.folded")
    self.network = network
    self.capacity = capacity
    self.isTraining = isTraining
    self.threads = threads
    inputs = FloatBuffer(count: capacity * network.inputCount)
    features = FloatBuffer(count: capacity * network.dense.inputs)
    featureGradient = FloatBuffer(count: isTraining ? capacity * network.dense.inputs : 0)
    embeddings = FloatBuffer(count: capacity * network.dense.outputs)
    totalEmbeddingGradient = FloatBuffer(count: isTraining ? capacity * network.dense.outputs : 0)
    logits = FloatBuffer(count: capacity * (network.classCount ?? 0))
    convolutions =
      network.normalisations.isEmpty
      ? .independent(
        ConvolutionBranch(network.convolutions, capacity: capacity, isTraining: isTraining, threads: threads))
      : .normalised(NormalisedConvolutions(network, capacity: capacity, threads: threads))
    recurrent = RecurrentBranch(network, capacity: capacity, isTraining: isTraining)
  }

  /// The buffer for song `song` of the next batch, which the caller fills: frames × bands.
  public func input(_ song: Int) -> UnsafeMutablePointer<Float> {
    precondition((0..<capacity).contains(song), "song \(song) of a batch of \(capacity)")
    return inputs.pointer + song * network.inputCount
  }

  /// Forward for the first `songs` inputs: fills `embeddings` and `logits`.
  public func forward(songs: Int, parameters: [Float]) {
    precondition((0...capacity).contains(songs), "\(songs) songs in a batch of \(capacity)")
    precondition(parameters.count == network.layout.count, "\(parameters.count) of \(network.layout.count) weights")
    forwardSongs = songs
    guard songs > 0 else { return }
    pack(parameters)
    parameters.withUnsafeBufferPointer { buffer in
      guard let parameters = buffer.baseAddress else { return }
      recurrent.resize(songs: songs)
      Parallel.forEach(count: songs, threads: threads) { song, _ in
        recurrent.prepare(song: song, input: input(song), parameters: parameters)
      }
      switch convolutions {
      case .independent(let branch): forward(branch, songs: songs, parameters: parameters)
      case .normalised(let branch):
        branch.forward(
          songs: songs, input: { UnsafePointer(input($0)) }, parameters: parameters, features: features.pointer,
          stride: network.dense.inputs, beside: recurrent.taskCount(songs: songs), forwardRecurrent)
      }
      forwardHead(songs: songs, parameters: headParameters(parameters))
    }
  }

  /// Arranges the weights for the kernels. Without training they rarely change, and the same weights are packed once.
  private func pack(_ parameters: [Float]) {
    // Arrays that share their memory are equal at once.
    guard isTraining || packedParameters != parameters else { return }
    packedParameters = isTraining ? [] : parameters
    parameters.withUnsafeBufferPointer { buffer in
      guard let parameters = buffer.baseAddress else { return }
      if case .independent(let branch) = convolutions { branch.pack(parameters: parameters) }
      recurrent.pack(parameters: parameters)
    }
  }

  private func forward(_ convolutions: ConvolutionBranch, songs: Int, parameters: UnsafePointer<Float>) {
    let width = network.dense.inputs
    // Fewer songs than threads are cut into parts.
    let parts = max(1, min(threads / songs, convolutions.mostParts))
    // A song's convolutions take longer than a GRU's task, so they come first.
    Parallel.forEach(count: songs * parts + recurrent.taskCount(songs: songs), threads: threads) { task, worker in
      if task < songs * parts {
        let (song, part) = task.quotientAndRemainder(dividingBy: parts)
        convolutions.forward(
          song: song, part: part, of: parts, input: input(song), parameters: parameters, worker: worker,
          features: features.pointer + song * width)
      } else {
        forwardRecurrent(task: task - songs * parts)
      }
    }
  }

  private func forwardRecurrent(task: Int) {
    recurrent.forward(
      task: task, features: features.pointer + network.convolutionFeatureCount, stride: network.dense.inputs)
  }

  /// The head reads the last pool's output; batch normalisation, if any, is folded into the head's weights.
  private func headParameters(_ parameters: UnsafePointer<Float>) -> UnsafePointer<Float> {
    switch convolutions {
    case .independent: parameters
    case .normalised(let branch): UnsafePointer(branch.folded.pointer)
    }
  }

  /// The statistics of the last batch, one for each of the network's normalisations.
  package var batchStatistics: [ChannelStatistics] {
    if case .normalised(let branch) = convolutions { branch.statistics } else { [] }
  }

  private func forwardHead(songs: Int, parameters: UnsafePointer<Float>) {
    network.dense.forward(
      input: features.pointer, rows: songs, parameters: parameters, output: embeddings.pointer)
    if network.configuration.outputFunction == .sigmoid {
      Sigmoid.apply(embeddings.pointer, count: songs * network.dense.outputs)
    }
    network.classifier?.forward(
      input: embeddings.pointer, rows: songs, parameters: parameters, output: logits.pointer)
  }

  /// Backward for the batch of the last `forward`, which must have had the same songs and weights; each `forward`
  /// allows one `backward`.
  ///
  /// - Parameters:
  ///   - embeddingGradient: the loss's gradient with respect to the embeddings, `[songs][embeddingDimension]`.
  ///   - logitGradient: the loss's gradient with respect to the logits, `[songs][classes]`, for cross-entropy.
  /// - Returns: the loss's gradient with respect to every weight.
  public func backward(
    songs: Int, parameters: [Float], embeddingGradient: [Float]?, logitGradient: [Float]? = nil
  ) -> [Float] {
    precondition(isTraining, "a pass without training keeps no activations")
    precondition(songs == forwardSongs, "backward for \(songs) songs after forward for \(forwardSongs ?? 0)")
    precondition(parameters.count == network.layout.count, "\(parameters.count) of \(network.layout.count) weights")
    precondition(logitGradient == nil || network.classifier != nil, "a gradient of logits that do not exist")
    forwardSongs = nil
    var gradient = [Float](repeating: 0, count: network.layout.count)
    parameters.withUnsafeBufferPointer { parameterBuffer in
      gradient.withUnsafeMutableBufferPointer { gradientBuffer in
        guard let parameters = parameterBuffer.baseAddress, let gradient = gradientBuffer.baseAddress else { return }
        backwardHead(
          songs: songs, parameters: headParameters(parameters), embeddingGradient: embeddingGradient,
          logitGradient: logitGradient, gradient: gradient)
        backwardBranches(songs: songs, parameters: parameters, gradient: gradient)
      }
    }
    return gradient
  }

  private func backwardHead(
    songs: Int, parameters: UnsafePointer<Float>, embeddingGradient: [Float]?, logitGradient: [Float]?,
    gradient: UnsafeMutablePointer<Float>
  ) {
    let count = songs * network.dense.outputs
    let total = totalEmbeddingGradient
    total.zero()
    if let logitGradient, let classifier = network.classifier {
      precondition(logitGradient.count == songs * classifier.outputs, "\(logitGradient.count) logit gradients")
      logitGradient.withUnsafeBufferPointer { buffer in
        guard let outputGradient = buffer.baseAddress else { return }
        classifier.backward(
          input: embeddings.pointer, outputGradient: outputGradient, rows: songs, parameters: parameters,
          inputGradient: total.pointer, gradient: gradient)
      }
    }
    if let embeddingGradient {
      precondition(embeddingGradient.count == count, "\(embeddingGradient.count) gradients of \(count) embeddings")
      for i in 0..<count { total.pointer[i] += embeddingGradient[i] }
    }
    if network.configuration.outputFunction == .sigmoid {
      Sigmoid.backward(output: embeddings.pointer, gradient: total.pointer, count: count)
    }
    network.dense.backward(
      input: features.pointer, outputGradient: total.pointer, rows: songs, parameters: parameters,
      inputGradient: featureGradient.pointer, gradient: gradient)
  }

  private func backwardBranches(
    songs: Int, parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>
  ) {
    let width = network.dense.inputs
    let featureGradient = UnsafePointer(featureGradient.pointer)
    recurrent.zeroGradients()
    switch convolutions {
    case .normalised(let branch):
      branch.backward(
        songs: songs, input: { UnsafePointer(self.input($0)) }, parameters: parameters,
        featureGradient: featureGradient, stride: width, gradient: gradient,
        beside: recurrent.taskCount(songs: songs), backwardRecurrent)
    case .independent(let branch):
      let convolutionTasks = branch.taskCount(songs: songs)
      branch.zeroGradients()
      Parallel.forEach(count: convolutionTasks + recurrent.taskCount(songs: songs), threads: threads) { task, worker in
        if task < convolutionTasks {
          branch.backward(
            task: task, songs: songs, inputs: { UnsafePointer(self.input($0)) }, featureGradient: featureGradient,
            stride: width, worker: worker)
        } else {
          backwardRecurrent(task: task - convolutionTasks)
        }
      }
      branch.addGradients(songs: songs, to: gradient, threads: threads)
    }
    Parallel.forEach(count: recurrent.groupCount(songs: songs), threads: threads) { group, _ in
      recurrent.backwardEmbedding(group: group, parameters: parameters)
    }
    recurrent.addGradients(to: gradient)
  }

  private func backwardRecurrent(task: Int) {
    recurrent.backward(
      task: task, featureGradient: UnsafePointer(featureGradient.pointer) + network.convolutionFeatureCount,
      stride: network.dense.inputs)
  }
}
