import AudioDecoding
import AudioFeatures

/// Makes the traits of songs from samples at 22,050 Hz.
///
/// Owns its plans and buffers and so cannot be shared between threads. 30 s take about 4 ms, of which the measures
/// take 2.5.
package final class SoundTraitsExtractor {
  /// In Hz.
  package static let sampleRate = FingerprintExtractor.sampleRate
  /// So many seconds of a song's middle are measured.
  package static let measuredSeconds = 30.0

  private let fingerprints: FingerprintExtractor
  private let meter: SoundMeter

  /// Plans the transforms.
  package init() throws(AudioFeatureError) {
    fingerprints = try FingerprintExtractor()
    meter = try SoundMeter()
  }

  /// The traits of mono samples at ``sampleRate``; what is longer than ``measuredSeconds`` is measured in its middle.
  ///
  /// - Parameter fingerprint: the samples' fingerprint, if it was made already.
  package func traits(of samples: [Float], fingerprint: Fingerprint? = nil) -> SoundTraits {
    SoundTraits(
      fingerprint: fingerprint ?? fingerprints.fingerprint(of: samples),
      measures: meter.measures(of: Self.middle(of: samples)))
  }

  /// The traits of `seconds` of the middle of a song, and what is known of its file.
  ///
  /// - Throws: `AudioDecodingError`.
  package func traits(
    of source: SongSource, seconds: Double = FingerprintExtractor.excerptSeconds
  ) throws(AudioDecodingError) -> (traits: SoundTraits, info: AudioFileInfo) {
    let audio = try AudioDecoder.decode(
      file: source.file, excerpt: .middle(seconds: seconds), sampleRate: Self.sampleRate, of: source.bounds)
    return (traits(of: audio.samples), audio.info)
  }

  private static func middle(of samples: [Float]) -> [Float] {
    // The middle of a file may come out a few samples longer.
    let count = Int(measuredSeconds * Double(sampleRate))
    guard samples.count > count + sampleRate / 10 else { return samples }
    let start = (samples.count - count) / 2
    return Array(samples[start..<start + count])
  }
}
