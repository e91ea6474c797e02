/// What is known of an audio file without decoding it.
public struct AudioFileInfo: Sendable, Hashable {
  /// The tags of the file and of its audio stream.
  public var tags: AudioTags
  /// The length in seconds: as the file states it, or else the sum over its packets; nil if neither is known.
  public var duration: Double?
  /// The native sample rate in Hz.
  public var sampleRate: Int
  /// The number of channels, 1 or more.
  public var channelCount: Int
  /// FFmpeg's short name of the codec, such as `mp3`, `flac` or `pcm_s16le`.
  public var codec: String

  /// Creates a description of a file.
  public init(tags: AudioTags, duration: Double?, sampleRate: Int, channelCount: Int, codec: String) {
    self.tags = tags
    self.duration = duration
    self.sampleRate = sampleRate
    self.channelCount = channelCount
    self.codec = codec
  }
}
