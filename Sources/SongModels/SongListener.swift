import AudioFeatures
import NeuralNetwork

/// What makes a vector of the excerpts of a song that it hears. Each thread needs its own, since it holds scratch memory.
protocol SongListener {
  /// The length in seconds of an excerpt.
  var seconds: Double { get }
  /// The rate of the excerpts' samples in Hz; nil for the file's own.
  var sampleRate: Int? { get }

  /// The vector of a song's excerpts; `path` is what errors call the song.
  func embedding(of excerpts: SongExcerpts, path: String) throws -> [Float]
}

/// The decoded excerpts of a song, with the spectrogram that several listeners share.
final class SongExcerpts {
  /// Mono samples of each excerpt, at least one.
  let samples: [[Float]]
  /// In Hz.
  let sampleRate: Int
  /// The spectrograms that descriptors are made of, if a listener asked for them.
  private(set) var madeMels: [[Float]]?

  init(samples: [[Float]], sampleRate: Int) {
    precondition(!samples.isEmpty, "a song of no excerpts")
    self.samples = samples
    self.sampleRate = sampleRate
  }

  /// Of each excerpt frames × 256 mel bands, as the descriptor hears them; made once for all who ask.
  func mels(_ extractor: SongDescriptorExtractor) -> [[Float]] {
    if let madeMels { return madeMels }
    let mels = extractor.mels(of: samples)
    madeMels = mels
    return mels
  }
}

/// Hears what a descriptor measures: statistics over all excerpts.
struct DescriptorListener: SongListener {
  let extractor: SongDescriptorExtractor
  var seconds: Double { SongEmbedder.baselineSeconds }
  var sampleRate: Int? { SongDescriptorExtractor.sampleRate }

  func embedding(of excerpts: SongExcerpts, path: String) -> [Float] {
    extractor.descriptor(ofMels: excerpts.mels(extractor)).values
  }
}

/// Hears the paper's baseline: statistics over all excerpts.
struct MFCCListener: SongListener {
  let extractor = MFCCExtractor()
  var seconds: Double { SongEmbedder.baselineSeconds }
  var sampleRate: Int? { nil }

  func embedding(of excerpts: SongExcerpts, path: String) throws -> [Float] {
    try extractor.statistics(ofExcerpts: excerpts.samples, sampleRate: excerpts.sampleRate)
  }
}

/// Hears with a PRCNN: the mean of the vectors of the middles of all excerpts.
struct PRCNNListener: SongListener {
  let model: PRCNNModel
  /// What errors call the model.
  let name: String
  private let extractor: LogMelExtractor
  private let pass: PRCNNPass

  init(_ model: PRCNNModel, name: String) throws(AudioFeatureError) {
    self.model = model
    self.name = name
    extractor = try LogMelExtractor(configuration: model.features)
    pass = PRCNNPass(model.network, capacity: 1, isTraining: false, threads: 1)
  }

  var seconds: Double { LogMelExcerpt.seconds(ofFrameCount: model.network.configuration.frameCount, model.features) }
  var sampleRate: Int? { model.features.sampleRate }

  func embedding(of excerpts: SongExcerpts, path: String) throws -> [Float] {
    let vectors = try excerpts.samples.map { try embedding(of: extractor.spectrogram(of: $0), path: path) }
    // A single vector stays as it is, bit for bit.
    return vectors.count == 1 ? vectors[0] : Patches.mean(of: vectors)
  }

  /// The network's vector of the middle of a spectrogram.
  func embedding(of spectrogram: LogMelSpectrogram, path: String) throws(ModelError) -> [Float] {
    let shape = model.network.configuration
    let excerpt = spectrogram.middleExcerpt(frameCount: shape.frameCount)
    model.standardisation.write(excerpt.decibels, to: pass.input(0))
    pass.forward(songs: 1, parameters: model.parameters)
    let embedding = Array(UnsafeBufferPointer(start: pass.embeddings.pointer, count: shape.embeddingDimension))
    // The input too: a ReLU and a sigmoid can turn NaN and infinity into finite numbers.
    let input = UnsafeBufferPointer(start: pass.input(0), count: model.network.inputCount)
    guard input.allSatisfy(\.isFinite), embedding.allSatisfy(\.isFinite) else {
      throw ModelError(
        model: name, reason: "its weights are so large that \(path) overflows them", remedy: .retrain)
    }
    return embedding
  }
}

extension EmbeddingModel {
  /// What listens for the model: one listener for each of its parts, in their order.
  ///
  /// - Throws: `ModelError` for a model that hears nothing, and `AudioFeatureError`.
  func listeners() throws -> [any SongListener] {
    var extractor: SongDescriptorExtractor?
    return try listeners(sharing: &extractor)
  }

  /// The same; parts that hear what a descriptor is made of share the extractor, which the first of them makes.
  private func listeners(sharing shared: inout SongDescriptorExtractor?) throws -> [any SongListener] {
    func extractor() throws(AudioFeatureError) -> SongDescriptorExtractor {
      if let shared { return shared }
      let made = try SongDescriptorExtractor()
      shared = made
      return made
    }
    return switch method {
    case .descriptor, .learnedDescriptor: [DescriptorListener(extractor: try extractor())]
    case .mfcc: [MFCCListener()]
    case .network(let model): [try PRCNNListener(model, name: name)]
    case .character(let model): [CharacterListener(model, name: name, extractor: try extractor())]
    case .imported(let model): [try ImportedListener(model, name: name)]
    case .joined(let model): try model.parts.flatMap { try $0.model.listeners(sharing: &shared) }
    case .foreign: throw isDeaf
    }
  }
}
