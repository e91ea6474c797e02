import NeuralNetwork
import Reproducibility

/// Computes a PRCNN for a batch of songs, forward and, in training, backward. Holds the activations between the two.
///
/// The work is cut into tasks whose size does not depend on the number of threads: a song for the convolutions, a few
/// songs and one direction for the GRU. (A few songs to embed are cut smaller, which changes no sum.) Each task sums its gradient apart, and the sums are added in the order of the
/// tasks, so that the result is the same, bit for bit, whatever the number of threads.
public final class PRCNNPass {
  /// The architecture.
  public let network: PRCNN
  /// The largest batch.
  public let capacity: Int
  /// Whether activations are kept for a backward pass.
  public let isTraining: Bool
  /// `[songs][classes]`, where the network has the pre-training head.
  public let logits: FloatBuffer
  /// `[songs][embeddingDimension]`, in 0...1.
  public let embeddings: FloatBuffer

  let convolution: ConvolutionBranch
  let recurrent: RecurrentBranch
  /// Takes the place of `convolution` where the network trains with batch normalisation.
  private let normalised: NormalisedConvolutions?
  private let inputs: FloatBuffer
  /// `[songs][convolutional, then recurrent features]`.
  private let features: FloatBuffer
  /// The gradient by `features`.
  private let featureGradient: FloatBuffer
  /// The gradient by the embeddings, that by way of the logits included.
  private let totalEmbeddingGradient: FloatBuffer
  private let threads: Int
  /// The weights that are packed, without training.
  private var packedParameters: [Float] = []
  /// The number of songs of the last `forward`, until `backward` uses up what it left.
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
    let isNormalised = !network.normalisations.isEmpty
    convolution = ConvolutionBranch(
      network.convolutions, capacity: isNormalised ? 1 : capacity, isTraining: isTraining, threads: threads)
    normalised = isNormalised ? NormalisedConvolutions(network, capacity: capacity, threads: threads) : nil
    recurrent = RecurrentBranch(network, capacity: capacity, isTraining: isTraining)
  }

  /// Where the caller writes song number `song` of the next batch: frames × bands.
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
      if let normalised {
        normalised.forward(
          songs: songs, input: { UnsafePointer(input($0)) }, parameters: parameters, features: features.pointer,
          stride: network.dense.inputs, beside: recurrent.taskCount(songs: songs), forwardRecurrent)
      } else {
        forwardBranches(songs: songs, parameters: parameters)
      }
      forwardHead(songs: songs, parameters: headParameters(parameters))
    }
  }

  /// Arranges the weights for the kernels. Without training they rarely change, so they are not packed twice.
  private func pack(_ parameters: [Float]) {
    // Arrays that share their memory are equal at once.
    guard isTraining || packedParameters != parameters else { return }
    packedParameters = isTraining ? [] : parameters
    parameters.withUnsafeBufferPointer { buffer in
      guard let parameters = buffer.baseAddress else { return }
      if normalised == nil { convolution.pack(parameters: parameters) }
      recurrent.pack(parameters: parameters)
    }
  }

  private func forwardBranches(songs: Int, parameters: UnsafePointer<Float>) {
    let width = network.dense.inputs
    // Fewer songs than threads are cut into parts.
    let parts = max(1, min(threads / songs, convolution.mostParts))
    // A song's convolutions take longer than a GRU's task, so they come first.
    Parallel.forEach(count: songs * parts + recurrent.taskCount(songs: songs), threads: threads) { task, worker in
      if task < songs * parts {
        let (song, part) = task.quotientAndRemainder(dividingBy: parts)
        convolution.forward(
          song: song, part: part, of: parts, input: input(song), parameters: parameters, worker: worker,
          features: features.pointer + song * width)
      } else {
        forwardRecurrent(task: task - songs * parts)
      }
    }
  }

  private func forwardRecurrent(task: Int) {
    recurrent.forward(
      task: task, features: features.pointer + convolution.featureCount, stride: network.dense.inputs)
  }

  /// The head reads what the last pool leaves, normalisation folded into its weights.
  private func headParameters(_ parameters: UnsafePointer<Float>) -> UnsafePointer<Float> {
    normalised.map { UnsafePointer($0.folded.pointer) } ?? parameters
  }

  /// The statistics of the last batch, one for each of the network's normalisations.
  package var batchStatistics: [ChannelStatistics] { normalised?.statistics ?? [] }

  private func forwardHead(songs: Int, parameters: UnsafePointer<Float>) {
    network.dense.forward(
      input: features.pointer, rows: songs, parameters: parameters, output: embeddings.pointer)
    if network.configuration.outputFunction == .sigmoid {
      Sigmoid.apply(embeddings.pointer, count: songs * network.dense.outputs)
    }
    network.classifier?.forward(
      input: embeddings.pointer, rows: songs, parameters: parameters, output: logits.pointer)
  }

  /// Backward for the batch of the last `forward`, which must have had the same songs and weights, and which it uses
  /// up: the gradient of every weight from the loss's gradient by the embeddings, and by the logits where the loss is cross-entropy.
  public func backward(
    songs: Int, parameters: [Float], embeddingGradient: [Float]?, logitGradient: [Float]? = nil
  ) -> [Float] {
    precondition(isTraining, "a pass without training keeps no activations")
    precondition(songs == forwardSongs, "backward for \(songs) songs after forward for \(forwardSongs ?? 0)")
    precondition(parameters.count == network.layout.count, "\(parameters.count) of \(network.layout.count) weights")
    precondition(logitGradient == nil || network.classifier != nil, "a gradient by logits that the network lacks")
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
    if let normalised {
      normalised.backward(
        songs: songs, input: { UnsafePointer(self.input($0)) }, parameters: parameters,
        featureGradient: featureGradient, stride: width, gradient: gradient,
        beside: recurrent.taskCount(songs: songs), backwardRecurrent)
    } else {
      let convolutionTasks = convolution.taskCount(songs: songs)
      convolution.zeroGradients()
      Parallel.forEach(count: convolutionTasks + recurrent.taskCount(songs: songs), threads: threads) { task, worker in
        if task < convolutionTasks {
          convolution.backward(
            task: task, songs: songs, inputs: { UnsafePointer(self.input($0)) }, featureGradient: featureGradient,
            stride: width, worker: worker)
        } else {
          backwardRecurrent(task: task - convolutionTasks)
        }
      }
      convolution.addGradients(songs: songs, to: gradient, threads: threads)
    }
    Parallel.forEach(count: recurrent.groupCount(songs: songs), threads: threads) { group, _ in
      recurrent.backwardEmbedding(group: group, parameters: parameters)
    }
    recurrent.addGradients(to: gradient)
  }

  private func backwardRecurrent(task: Int) {
    recurrent.backward(
      task: task, featureGradient: UnsafePointer(featureGradient.pointer) + convolution.featureCount,
      stride: network.dense.inputs)
  }
}
