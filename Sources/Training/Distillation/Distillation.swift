import Foundation
import MetricLearning
import NeuralNetwork
import Reproducibility
import SongModels

/// Teaches a ``CharacterNetwork`` to say of patches of sound what a larger network says of them (knowledge distillation,
/// Hinton et al. 2015): AdamW over batches of patches drawn from all songs, with the learning rate on a cosine.
///
/// The same data and configuration give the same model, bit for bit, whatever the number of threads.
public struct Distillation: Sendable {
  /// How it learns.
  public struct Configuration: Sendable, Hashable, Codable {
    /// The shape of the network; its outputs are the teacher's.
    public var network = CharacterConfiguration()
    /// Steps of the optimiser.
    public var steps = 6000
    /// Patches in a batch.
    public var batchSize = 64
    /// The largest learning rate, which is reached after `warmUp` steps and falls to 0.
    public var learningRate: Float = 0.002
    /// Steps until the learning rate is reached.
    public var warmUp = 100
    /// AdamW's.
    public var weightDecay: Float = 0.01
    /// What is learned of the vector.
    public var loss = DistillationLoss()
    /// The weight of the squared errors of what is learned beside the vector.
    public var auxiliaryWeight = 0.5
    /// The largest move of a patch in time, in frames.
    public var jitter = 2
    /// The standard deviation of the equaliser's curve, in dB.
    public var equaliser = 2.0
    /// The random seed.
    public var randomSeed: UInt64 = 1

    /// What the network in the box was taught with.
    public init() {}
  }

  /// How it learns.
  public let configuration: Configuration
  private let data: TeachingData
  private let network: CharacterNetwork
  private let standardisation: InputStandardisation
  /// What the teacher's numbers are standardised with.
  private let targetMeans, targetScales: [Float]

  /// A lesson; reads all of the data once, to standardise it.
  public init(_ data: TeachingData, configuration: Configuration = Configuration()) {
    var configuration = configuration
    configuration.network.outputs = data.description.vector
    configuration.network.melBandCount = data.bands
    precondition(configuration.network.problem == nil, configuration.network.problem ?? "")
    self.configuration = configuration
    self.data = data
    network = CharacterNetwork(configuration.network, auxiliaryOutputs: data.numbers - data.description.vector)
    var input = InputStandardisation.Statistics(bands: data.bands)
    var sums = ChannelStatistics.Sums(channels: data.numbers)
    for song in data.songs {
      // Every tenth of a song's frames says enough of its spectrum.
      for start in stride(from: 0, to: data.frames, by: 10) {
        input.add(data.decibels(song, start: start, count: 1))
      }
      // In double precision: rounded to single, the squares of a number that never changes would give it a deviation.
      for patch in 0..<data.patches { sums.add(data.target(song, patch: patch).lazy.map(Double.init)) }
    }
    standardisation = input.standardisation
    let targets = ChannelStatistics([sums])
    targetMeans = targets.means.map { Float($0) }
    targetScales = targets.variances.map { variance in
      let deviation = variance.squareRoot()
      return deviation < 1e-6 ? 1 : Float(1 / deviation)
    }
  }

  /// A batch's patches and what the teacher says of them, standardised.
  private struct Batch {
    var patches: [[Float]]
    var vectors: EmbeddingMatrix
    var auxiliary: [Float]
  }

  /// Where a training stands.
  public struct Progress: Sendable {
    /// Steps done, of all.
    public var step: Int
    /// The mean loss of the last 100 steps.
    public var loss: Double
  }

  /// Learns.
  ///
  /// - Parameter report: is called after every step; it may throw to stop.
  public func learn(threads: Int, report: (Progress) throws -> Void) throws -> CharacterModel {
    var generator = SeededGenerator(seed: configuration.randomSeed)
    var parameters = network.initialParameters(using: &generator)
    var state = Optimiser.State()
    let pass = CharacterPass(network, capacity: configuration.batchSize, isTraining: true, threads: threads)
    var recent: [Double] = []
    for step in 0..<configuration.steps {
      let batch = batch(using: &generator, threads: threads)
      for (index, patch) in batch.patches.enumerated() {
        patch.withUnsafeBufferPointer { if let values = $0.baseAddress { pass.setInput(index, values) } }
      }
      let count = batch.patches.count
      pass.prepare(parameters: parameters)
      pass.forward(patches: count)
      let evaluation = configuration.loss.evaluate(
        student: EmbeddingMatrix(
          count: count, dimension: configuration.network.outputs,
          values: Array(UnsafeBufferPointer(start: pass.outputs.pointer, count: batch.vectors.values.count))),
        teacher: batch.vectors)
      let beside = auxiliaryLoss(pass, batch)
      let gradient = pass.backward(
        patches: count, outputGradient: evaluation.gradient.values,
        auxiliaryGradient: beside.gradient)
      for (layer, statistics) in zip(network.normalisations, pass.statistics) {
        layer.normalisation.updateRunningStatistics(with: statistics, in: &parameters)
      }
      takeStep(step, gradient, &parameters, &state)
      recent.append(evaluation.loss + beside.loss)
      if recent.count > 100 { recent.removeFirst() }
      try report(Progress(step: step + 1, loss: recent.reduce(0, +) / Double(recent.count)))
    }
    return model(parameters, threads: threads)
  }

  /// The finished model; what is typical of its vectors is measured on the songs as they are.
  private func model(_ parameters: [Float], threads: Int) -> CharacterModel {
    let finished = network.finished
    let parameters = Array(parameters[..<finished.layout.count])
    let pass = CharacterPass(finished, capacity: data.patches, isTraining: false, threads: threads)
    pass.prepare(parameters: parameters)
    let outputs = configuration.network.outputs
    var sums = ChannelStatistics.Sums(channels: outputs)
    for song in data.originals {
      for (patch, start) in data.description.starts.enumerated() {
        let values = standardised(
          data.decibels(
            song, start: min(start, data.frames - configuration.network.frameCount),
            count: configuration.network.frameCount))
        values.withUnsafeBufferPointer { if let values = $0.baseAddress { pass.setInput(patch, values) } }
      }
      pass.forward(patches: data.patches)
      sums.add(
        (0..<outputs).map { index in
          let sum = (0..<data.patches).reduce(0.0) { $0 + Double(pass.outputs.pointer[$1 * outputs + index]) }
          return sum / Double(data.patches)
        })
    }
    let typical = ChannelStatistics([sums])
    return CharacterModel(
      .init(
        network: finished, standardisation: standardisation, parameters: parameters,
        typicalMeans: typical.means.map { Float($0) },
        typicalDeviations: typical.variances.map { Float(max(1e-6, $0).squareRoot()) }),
      provenance: .init(
        teacher: data.description.teacher, songs: data.originals.count, examples: data.songs.count,
        steps: configuration.steps,
        randomSeed: configuration.randomSeed))
  }

  private func standardised(_ decibels: [Float]) -> [Float] {
    [Float](unsafeUninitializedCapacity: decibels.count) { buffer, count in
      if let values = buffer.baseAddress { standardisation.write(decibels, to: values) }
      count = decibels.count
    }
  }

  /// One step of the optimiser; running statistics have no gradient, and do not decay.
  private func takeStep(_ step: Int, _ gradient: [Float], _ parameters: inout [Float], _ state: inout Optimiser.State) {
    let share = Double(step) / Double(configuration.steps)
    let factor = min(1, Double(step + 1) / Double(configuration.warmUp)) * 0.5 * (1 + cos(.pi * share))
    let statistics = network.normalisations.map(\.normalisation).flatMap {
      [$0.runningMean.range, $0.runningVariance.range]
    }
    let kept = statistics.map { ($0, Array(parameters[$0])) }
    Optimiser.adam(learningRate: configuration.learningRate, weightDecay: configuration.weightDecay)
      .scaled(by: Float(factor)).step(parameters: &parameters, gradient: gradient, state: &state)
    for (range, values) in kept { parameters.replaceSubrange(range, with: values) }
  }

  private func auxiliaryLoss(_ pass: CharacterPass, _ batch: Batch) -> (loss: Double, gradient: [Float]) {
    let scale = configuration.auxiliaryWeight / Double(max(1, batch.auxiliary.count))
    var (loss, gradient) = (0.0, batch.auxiliary)
    for index in gradient.indices {
      let error = Double(pass.auxiliary.pointer[index]) - Double(batch.auxiliary[index])
      loss += scale * error * error
      gradient[index] = Float(2 * scale * error)
    }
    return (loss, gradient)
  }

  /// Draws a batch: songs, patches and their changes in order, so that the threads do not matter.
  private func batch(using generator: inout SeededGenerator, threads: Int) -> Batch {
    let vector = data.description.vector
    var batch = Batch(patches: [], vectors: EmbeddingMatrix(count: 0, dimension: 0, values: []), auxiliary: [])
    var vectors: [Float] = []
    let frames = configuration.network.frameCount
    for _ in 0..<configuration.batchSize {
      let song = data.songs[generator.integer(in: 0...data.songs.count - 1)]
      let patch = generator.integer(in: 0...data.patches - 1)
      let moved = data.description.starts[patch] + generator.integer(in: -configuration.jitter...configuration.jitter)
      let curve = equaliserCurve(using: &generator)
      let start = max(0, min(moved, data.frames - frames))
      var decibels = data.decibels(song, start: start, count: frames)
      let bands = data.bands
      for index in decibels.indices { decibels[index] = max(-80, decibels[index] + curve[index % bands]) }
      batch.patches.append(standardised(decibels))
      let target = zip(data.target(song, patch: patch), zip(targetMeans, targetScales))
        .map { ($0 - $1.0) * $1.1 }
      vectors += target[..<vector]
      batch.auxiliary += target[vector...]
    }
    batch.vectors = EmbeddingMatrix(count: batch.patches.count, dimension: vector, values: vectors)
    return batch
  }

  /// A curve over the bands through six random points.
  private func equaliserCurve(using generator: inout SeededGenerator) -> [Float] {
    let points = (0..<6).map { _ in configuration.equaliser * generator.normal() }
    return (0..<data.bands).map { band in
      let place = Double(band) / Double(max(1, data.bands - 1)) * 5
      let first = min(4, Int(place))
      return Float(points[first] + (place - Double(first)) * (points[first + 1] - points[first]))
    }
  }
}
