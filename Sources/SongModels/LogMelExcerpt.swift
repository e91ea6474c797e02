import AudioDecoding
import AudioFeatures

/// The part of a song that a network hears.
package enum LogMelExcerpt {
  /// The middle of a file, `frameCount` frames long, with half a window more on each side, so that the outermost frames
  /// hear the song rather than silence.
  package static func part(frameCount: Int, configuration: LogMelConfiguration) -> AudioPart {
    AudioPart(
      .middle(seconds: seconds(ofFrameCount: frameCount, configuration)), sampleRate: configuration.sampleRate)
  }

  /// Decodes the middle of a song: at least `frameCount` frames in absolute dB, or fewer if the song is shorter.
  package static func read(
    _ source: SongSource, frameCount: Int, extractor: LogMelExtractor
  ) throws(AudioDecodingError) -> (LogMelSpectrogram, AudioFileInfo) {
    let part = part(frameCount: frameCount, configuration: extractor.configuration)
    let audio = try AudioDecoder.decode(
      file: source.file, excerpt: part.excerpt, sampleRate: part.sampleRate, of: source.bounds)
    return (extractor.spectrogram(of: audio.samples), audio.info)
  }

  static func seconds(ofFrameCount frameCount: Int, _ configuration: LogMelConfiguration) -> Double {
    Double(configuration.sampleCount(ofFrameCount: frameCount)) / Double(configuration.sampleRate)
  }
}
