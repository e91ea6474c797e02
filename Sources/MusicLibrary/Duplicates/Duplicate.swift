import Catalogue

/// A recording that occurs more than once.
public struct Duplicate: Sendable, Hashable {
  /// One of its copies, and what helps to decide which to keep.
  public struct Song: Sendable, Hashable {
    /// The track.
    public var track: Track
    /// FFmpeg's short name of the codec, such as `mp3` or `flac`.
    public var codec: String?
    /// In Hz.
    public var sampleRate: Int?
    /// How many channels it has.
    public var channelCount: Int?

    /// The size of the file over its length, in bits a second; nil if its length is not known.
    public var bitRate: Int? {
      guard let duration = track.duration, duration > 0 else { return nil }
      return Int(exactly: (Double(track.fileSize) * 8 / duration).rounded())
    }
  }

  /// All copies, two or more.
  public var songs: [Song]
}
