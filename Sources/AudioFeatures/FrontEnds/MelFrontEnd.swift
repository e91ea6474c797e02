/// How samples become the mel spectrogram that some program trained a network on: as general as the front ends of
/// published networks are.
///
/// Of each frame the power or magnitude spectrum is summed into mel bands; then each value x becomes
///
///     (log(max(floor, gain · x + offset)) - mean) / deviation
public struct MelFrontEnd: Sendable, Hashable, Codable {
  /// Where frames lie.
  public enum Framing: String, Sendable, Hashable, Codable, CaseIterable {
    /// Around every `hopLength`-th sample from the first on, with zeros beyond the ends: `1 + count / hopLength` frames.
    case zeros
    /// The same, with the sound reflected beyond the ends.
    case reflection
    /// From every `hopLength`-th sample on, as long as the window lies inside of the sound.
    case inside
  }

  /// What is summed into bands.
  public enum Spectrum: String, Sendable, Hashable, Codable, CaseIterable {
    case power, magnitude
  }

  /// How values are compressed.
  public enum Compression: String, Sendable, Hashable, Codable, CaseIterable {
    /// Not at all.
    case none
    /// 10 log₁₀.
    case decibels
    /// log₁₀.
    case log10
    /// The natural logarithm.
    case natural
  }

  /// In Hz.
  public var sampleRate = 16_000
  /// Samples of a transform; even.
  public var fftSize = 512
  /// Samples that the window (Hann, periodic) covers, in the middle of a transform's.
  public var windowLength = 512
  /// Samples from one frame to the next.
  public var hopLength = 256
  /// Where frames lie.
  public var framing = Framing.zeros
  /// What is summed into bands.
  public var spectrum = Spectrum.power
  /// The number of mel bands.
  public var melBandCount = 96
  /// The edges of the lowest and the highest band, in Hz.
  public var minimumFrequency = 0.0, maximumFrequency = 8000.0
  /// The scale on which bands are equally wide.
  public var scale = MelScale.slaney
  /// How high the bands' triangles are.
  public var norm = MelFilterBank.Norm.area
  /// Over what the triangles' sides are straight.
  public var slopes = MelFilterBank.Slopes.frequency
  /// Whether what the bands sum up to is rounded to half precision, as musicnn does.
  public var roundsToHalf = false
  /// What bands are multiplied by before the logarithm, what is added to them, and what they are at least.
  public var gain = 1.0, offset = 0.0, floor = 1e-10
  /// How values are compressed.
  public var compression = Compression.decibels
  /// What is subtracted from values in the end, and what they are divided by then.
  public var mean = 0.0, deviation = 1.0

  /// A front end to change.
  public init() {}

  /// The number of frames of a signal.
  public func frameCount(ofSampleCount count: Int) -> Int {
    switch framing {
    case .zeros, .reflection: 1 + count / hopLength
    case .inside: count < windowLength ? 0 : 1 + (count - windowLength) / hopLength
    }
  }

  /// Checks what can be checked without a sound.
  ///
  /// - Throws: ``AudioFeatureError/invalidConfiguration(field:value:requirement:)``.
  public func check() throws(AudioFeatureError) {
    try SpectrumLimits.check(
      sampleRate: sampleRate, fftSize: fftSize, hopLength: hopLength, melBandCount: melBandCount)
    try SpectrumLimits.check(minimumFrequency: minimumFrequency, maximumFrequency: maximumFrequency, of: sampleRate)
    try require(
      (1...fftSize).contains(windowLength), "windowLength", windowLength, "in 1...\(fftSize), the samples of the FFT")
    for (field, value) in [("gain", gain), ("offset", offset), ("floor", floor), ("mean", mean)] {
      try require(value.isFinite, field, value, "finite")
    }
    try require(deviation.isFinite && deviation != 0, "deviation", deviation, "finite and not 0")
    try require(
      compression == .none || max(floor, offset) > 0, "floor", floor,
      "above 0, or the offset is, so that silence has a logarithm")
  }
}
