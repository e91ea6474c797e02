import AudioDecoding
import AudioFeatures

extension FingerprintExtractor {
  /// The fingerprint of `seconds` of the middle of a file, and what is known of the file.
  ///
  /// - Throws: `AudioDecodingError`.
  package func fingerprint(
    ofFile path: String, seconds: Double = excerptSeconds
  ) throws(AudioDecodingError) -> (fingerprint: Fingerprint, info: AudioFileInfo) {
    let audio = try AudioDecoder.decode(
      file: path, excerpt: .middle(seconds: seconds), sampleRate: Self.sampleRate)
    return (fingerprint(of: audio.samples), audio.info)
  }
}
