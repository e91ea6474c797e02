import AudioDecoding
import AudioFeatures

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
  /// The model's own, or one for each of the parts that it is joined of; each with the places, in ``parts``, of the
  /// excerpts that it hears.
  private let listeners: [(listener: any SongListener, places: [Int])]
  /// What makes the traits of songs; nil if none are wanted.
  private let traits: SoundTraitsExtractor?
  /// The parts of a file that the model hears, each once. A short song lacks some of several excerpts, which have no
  /// samples.
  private let parts: [AudioPart]

  /// An embedder for a model.
  ///
  /// - Parameter makesTraits: whether ``embed(file:)`` makes the song's traits, too, which costs little if the model is a
  ///   descriptor: it hears the same samples, and the fingerprint is made of what it makes of them.
  /// - Throws: `ModelError` for one that hears nothing (`EmbeddingModel.foreign`), and `AudioFeatureError`.
  public init(_ model: EmbeddingModel, makesTraits: Bool = false) throws {
    self.model = model
    traits = makesTraits ? try SoundTraitsExtractor() : nil
    var parts: [AudioPart] = []
    listeners = try model.listeners().map { listener in
      let heard = (model.excerpts ?? .middle).parts(seconds: listener.seconds, sampleRate: listener.sampleRate)
      parts += heard.filter { !parts.contains($0) }
      return (listener, heard.compactMap(parts.firstIndex(of:)))
    }
    self.parts = parts
  }

  /// The part of a file that the model hears; nil if it hears several.
  package var part: AudioPart? { parts.count == 1 ? parts[0] : nil }

  /// The part that traits are made of: that which the model hears, at a rate of their own, or the middle if it hears
  /// several excerpts.
  private var traitsPart: AudioPart {
    let excerpt =
      model.excerpts == .middle ? parts[0].excerpt : .middle(seconds: FingerprintExtractor.excerptSeconds)
    return AudioPart(excerpt, sampleRate: SoundTraitsExtractor.sampleRate)
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
    var wanted = parts
    if traits != nil, !wanted.contains(traitsPart) { wanted.append(traitsPart) }
    // In one pass.
    let audio = try AudioDecoder.decode(
      file: source.file,
      parts: wanted.map { AudioPart($0.excerpt, sampleRate: $0.sampleRate, of: source.bounds) })
    try Self.check(audio[0].samples, of: source)
    let (embedding, mels) = try embedding(ofParts: audio, path: path)
    var info = audio[0].info
    for part in audio[..<parts.count] { info.notes += part.info.notes.filter { !info.notes.contains($0) } }
    return EmbeddedSong(
      path: path, info: info, embedding: embedding, soundDigest: audio[0].soundDigest,
      traits: traits.flatMap { traits in
        wanted.firstIndex(of: traitsPart).map { place in
          traits.traits(of: audio[place].samples, fingerprint: mels[place].map(Fingerprint.init(decibels:)))
        }
      })
  }

  /// Refuses a part of a file where there is no sound.
  private static func check(_ samples: [Float], of source: SongSource) throws(AudioDecodingError) {
    guard let bounds = source.bounds, samples.isEmpty else { return }
    throw AudioDecodingError(
      path: source.file, kind: .empty, reason: "it ends before the song begins, \(bounds.start) s after its beginning")
  }

  /// The vector of the decoded ``parts`` of a file; and the spectrograms of descriptors that were made of parts which are
  /// heard alone, by their places.
  private func embedding(
    ofParts audio: [DecodedAudio], path: String
  ) throws -> (embedding: [Float], mels: [Int: [Float]]) {
    var heard: [[Int]: SongExcerpts] = [:]
    var embedding: [Float] = []
    for (listener, places) in listeners {
      let samples = [audio[places[0]].samples] + places.dropFirst().map { audio[$0].samples }.filter { !$0.isEmpty }
      let excerpts = heard[places] ?? SongExcerpts(samples: samples, sampleRate: audio[places[0]].sampleRate)
      heard[places] = excerpts
      embedding += try listener.embedding(of: excerpts, path: path)
    }
    var mels: [Int: [Float]] = [:]
    for (places, excerpts) in heard where places.count == 1 { mels[places[0]] = excerpts.madeMels?[0] }
    return (embedding, mels)
  }

  /// The vector of decoded sound, the ``part`` of a file; `path` is what errors call it.
  package func embedding(of audio: DecodedAudio, path: String) throws -> [Float] {
    precondition(part != nil, "\(model.name) hears several parts of a file")
    return try embedding(ofParts: [audio], path: path).embedding
  }

  /// A network's vector of the middle of a spectrogram, which was made with the network's features, in absolute dB.
  package func embedding(of spectrogram: LogMelSpectrogram, path: String) throws(ModelError) -> [Float] {
    guard listeners.count == 1, let listener = listeners[0].listener as? PRCNNListener else {
      preconditionFailure("\(model.name) hears no log-mels")
    }
    return try listener.embedding(of: spectrogram, path: path)
  }
}
