import AudioDecoding
import AudioFeatures

/// The part of a song that a network hears.
package enum LogMelExcerpt {
  /// Decodes the middle of a file and gives at least `frameCount` frames in absolute dB, fewer where the song is
  /// shorter. Half a window more on each side lets the outermost frames hear the song rather than silence.
  package static func read(
    file path: String, frameCount: Int, extractor: LogMelExtractor
  ) throws(DecodingError) -> (LogMelSpectrogram, AudioFileInfo) {
    let configuration = extractor.configuration
    let seconds = Double(configuration.sampleCount(ofFrameCount: frameCount)) / Double(configuration.sampleRate)
    let audio = try AudioDecoder.decode(
      file: path, excerpt: .middle(seconds: seconds), sampleRate: configuration.sampleRate)
    return (extractor.spectrogram(of: audio.samples), audio.info)
  }
}
