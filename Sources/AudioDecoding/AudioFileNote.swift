import Foundation

/// What a listener should know of a file that was heard all the same.
public enum AudioFileNote: Sendable, Hashable {
  /// The file is broken off: it ends after so many seconds of those that its header promises.
  case truncated(endsAfter: Double, of: Double)
  /// The file plays for so many seconds, but its header promises another length, as after a cut without re-encoding.
  case headerLength(plays: Double, promised: Double)
  /// The channels cancel each other in their mean: only one of them, counted from 0, was heard.
  case cancellingChannels(heard: Int)
  /// So many of the links of a chained Ogg file, which are songs one after another, are broken.
  case brokenLinks(Int, of: Int)
  /// The CUE sheet in the file cannot be used, for this reason.
  case unusableCueSheet(String)
  /// Nothing of what was heard is loud enough to be music.
  case silent
}

extension AudioFileNote: CustomStringConvertible {
  /// The note as a sentence without a full stop, which the file's name may precede.
  public var description: String {
    switch self {
    case .truncated(let end, let promised):
      "it ends after \(Self.clock(end)) of \(Self.clock(promised)); what is there was heard"
    case .headerLength(let plays, let promised):
      "it plays for \(Self.clock(plays)), although its header says \(Self.clock(promised))"
    case .cancellingChannels(let channel):
      "its channels cancel each other; only channel \(channel + 1) was heard"
    case .brokenLinks(let count, let total):
      "of the \(total) songs that it holds one after another, \(count) cannot be played, being broken; the rest was heard"
    case .unusableCueSheet(let reason):
      "the CUE sheet in it cannot be used, so that it is one song: \(reason)"
    case .silent: "what was heard of it is silent, so that its likeness to other songs says nothing"
    }
  }

  /// A length as people say it: `3:40`, `1:02:03`, or `2.5 s` below ten seconds, of which the least is `less than 0.1 s`.
  static func clock(_ seconds: Double) -> String {
    let tenths = (max(0, seconds) * 10).rounded()
    guard tenths > 0 else { return "less than 0.1 s" }
    guard tenths >= 100 else { return "\(tenths / 10) s" }
    let whole = Int(min(seconds, 1e9).rounded())
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }
}
