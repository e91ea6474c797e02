import AudioDecoding
import AudioFeatures

/// The part of a song that a network hears.
package enum LogMelExcerpt {
  /// Decodes the middle of a file and gives at least `frameCount` frames in absolute dB, fewer where the song is
  /// shorter. Half a window more on each side lets the outermost frames hear the song rather than silence.
  package static func read(
    file path: String, frameCount: Int, extractor: LogMelExtractor
  ) throws(AudioDecodingError) -> (LogMelSpectrogram, AudioFileInfo) {
    let configuration = extractor.configuration
    let seconds = Double(configuration.sampleCount(ofFrameCount: frameCount)) / Double(configuration.sampleRate)
    let audio = try AudioDecoder.decode(
      file: path, excerpt: .middle(seconds: seconds), sampleRate: configuration.sampleRate)
    return (extractor.spectrogram(of: audio.samples), audio.info)
  }

  /// Up to `count` excerpts spread evenly over a file, the middle one alone where `count` is 1 or the song no longer
  /// than that one. Each is the middle of an equal share of the places where an excerpt can begin.
  package static func read(
    file path: String, frameCount: Int, count: Int, extractor: LogMelExtractor
  ) throws(AudioDecodingError) -> ([LogMelSpectrogram], AudioFileInfo) {
    let configuration = extractor.configuration
    let seconds = Double(configuration.sampleCount(ofFrameCount: frameCount)) / Double(configuration.sampleRate)
    let info: AudioFileInfo? = count > 1 ? try AudioDecoder.info(ofFile: path) : nil
    guard let info, let duration = info.duration, duration > seconds else {
      let (spectrogram, info) = try read(file: path, frameCount: frameCount, extractor: extractor)
      return ([spectrogram], info)
    }
    var spectrograms: [LogMelSpectrogram] = []
    for index in 0..<count {
      let start = (duration - seconds) * (Double(index) + 0.5) / Double(count)
      let audio = try AudioDecoder.decode(
        file: path, excerpt: .range(start: start, seconds: seconds), sampleRate: configuration.sampleRate)
      spectrograms.append(extractor.spectrogram(of: audio.samples))
    }
    return (spectrograms, info)
  }
}
