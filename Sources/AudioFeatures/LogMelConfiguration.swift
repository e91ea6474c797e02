/// How samples become a log-mel spectrogram: the values that a model was trained with and is stored with.
public struct LogMelConfiguration: Sendable, Hashable {
  /// Samples a second, in Hz.
  public let sampleRate: Int
  /// Samples that one frame's window and transform cover; even.
  public let fftSize: Int
  /// Samples from one frame to the next.
  public let hopLength: Int
  /// Number of mel bands.
  public let melBandCount: Int
  /// Where the lowest band begins, in Hz.
  public let minimumFrequency: Double
  /// Where the highest band ends, in Hz; half the sample rate unless told otherwise.
  public let maximumFrequency: Double

  /// The paper's hop (2.2), with which 640 frames are 14.9 s; the published PRCNN code has 1024, with which they are the
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

  /// The number of frames of so many samples, `1 + sampleCount / hopLength`: one at the middle of each hop, the first
  /// around the first sample. Even no samples have one frame, of silence.
  public func frameCount(ofSampleCount sampleCount: Int) -> Int {
    precondition(sampleCount >= 0, "A signal cannot have \(sampleCount) samples")
    return 1 + sampleCount / hopLength
  }

  /// The number of samples that `frameCount` frames (≥ 1) reach over, outermost half frames included:
  /// as much of the middle of a song as an excerpt of that many frames needs.
  public func sampleCount(ofFrameCount frameCount: Int) -> Int {
    precondition(frameCount >= 1, "An excerpt has at least one frame, not \(frameCount)")
    return (frameCount - 1) * hopLength + fftSize
  }
}

extension LogMelConfiguration: Codable {
  /// Decodes and checks as the throwing initialiser does: what a file holds is not trusted.
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
