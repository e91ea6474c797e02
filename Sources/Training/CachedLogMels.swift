import AudioDecoding
import AudioFeatures
import SongModels

/// The log-mels that a training keeps of its songs, and what a network hears of them.
package struct CachedLogMels: Sendable {
  /// How songs become the network's input.
  package let input: InputConfiguration
  /// The cache that keeps them.
  package let cache: LogMelCache
  /// The number of frames that the network hears.
  private let frameCount: Int

  /// The log-mels of trainings with this input, for networks of this shape.
  package init(input: InputConfiguration, network: PRCNNConfiguration, cache: LogMelCache) {
    self.input = input
    self.cache = cache
    frameCount = network.frameCount
  }

  /// The number of frames that are kept of a song.
  package var cachedFrameCount: Int { input.cachedFrames(excerpt: frameCount) }

  /// An extractor for entries that are missing; each thread needs its own.
  package func makeExtractor() throws(AudioFeatureError) -> LogMelExtractor {
    try LogMelExtractor(configuration: input.features)
  }

  /// The part of a song that is decoded for its entry.
  package var part: AudioPart {
    LogMelExcerpt.part(frameCount: cachedFrameCount, configuration: input.features)
  }

  /// What is kept of a song, in absolute dB; nil if there is no usable entry.
  package func stored(of path: String) throws(AudioDecodingError) -> LogMelSpectrogram? {
    try cache.stored(file: path, frameCount: cachedFrameCount, configuration: input.features)
  }

  /// Keeps the log-mel that was made of ``part`` of a song.
  package func store(_ spectrogram: LogMelSpectrogram, of path: String) throws {
    try cache.store(spectrogram, file: path, frameCount: cachedFrameCount, configuration: input.features)
  }

  /// What is kept of a song, in absolute dB; the entry is made if it is missing.
  ///
  /// - Throws: `AudioDecodingError` if the song cannot be decoded, `FileError` if its entry cannot be stored.
  package func spectrogram(of path: String, extractor: LogMelExtractor) throws -> LogMelSpectrogram {
    try cache.spectrogram(file: path, frameCount: cachedFrameCount, extractor: extractor)
  }

  /// The middle of what is kept of a song, as a network hears it in validation: in dB relative to its maximum.
  package func middle(of path: String, extractor: LogMelExtractor) throws -> LogMelSpectrogram {
    try spectrogram(of: path, extractor: extractor).middleExcerpt(frameCount: frameCount)
  }
}
