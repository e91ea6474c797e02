import AudioDecoding
import AudioFeatures

extension FingerprintExtractor {
  /// The fingerprint of `seconds` of the middle of a song, and what is known of its file.
  ///
  /// - Throws: `AudioDecodingError`.
  package func fingerprint(
    of source: SongSource, seconds: Double = excerptSeconds
  ) throws(AudioDecodingError) -> (fingerprint: Fingerprint, info: AudioFileInfo) {
    let audio = try AudioDecoder.decode(
      file: source.file, excerpt: .middle(seconds: seconds), sampleRate: Self.sampleRate, of: source.bounds)
    return (fingerprint(of: audio.samples), audio.info)
  }
}
