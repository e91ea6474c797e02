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
    /// How long the file plays, if the song is a part of it; in seconds.
    public var fileDuration: Double?

    /// The size of the file, or of the song's share of it.
    public var bytes: Int64 {
      guard let fileDuration, let duration = track.duration, fileDuration > 0 else { return track.fileSize }
      return Int64(exactly: (Double(track.fileSize) * min(1, duration / fileDuration)).rounded()) ?? track.fileSize
    }

    /// The size of the file over its length, in bits a second; nil if its length is not known.
    public var bitRate: Int? {
      guard let duration = fileDuration ?? track.duration, duration > 0 else { return nil }
      return Int(exactly: (Double(track.fileSize) * 8 / duration).rounded())
    }
  }

  /// All copies, two or more.
  public var songs: [Song]
}
