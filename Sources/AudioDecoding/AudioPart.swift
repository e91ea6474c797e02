import Tags

/// What is wanted of a file: a part of it, at a rate.
public struct AudioPart: Sendable, Hashable {
  /// The part.
  public var excerpt: Excerpt
  /// In Hz, within `AudioDecoder.sampleRates`; nil for the file's own.
  public var sampleRate: Int?
  /// The song that the excerpt is of, if the file holds several: the middle is the song's, and a range is counted from its
  /// beginning. Nil for the file as a whole.
  public var bounds: SongBounds?

  /// A part at a rate, of a file or of a song in it.
  public init(_ excerpt: Excerpt, sampleRate: Int? = nil, of bounds: SongBounds? = nil) {
    self.excerpt = excerpt
    self.sampleRate = sampleRate
    self.bounds = bounds
  }

  /// Whether its place was named, rather than found by the length of the file.
  var isNamedByTime: Bool {
    if case .range = excerpt { return true }
    return bounds?.end != nil
  }

  /// Start and end in seconds of this part of a file that lasts `duration` seconds, nil if that is unknown. The end is nil
  /// for "to the end of the file".
  func times(in duration: Double?) -> (start: Double, end: Double?) {
    guard let bounds else { return excerpt.bounds(in: duration) }
    let inside = excerpt.bounds(in: bounds.duration(inFileOf: duration))
    let ends = [inside.end.map { bounds.start + $0 }, bounds.end].compactMap(\.self)
    return (bounds.start + inside.start, ends.min())
  }
}
