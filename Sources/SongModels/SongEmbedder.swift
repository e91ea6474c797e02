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
  /// What is made of the sound beside the vector; nil if it was not asked for.
  public var traits: SoundTraits?
}

/// Turns files into vectors: file → samples → features → vector. Each thread needs its own, since it holds scratch
/// memory.
public final class SongEmbedder {
  /// The length in seconds of an excerpt that the MFCC baseline (paper 2.1) and the descriptor hear: the middle of a
  /// song, unless the model hears several.
  public static let baselineSeconds = 30.0

  /// The model.
  public let model: EmbeddingModel
  private let method: Method
  /// What makes the traits of songs; nil if none are wanted.
  private let traits: SoundTraitsExtractor?

  private enum Method {
    case descriptor(SongDescriptorExtractor)
    case mfcc(MFCCExtractor)
    case network(PRCNNModel, LogMelExtractor, PRCNNPass)
  }

  /// An embedder for a model.
  ///
  /// - Parameter makesTraits: whether ``embed(file:)`` makes the song's traits, too, which costs little if the model is a
  ///   descriptor: it hears the same samples, and the fingerprint is made of what it makes of them.
  /// - Throws: `ModelError` for one that hears nothing (`EmbeddingModel.foreign`), and `AudioFeatureError`.
  public init(_ model: EmbeddingModel, makesTraits: Bool = false) throws {
    self.model = model
    traits = makesTraits ? try SoundTraitsExtractor() : nil
    switch model.method {
    case .descriptor, .learnedDescriptor:
      method = .descriptor(try SongDescriptorExtractor())
    case .mfcc:
      method = .mfcc(MFCCExtractor())
    case .network(let model):
      method = .network(
        model, try LogMelExtractor(configuration: model.features),
        PRCNNPass(model.network, capacity: 1, isTraining: false, threads: 1))
    case .foreign: throw model.isDeaf
    }
  }

  /// The part of a file that the model hears; nil if it hears several.
  package var part: AudioPart? { parts.count == 1 ? parts[0] : nil }

  /// The parts of a file that the model hears; a short song lacks some of them, which have no samples.
  private var parts: [AudioPart] {
    let (seconds, sampleRate): (Double, Int?) =
      switch method {
      case .descriptor: (Self.baselineSeconds, SongDescriptorExtractor.sampleRate)
      case .mfcc: (Self.baselineSeconds, nil)
      case .network(let model, let extractor, _):
        (
          LogMelExcerpt.seconds(ofFrameCount: model.network.configuration.frameCount, extractor.configuration),
          extractor.configuration.sampleRate
        )
      }
    return (model.excerpts ?? .middle).parts(seconds: seconds, sampleRate: sampleRate)
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
    guard let traits, part.sampleRate != SoundTraitsExtractor.sampleRate else {
      let audio = try AudioDecoder.decode(
        file: source.file, excerpt: part.excerpt, sampleRate: part.sampleRate, of: part.bounds)
      try Self.check(audio.samples, of: source)
      return try embed(audio, path: path)
    }
    // Of the same excerpt, so that both are decoded in one pass.
    let parts = [part, AudioPart(part.excerpt, sampleRate: SoundTraitsExtractor.sampleRate, of: part.bounds)]
    let audio = try AudioDecoder.decode(file: source.file, parts: parts)
    try Self.check(audio[0].samples, of: source)
    return EmbeddedSong(
      path: path, info: audio[0].info, embedding: try embedding(of: audio[0], path: path),
      soundDigest: audio[0].soundDigest, traits: traits.traits(of: audio[1].samples))
  }

  /// Refuses a part of a file where there is no sound.
  private static func check(_ samples: [Float], of source: SongSource) throws(AudioDecodingError) {
    guard let bounds = source.bounds, samples.isEmpty else { return }
    throw AudioDecodingError(
      path: source.file, kind: .empty, reason: "it ends before the song begins, \(bounds.start) s after its beginning")
  }

  /// What decoded sound at the rate of traits is turned into.
  private func embed(_ audio: DecodedAudio, path: String) throws -> EmbeddedSong {
    if let traits, case .descriptor(let extractor) = method {
      let (descriptor, fingerprint) = extractor.descriptorAndFingerprint(of: audio.samples)
      return EmbeddedSong(
        path: path, info: audio.info, embedding: descriptor.values, soundDigest: audio.soundDigest,
        traits: traits.traits(of: audio.samples, fingerprint: fingerprint))
    }
    return EmbeddedSong(
      path: path, info: audio.info, embedding: try embedding(of: audio, path: path), soundDigest: audio.soundDigest,
      traits: traits?.traits(of: audio.samples))
  }

  /// What is made of several excerpts. Traits are those of the middle, which is decoded with them.
  private func embedExcerpts(of source: SongSource, path: String) throws -> EmbeddedSong {
    let middle = AudioPart(
      .middle(seconds: FingerprintExtractor.excerptSeconds), sampleRate: SoundTraitsExtractor.sampleRate)
    let heard = (traits == nil ? parts : parts + [middle]).map { part in
      AudioPart(part.excerpt, sampleRate: part.sampleRate, of: source.bounds)
    }
    let audio = try AudioDecoder.decode(file: source.file, parts: heard)
    let excerpts = Array(audio.prefix(parts.count))
    try Self.check(excerpts[0].samples, of: source)
    var info = excerpts[0].info
    for excerpt in excerpts { info.notes += excerpt.info.notes.filter { !info.notes.contains($0) } }
    return EmbeddedSong(
      path: path, info: info, embedding: try embedding(ofExcerpts: excerpts, path: path),
      soundDigest: audio[0].soundDigest, traits: traits?.traits(of: audio[audio.count - 1].samples))
  }

  /// The vector of decoded excerpts, the ``parts`` of a file: statistics over all of them, or the mean of a network's
  /// vectors.
  private func embedding(ofExcerpts excerpts: [DecodedAudio], path: String) throws -> [Float] {
    let (first, sampleRate) = (excerpts[0].samples, excerpts[0].sampleRate)
    let samples = [first] + excerpts.dropFirst().map(\.samples).filter { !$0.isEmpty }
    switch method {
    case .descriptor(let extractor): return extractor.descriptor(ofExcerpts: samples).values
    case .mfcc(let extractor): return try extractor.statistics(ofExcerpts: samples, sampleRate: sampleRate)
    case .network(_, let extractor, _):
      return Self.mean(try samples.map { try embedding(of: extractor.spectrogram(of: $0), path: path) })
    }
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
