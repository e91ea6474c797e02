import AudioFeatures

/// A fingerprint by which sound is recognised after it was encoded, cut or amplified: 32 bits for each 46 ms.
///
/// Each bit says whether the difference of two neighbouring bands grows from one frame to the second frame after it.
/// Source: Haitsma and Kalker, *A Highly Robust Audio Fingerprinting System* (2002); here on mel bands in dB.
struct SoundFingerprint: Sendable, Hashable {
  /// The rate in Hz of the samples that a fingerprint is made of.
  static let sampleRate = 11_025
  /// Samples from one frame to the next.
  static let hopLength = 512
  /// Seconds from one frame to the next.
  static let secondsPerFrame = Double(hopLength) / Double(sampleRate)
  /// A fingerprint covers at most so many seconds from the beginning of a song, to bound the memory.
  static let longest = 120.0

  /// The bits of each frame; 0 for a silent frame, which would be like any other silent one.
  let frames: [UInt32]

  private static let bands = 33
  private static let distance = 2

  /// An extractor of the features that a fingerprint is made of.
  static func makeExtractor() throws(AudioFeatureError) -> LogMelExtractor {
    try LogMelExtractor(
      configuration: LogMelConfiguration(
        sampleRate: sampleRate, fftSize: 4096, hopLength: hopLength, melBandCount: bands, minimumFrequency: 250,
        maximumFrequency: 3000))
  }

  /// A fingerprint of mono samples at `sampleRate`.
  init(samples: [Float], extractor: LogMelExtractor) {
    let spectrogram = extractor.spectrogram(of: samples)
    let (bands, decibels) = (Self.bands, spectrogram.decibels)
    frames = (0..<max(0, spectrogram.frameCount - Self.distance)).map { frame in
      let (now, then) = (frame * bands, (frame + Self.distance) * bands)
      guard decibels[now..<now + bands].contains(where: { $0 > SilenceThreshold.bandDecibels }) else { return 0 }
      var bits: UInt32 = 0
      for band in 0..<bands - 1 {
        let before = decibels[now + band] - decibels[now + band + 1]
        let after = decibels[then + band] - decibels[then + band + 1]
        bits = bits << 1 | (after > before ? 1 : 0)
      }
      return bits
    }
  }

  /// How alike two songs are if `other` is shifted by so many frames: 1 − 2 × the share of differing bits, which is 1
  /// for the same sound and about 0 for unrelated sound. Also the number of compared frames, silent ones left out.
  func similarity(to other: SoundFingerprint, shift: Int) -> (value: Double, frames: Int) {
    let overlap = max(0, shift)..<max(0, shift, min(frames.count, other.frames.count + shift))
    var (different, count) = (0, 0)
    for index in overlap {
      let (one, two) = (frames[index], other.frames[index - shift])
      guard one != 0, two != 0 else { continue }
      different += (one ^ two).nonzeroBitCount
      count += 1
    }
    return count == 0 ? (0, 0) : (1 - 2 * Double(different) / Double(32 * count), count)
  }
}
