/// What a song is heard from: a file, or the part of one that a CUE sheet gives it.
public struct SongSource: Sendable, Hashable {
  /// The file's path.
  public var file: String
  /// Which part of the file the song is; nil for all of it.
  public var bounds: SongBounds?

  /// A file, or a part of it.
  public init(file: String, bounds: SongBounds? = nil) {
    self.file = file
    self.bounds = bounds
  }
}

/// Where a song begins and ends in a file, in seconds from the file's beginning.
public struct SongBounds: Sendable, Hashable {
  /// 0 or more.
  public var start: Double
  /// More than `start`; nil for the end of the file.
  public var end: Double?

  /// From one time to another.
  public init(start: Double, end: Double? = nil) {
    self.start = start
    self.end = end
  }

  /// The length in seconds of the song in a file of a length, in seconds, 0 if the file ends before it begins; nil if that
  /// is not known.
  public func duration(inFileOf duration: Double?) -> Double? {
    guard let last = [end, duration].compactMap(\.self).min() else { return nil }
    return max(0, last - start)
  }
}
