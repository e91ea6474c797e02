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

  private static func seconds(ofFrameCount frameCount: Int, _ configuration: LogMelConfiguration) -> Double {
    Double(configuration.sampleCount(ofFrameCount: frameCount)) / Double(configuration.sampleRate)
  }

  /// Decodes `count` excerpts spread evenly over a song; only the middle one if `count` is 1 or the song is not longer
  /// than one excerpt. The possible starts of an excerpt are cut into `count` equal shares, and each excerpt begins in
  /// the middle of one.
  package static func read(
    _ source: SongSource, frameCount: Int, count: Int, extractor: LogMelExtractor
  ) throws(AudioDecodingError) -> ([LogMelSpectrogram], AudioFileInfo) {
    let configuration = extractor.configuration
    let seconds = seconds(ofFrameCount: frameCount, configuration)
    let file: AudioFileInfo? = count > 1 ? try AudioDecoder.info(ofFile: source.file) : nil
    let length = source.bounds.map { $0.duration(inFileOf: file?.duration) } ?? file?.duration
    guard var info = file, let duration = length, duration > seconds else {
      let (spectrogram, info) = try read(source, frameCount: frameCount, extractor: extractor)
      return ([spectrogram], info)
    }
    info.duration = duration
    var spectrograms: [LogMelSpectrogram] = []
    for index in 0..<count {
      let start = (duration - seconds) * (Double(index) + 0.5) / Double(count)
      let audio = try AudioDecoder.decode(
        file: source.file, excerpt: .range(start: start, seconds: seconds), sampleRate: configuration.sampleRate,
        of: source.bounds)
      spectrograms.append(extractor.spectrogram(of: audio.samples))
      info.notes += audio.info.notes.filter { !info.notes.contains($0) }
    }
    return (spectrograms, info)
  }
}
