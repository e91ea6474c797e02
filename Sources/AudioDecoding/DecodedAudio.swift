/// Decoded sound: one channel, at one rate.
public struct DecodedAudio: Sendable {
  /// The mean of the channels, nominally -1...1, always finite.
  public var samples: [Float]
  /// The sample rate in Hz.
  public var sampleRate: Int
  /// The position of `samples[0]` in the file, in seconds from its beginning.
  public var startTime: Double
  /// What is known of the file.
  public var info: AudioFileInfo
  /// The digest of the sound; nil if not all packets that it is made of were read for this part.
  public var soundDigest: SoundDigest?

  /// Creates decoded sound.
  public init(
    samples: [Float], sampleRate: Int, startTime: Double, info: AudioFileInfo, soundDigest: SoundDigest? = nil
  ) {
    self.samples = samples
    self.sampleRate = sampleRate
    self.startTime = startTime
    self.info = info
    self.soundDigest = soundDigest
  }
}
