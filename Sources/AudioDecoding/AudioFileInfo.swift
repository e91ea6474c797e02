// What a file says of its song comes with the file.
@_exported import Tags

/// What is known of an audio file without decoding it.
public struct AudioFileInfo: Sendable, Hashable {
  /// The tags of the file and of its audio stream.
  public var tags: AudioTags
  /// The length in seconds of what can be played: as the file states it if that agrees with its size and its ends, or
  /// else the sum over its packets; nil if neither is known.
  public var duration: Double?
  /// The native sample rate in Hz.
  public var sampleRate: Int
  /// The number of channels, 1 or more.
  public var channelCount: Int
  /// FFmpeg's short name of the codec, such as `mp3`, `flac` or `pcm_s16le`.
  public var codec: String
  /// What a listener should know, such as that the file is broken off.
  public var notes: [AudioFileNote]
  /// The songs of a CUE sheet in the file, two or more; empty if it is one song.
  package var cueSongs: [CueSheet.Song] = []

  /// Creates a description of a file.
  public init(
    tags: AudioTags, duration: Double?, sampleRate: Int, channelCount: Int, codec: String, notes: [AudioFileNote] = []
  ) {
    self.tags = tags
    self.duration = duration
    self.sampleRate = sampleRate
    self.channelCount = channelCount
    self.codec = codec
    self.notes = notes
  }
}
