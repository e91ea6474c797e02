/// The part of a file to decode.
public enum Excerpt: Sendable, Hashable {
  /// The whole file.
  case whole
  /// `seconds` seconds, more than 0, from the middle; the whole of a shorter file.
  case middle(seconds: Double)
  /// `seconds` seconds, more than 0 (infinity for all that follow), from `start` seconds, 0 or more, after the
  /// beginning; less if the file ends before.
  case range(start: Double, seconds: Double)

  /// Start and end in seconds of this part of a file that lasts `duration` seconds, nil if that is unknown.
  ///
  /// The end is nil for "to the end of the file". The middle of a file of unknown length is the whole.
  func bounds(in duration: Double?) -> (start: Double, end: Double?) {
    switch self {
    case .whole:
      return (0, nil)
    case .middle(let seconds):
      precondition(seconds > 0, "an excerpt of \(seconds) seconds")
      guard let duration, duration > seconds else { return (0, nil) }
      let start = (duration - seconds) / 2
      return (start, start + seconds)
    case .range(let start, let seconds):
      precondition(start >= 0 && start.isFinite && seconds > 0, "an excerpt of \(seconds) seconds from \(start)")
      return (start, seconds.isFinite ? start + seconds : nil)
    }
  }
}
