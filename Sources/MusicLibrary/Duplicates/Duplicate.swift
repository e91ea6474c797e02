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

    /// Whether its codec keeps every sample, whatever it was made of.
    public var isLossless: Bool {
      guard let codec else { return false }
      return Self.losslessCodecs.contains(codec) || codec.hasPrefix("pcm_")
    }

    private static let losslessCodecs: Set<String> = [
      "alac", "ape", "flac", "mlp", "mp4als", "shorten", "tak", "truehd", "tta", "wavpack", "wmalossless",
    ]
  }

  /// All copies, two or more.
  public var songs: [Song]

  /// Songs whose lengths differ by more than this, in seconds, are not equally whole: one is a preview, or broken off.
  private static let largestLengthDifference = 5.0

  /// Copies with those first that are rather kept: the whole before a part, the lossless before others, then the highest
  /// bit rate, then the order of the paths.
  static func sorted(_ songs: [Song]) -> [Song] {
    func length(_ song: Song) -> Double { song.track.duration ?? 0 }
    var rest = songs.sorted { length($0) > length($1) }[...]
    var sorted: [Song] = []
    while let longest = rest.first {
      let asLong = rest.prefix { length(longest) - length($0) <= largestLengthDifference }
      rest = rest.dropFirst(asLong.count)
      sorted += asLong.sorted { one, other in
        if one.isLossless != other.isLossless { return one.isLossless }
        return (other.bitRate ?? 0, one.track.path) < (one.bitRate ?? 0, other.track.path)
      }
    }
    return sorted
  }
}
