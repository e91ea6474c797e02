import AudioDecoding
import AudioFeatures
import NeuralNetwork

/// A song with the vector that a model makes of it.
public struct EmbeddedSong: Sendable {
  /// The file, or the name of a song in it.
  public var path: String
  /// What is known of the file; its duration is that of the song.
  public var info: AudioFileInfo
  /// The model's vector, always finite.
  public var embedding: [Float]
  /// The digest of the sound, if the model hears all that it is made of.
  public var soundDigest: SoundDigest?
  /// What the recording is known again by; nil if it was not asked for.
  public var fingerprint: Fingerprint?
}

/// Turns files into vectors: file → samples → features → vector. Each thread needs its own, since it holds scratch
/// memory.
public final class SongEmbedder {
  /// The length in seconds of the middle of a song that the MFCC baseline (paper 2.1) and the descriptor hear.
  public static let baselineSeconds = 30.0

  /// The model.
  public let model: EmbeddingModel
  private let method: Method
  /// What makes fingerprints where the method does not; nil if none are wanted.
  private let fingerprints: FingerprintExtractor?

  private enum Method {
    case descriptor(SongDescriptorExtractor)
    case mfcc(MFCCExtractor)
    case network(PRCNNModel, LogMelExtractor, PRCNNPass)
  }

  /// An embedder for a model.
  ///
  /// - Parameter makesFingerprints: whether ``embed(file:)`` makes a fingerprint, too, which costs next to nothing if the
  ///   model is a descriptor.
  /// - Throws: `ModelError` for one that hears nothing (`EmbeddingModel.foreign`), and `AudioFeatureError`.
  public init(_ model: EmbeddingModel, makesFingerprints: Bool = false) throws {
    self.model = model
    fingerprints = makesFingerprints ? try FingerprintExtractor() : nil
    switch model {
    case .descriptor, .learnedDescriptor:
      method = .descriptor(try SongDescriptorExtractor())
    case .mfcc, .mfccStandardised:
      method = .mfcc(MFCCExtractor())
    case .network(let model):
      method = .network(
        model, try LogMelExtractor(configuration: model.features),
        PRCNNPass(model.network, capacity: 1, isTraining: false, threads: 1))
    case .foreign(let model):
      throw ModelError(
        model: model.name, reason: "another program made its vectors, and it can hear no song", remedy: .addVectors)
    }
  }

  /// The part of a file that the model hears; nil if it hears several excerpts, as a network may.
  package var part: AudioPart? {
    switch method {
    case .descriptor:
      AudioPart(.middle(seconds: Self.baselineSeconds), sampleRate: SongDescriptorExtractor.sampleRate)
    case .mfcc: AudioPart(.middle(seconds: Self.baselineSeconds))
    case .network(let model, let extractor, _):
      model.excerptCount > 1
        ? nil
        : LogMelExcerpt.part(
          frameCount: model.network.configuration.frameCount, configuration: extractor.configuration)
    }
  }

  /// Embeds one file.
  ///
  /// - Throws: `AudioDecodingError`; `AudioFeatureError` if no features can be made of the sound, for example at an
  ///   unusual sample rate; `ModelError` if the network's answer is not finite.
  public func embed(file path: String) throws -> EmbeddedSong { try embed(SongSource(file: path), path: path) }

  /// Embeds one song, a file or a part of one; `path` is what the result and errors call it.
  ///
  /// - Throws: As ``embed(file:)``, and `AudioDecodingError` if the file ends before the song begins.
  public func embed(_ source: SongSource, path: String) throws -> EmbeddedSong {
    guard var part else { return try embedExcerpts(of: source, path: path) }
    part.bounds = source.bounds
    guard fingerprints != nil, part.sampleRate != FingerprintExtractor.sampleRate else {
      let audio = try AudioDecoder.decode(
        file: source.file, excerpt: part.excerpt, sampleRate: part.sampleRate, of: part.bounds)
      try Self.check(audio.samples, of: source)
      return try embed(audio, path: path)
    }
    // Of the same excerpt, so that both are decoded in one pass.
    let parts = [part, AudioPart(part.excerpt, sampleRate: FingerprintExtractor.sampleRate, of: part.bounds)]
    let audio = try AudioDecoder.decode(file: source.file, parts: parts)
    try Self.check(audio[0].samples, of: source)
    return EmbeddedSong(
      path: path, info: audio[0].info, embedding: try embedding(of: audio[0], path: path),
      soundDigest: audio[0].soundDigest, fingerprint: fingerprints?.fingerprint(of: audio[1].samples))
  }

  /// Refuses a part of a file where there is no sound.
  private static func check(_ samples: [Float], of source: SongSource) throws(AudioDecodingError) {
    guard let bounds = source.bounds, samples.isEmpty else { return }
    throw AudioDecodingError(
      path: source.file, kind: .empty, reason: "it ends before the song begins, \(bounds.start) s after its beginning")
  }

  /// What decoded sound at the rate of fingerprints is turned into.
  private func embed(_ audio: DecodedAudio, path: String) throws -> EmbeddedSong {
    if fingerprints != nil, case .descriptor(let extractor) = method {
      let (descriptor, fingerprint) = extractor.descriptorAndFingerprint(of: audio.samples)
      return EmbeddedSong(
        path: path, info: audio.info, embedding: descriptor.values, soundDigest: audio.soundDigest,
        fingerprint: fingerprint)
    }
    return EmbeddedSong(
      path: path, info: audio.info, embedding: try embedding(of: audio, path: path), soundDigest: audio.soundDigest,
      fingerprint: fingerprints?.fingerprint(of: audio.samples))
  }

  /// What a network makes of several excerpts. Their fingerprint is of the middle, which is decoded for it.
  private func embedExcerpts(of source: SongSource, path: String) throws -> EmbeddedSong {
    guard case .network(let model, let extractor, let pass) = method else {
      preconditionFailure("\(model.name) hears several excerpts")
    }
    let (spectrograms, info) = try LogMelExcerpt.read(
      source, frameCount: model.network.configuration.frameCount, count: model.excerptCount, extractor: extractor)
    let embeddings = try spectrograms.map { try embedding(of: $0, model, pass, path: path) }
    let fingerprint = try fingerprints.map { try $0.fingerprint(of: source).fingerprint }
    return EmbeddedSong(path: path, info: info, embedding: Self.mean(embeddings), fingerprint: fingerprint)
  }

  /// The vector of decoded sound, the ``part`` of a file; `path` is what errors call it.
  package func embedding(of audio: DecodedAudio, path: String) throws -> [Float] {
    switch method {
    case .descriptor(let extractor): return extractor.descriptor(of: audio.samples).values
    case .mfcc(let extractor): return try extractor.statistics(of: audio.samples, sampleRate: audio.sampleRate)
    case .network(_, let extractor, _): return try embedding(of: extractor.spectrogram(of: audio.samples), path: path)
    }
  }

  /// A network's vector of the middle of a spectrogram, which was made with the network's features, in absolute dB.
  package func embedding(of spectrogram: LogMelSpectrogram, path: String) throws(ModelError) -> [Float] {
    guard case .network(let model, _, let pass) = method else {
      preconditionFailure("\(self.model.name) hears no log-mels")
    }
    return try embedding(of: spectrogram, model, pass, path: path)
  }

  /// The network's vector of the middle of a spectrogram.
  private func embedding(
    of spectrogram: LogMelSpectrogram, _ model: PRCNNModel, _ pass: PRCNNPass, path: String
  ) throws(ModelError) -> [Float] {
    let excerpt = spectrogram.middleExcerpt(frameCount: model.network.configuration.frameCount)
    model.standardisation.write(excerpt.decibels, to: pass.input(0))
    pass.forward(songs: 1, parameters: model.parameters)
    let embedding = Array(UnsafeBufferPointer(start: pass.embeddings.pointer, count: self.model.dimension))
    // The input too: a ReLU and a sigmoid can turn NaN and infinity into finite numbers.
    let input = UnsafeBufferPointer(start: pass.input(0), count: model.network.inputCount)
    guard input.allSatisfy(\.isFinite), embedding.allSatisfy(\.isFinite) else {
      throw ModelError(
        model: self.model.name, reason: "its weights are so large that \(path) overflows them", remedy: .retrain)
    }
    return embedding
  }

  /// The mean of vectors; a single vector stays as it is, bit for bit.
  private static func mean(_ vectors: [[Float]]) -> [Float] {
    guard vectors.count > 1 else { return vectors.first ?? [] }
    return vectors[0].indices.map { dimension in
      Float(vectors.reduce(0.0) { $0 + Double($1[dimension]) } / Double(vectors.count))
    }
  }
}
