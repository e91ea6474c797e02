/// How samples become a log-mel spectrogram; a model is stored with the configuration that it was trained with.
public struct LogMelConfiguration: Sendable, Hashable {
  /// The sample rate in Hz.
  public let sampleRate: Int
  /// Samples that one frame's window and transform cover; even.
  public let fftSize: Int
  /// Samples from one frame to the next.
  public let hopLength: Int
  /// Number of mel bands.
  public let melBandCount: Int
  /// The lower edge of the lowest band, in Hz.
  public let minimumFrequency: Double
  /// The upper edge of the highest band, in Hz; by default half the sample rate.
  public let maximumFrequency: Double

  /// The paper's hop length (2.2): 640 frames are 14.9 s. The published PRCNN code uses 1024, which makes them the
  /// whole clip of 30 s.
  public static let standardHopLength = 512

  /// 22,050 Hz, frames of 2048 samples, 512 apart, 128 bands over the whole spectrum.
  public init() {
    sampleRate = 22_050
    fftSize = 2048
    hopLength = Self.standardHopLength
    melBandCount = 128
    minimumFrequency = 0
    maximumFrequency = 11_025
  }

  /// Any other choice.
  ///
  /// - Throws: ``AudioFeatureError/invalidConfiguration(field:value:requirement:)`` that names the field and its range.
  public init(
    sampleRate: Int = 22_050, fftSize: Int = 2048, hopLength: Int = standardHopLength, melBandCount: Int = 128,
    minimumFrequency: Double = 0, maximumFrequency: Double? = nil
  ) throws(AudioFeatureError) {
    let maximumFrequency = maximumFrequency ?? Double(sampleRate) / 2
    try SpectrumLimits.check(
      sampleRate: sampleRate, fftSize: fftSize, hopLength: hopLength, melBandCount: melBandCount)
    try SpectrumLimits.check(minimumFrequency: minimumFrequency, maximumFrequency: maximumFrequency, of: sampleRate)
    self.sampleRate = sampleRate
    self.fftSize = fftSize
    self.hopLength = hopLength
    self.melBandCount = melBandCount
    self.minimumFrequency = minimumFrequency
    self.maximumFrequency = maximumFrequency
  }

  /// The number of frames of a signal, `1 + sampleCount / hopLength`: they are centred on every `hopLength`-th sample
  /// from the first on. Even an empty signal has one frame, of silence.
  public func frameCount(ofSampleCount sampleCount: Int) -> Int {
    precondition(sampleCount >= 0, "A signal cannot have \(sampleCount) samples")
    return 1 + sampleCount / hopLength
  }

  /// The number of samples that `frameCount` frames (≥ 1) span, the outer halves of the first and last frame included:
  /// so much of a song is needed for an excerpt of that many frames.
  public func sampleCount(ofFrameCount frameCount: Int) -> Int {
    precondition(frameCount >= 1, "An excerpt has at least one frame, not \(frameCount)")
    return (frameCount - 1) * hopLength + fftSize
  }
}

extension LogMelConfiguration: Codable {
  /// Decodes a stored configuration.
  ///
  /// - Throws: `DecodingError`, or ``AudioFeatureError`` as the initialiser does: the content of a file is not trusted.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      sampleRate: fields.decode(Int.self, forKey: .sampleRate),
      fftSize: fields.decode(Int.self, forKey: .fftSize),
      hopLength: fields.decode(Int.self, forKey: .hopLength),
      melBandCount: fields.decode(Int.self, forKey: .melBandCount),
      minimumFrequency: fields.decode(Double.self, forKey: .minimumFrequency),
      maximumFrequency: fields.decode(Double.self, forKey: .maximumFrequency))
  }
}
