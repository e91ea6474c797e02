/// The part of a file to decode.
public enum Excerpt: Sendable, Hashable {
  /// The whole file.
  case whole
  /// `seconds` seconds, more than 0, from the middle; the whole of a shorter file.
  case middle(seconds: Double)
  /// `seconds` seconds, more than 0 (infinity for all that follow), from `start` seconds, 0 or more, after the
  /// beginning; less if the file ends before.
  case range(start: Double, seconds: Double)
  /// One of `count` parts of `seconds` seconds, more than 0, which are spread over the file; `index` counts from 0. The
  /// places where a part can begin are cut into as many equal shares, and each part begins in the middle of one: so less
  /// is heard of how a song begins and ends.
  ///
  /// They never overlap: in a file that is too short for that there are fewer, as many as fit, and those beyond have no
  /// samples. The first one is always there; alone, it is the middle, or the whole of a shorter file.
  case spread(index: Int, count: Int, seconds: Double)

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
    case .spread(let index, let count, let seconds):
      precondition(seconds > 0 && seconds.isFinite, "an excerpt of \(seconds) seconds")
      precondition((0..<count).contains(index), "excerpt \(index) of \(count)")
      // From the beginning of one part to that of the next there are (duration - seconds) / fitting seconds.
      let fitting = duration.map { max(1, Int(min($0 / seconds - 1, Double(count)))) } ?? 1
      guard index < fitting else { return (0, 0) }
      // To the bit what the middle is, which others ask for as well.
      guard let duration, 2 * index + 1 != fitting else { return Excerpt.middle(seconds: seconds).bounds(in: duration) }
      let start = (duration - seconds) * (Double(index) + 0.5) / Double(fitting)
      return (start, start + seconds)
    }
  }
}
