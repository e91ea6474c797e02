/// How samples become mel-frequency cepstral coefficients; the sample rate is the song's own (paper 2.2, FMA's
/// `features.py`, librosa's defaults).
public struct MFCCConfiguration: Sendable, Hashable {
  /// Samples that one frame's window and transform cover; even.
  public let fftSize: Int
  /// Samples from one frame to the next.
  public let hopLength: Int
  /// Number of mel bands, from 0 Hz to half the sample rate.
  public let melBandCount: Int
  /// Number of coefficients, from the zeroth; at most `melBandCount`.
  public let coefficientCount: Int

  /// The baseline's number of coefficients (paper 2.2).
  public static let standardCoefficientCount = 20
  /// The baseline's hop length in samples.
  public static let standardHopLength = 512

  /// Frames of 2048 samples, 512 apart, 128 mel bands, 20 coefficients.
  public init() {
    fftSize = 2048
    hopLength = Self.standardHopLength
    melBandCount = 128
    coefficientCount = Self.standardCoefficientCount
  }

  /// Any other choice.
  ///
  /// - Throws: ``AudioFeatureError/invalidConfiguration(field:value:requirement:)`` that names the field and its range.
  public init(
    fftSize: Int = 2048, hopLength: Int = standardHopLength, melBandCount: Int = 128,
    coefficientCount: Int = standardCoefficientCount
  ) throws(AudioFeatureError) {
    try SpectrumLimits.check(sampleRate: 1, fftSize: fftSize, hopLength: hopLength, melBandCount: melBandCount)
    try require(
      (1...melBandCount).contains(coefficientCount), "coefficientCount", coefficientCount,
      "at least 1 and at most melBandCount, \(melBandCount)")
    self.fftSize = fftSize
    self.hopLength = hopLength
    self.melBandCount = melBandCount
    self.coefficientCount = coefficientCount
  }

  /// The number of values that ``MFCCExtractor/statistics(of:sampleRate:)`` gives: 140 by default.
  public var statisticCount: Int { SummaryStatistic.allCases.count * coefficientCount }
}

extension MFCCConfiguration: Codable {
  /// Decodes a stored configuration.
  ///
  /// - Throws: `DecodingError`, or ``AudioFeatureError`` as the initialiser does: the content of a file is not trusted.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      fftSize: fields.decode(Int.self, forKey: .fftSize),
      hopLength: fields.decode(Int.self, forKey: .hopLength),
      melBandCount: fields.decode(Int.self, forKey: .melBandCount),
      coefficientCount: fields.decode(Int.self, forKey: .coefficientCount))
  }
}
