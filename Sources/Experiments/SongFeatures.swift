import AudioDecoding
import AudioFeatures
import MetricLearning
import SongModels
import Training

/// The features of one song that need no training.
struct SongFeatures: Sendable {
  /// The vectors of built-in models, by the models' identifiers.
  var vectors: [String: [Float]] = [:]
  /// The descriptors of the song's halves, one after the other; nil if they are not asked for.
  var halves: [Float]?
  /// musly's model of its frames; nil if it is not asked for.
  var timbre: GaussianModel?

  /// The features that are asked for.
  struct Request: Sendable {
    /// The models that need no training.
    var models: [EmbeddingModel] = []
    /// Whether the descriptors of halves are made.
    var halves = false
    /// Whether musly's models are made.
    var timbre = false
    /// Where to keep log-mels for trainings; nil if nothing is trained.
    var logMels: CachedLogMels?

    /// Whether nothing is asked for.
    var isEmpty: Bool { models.isEmpty && !halves && !timbre && logMels == nil }

    /// Everything that the feature sets of an experiment need.
    init(_ configuration: ExperimentConfiguration, cache: LogMelCache) throws {
      models = configuration.builtInModels
      halves = configuration.featureSets.contains(.learnedDescriptor)
      timbre = configuration.featureSets.contains(.musly)
      if configuration.featureSets.contains(where: \.isTrained) {
        logMels = CachedLogMels(
          input: try configuration.training.input, network: configuration.training.network, cache: cache)
      }
    }
  }
}

/// Makes the features of songs, and decodes each song once. Each thread needs its own, since it holds scratch memory.
final class SongFeatureExtractor {
  private let request: SongFeatures.Request
  private let embedders: [SongEmbedder]
  private let descriptors: SongDescriptorExtractor?
  private let timbre: TimbreFrameExtractor?
  private let logMel: LogMelExtractor?

  /// An extractor of the features that are asked for.
  init(_ request: SongFeatures.Request) throws {
    self.request = request
    embedders = try request.models.map { try SongEmbedder($0) }
    descriptors = request.halves ? try SongDescriptorExtractor() : nil
    timbre = request.timbre ? try TimbreFrameExtractor() : nil
    logMel = try request.logMels?.makeExtractor()
  }

  /// The features of a file. Its log-mels go to the cache.
  ///
  /// - Throws: `AudioDecodingError`, `AudioFeatureError`, `ModelFittingError` if a song has too few frames, or
  ///   `FileError` if the log-mels cannot be stored.
  func features(ofFile path: String) throws -> SongFeatures {
    let logMels = try request.logMels.flatMap { try $0.stored(of: path) == nil ? $0 : nil }
    var parts: [AudioPart] = []
    func ask(for part: AudioPart?) { if let part, !parts.contains(part) { parts.append(part) } }
    ask(for: logMels?.part)
    embedders.forEach { ask(for: $0.part) }
    if descriptors != nil { ask(for: DescribedSong.part) }
    if timbre != nil { ask(for: TimbreDistances.part) }
    let heard = Dictionary(uniqueKeysWithValues: zip(parts, try AudioDecoder.decode(file: path, parts: parts)))
    func audio(_ part: AudioPart) -> DecodedAudio {
      guard let audio = heard[part] else { preconditionFailure("\(part) of \(path) was not decoded") }
      return audio
    }
    var features = SongFeatures()
    for embedder in embedders {
      features.vectors[embedder.model.identifier] =
        try embedder.part.map { try embedder.embedding(of: audio($0), path: path) }
        ?? embedder.embed(file: path).embedding
    }
    if let descriptors {
      features.halves = DescribedSong.halves(of: [audio(DescribedSong.part).samples], descriptors).flatMap { $0 }
    }
    if let timbre {
      features.timbre = try TimbreDistances.model(of: audio(TimbreDistances.part).samples, extractor: timbre)
    }
    if let logMels, let logMel {
      try logMels.store(logMel.spectrogram(of: audio(logMels.part).samples), of: path)
    }
    return features
  }
}
