/// The ranges that configurations are checked against: wide enough for any audio, narrow enough that nothing derived
/// from them overflows.
enum SpectrumLimits {
  static let sampleRates = 1...10_000_000
  static let fftSizes = 16...262_144
  static let hopLengths = 1...10_000_000
  static let melBandCounts = 1...8192

  static func check(
    sampleRate: Int, fftSize: Int, hopLength: Int, melBandCount: Int
  ) throws(AudioFeatureError) {
    try require(sampleRates.contains(sampleRate), "sampleRate", sampleRate, "\(sampleRates) Hz")
    try require(
      fftSizes.contains(fftSize) && fftSize.isMultiple(of: 2), "fftSize", fftSize,
      "even and in \(fftSizes) samples")
    try require(hopLengths.contains(hopLength), "hopLength", hopLength, "in \(hopLengths) samples")
    try require(melBandCounts.contains(melBandCount), "melBandCount", melBandCount, "in \(melBandCounts)")
  }

  /// Both in Hz.
  static func check(
    minimumFrequency: Double, maximumFrequency: Double, of sampleRate: Int
  ) throws(AudioFeatureError) {
    let highest = Double(sampleRate) / 2
    // Comparisons with NaN are false, so that it is refused too.
    try require(
      minimumFrequency >= 0 && minimumFrequency < highest, "minimumFrequency", minimumFrequency,
      "at least 0 and below half the sample rate, \(highest) Hz")
    try require(
      maximumFrequency > minimumFrequency && maximumFrequency <= highest, "maximumFrequency", maximumFrequency,
      "above the minimum, \(minimumFrequency) Hz, and at most half the sample rate, \(highest) Hz")
  }
}
