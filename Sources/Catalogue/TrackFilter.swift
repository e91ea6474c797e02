import Foundation

/// Which tracks are wanted: a hard filter.
///
/// Of clauses of one kind in `only`, one must hold: a song of any of these genres. Of every kind, one must. No clause in
/// `not` may hold. A track of which nothing is known, such as one without a year, does not meet a clause about it.
public struct TrackFilter: Sendable, Hashable, Codable {
  /// What a track is.
  public enum Clause: Sendable, Hashable, Codable {
    /// It has this genre; spellings with one `NameKey` are one.
    case genre(String)
    /// It is by this artist, or on an album of this artist.
    case artist(String)
    /// It is on an album of this name.
    case album(String)
    /// It lies in this folder or below, or in this file of several songs, or this CUE sheet finds it; an absolute path.
    case folder(String)
    /// It is the song of this absolute path.
    case song(String)
    /// It came out in one of these years; the original year if that is known.
    case years(ClosedRange<Int>)
    /// It is this long, in seconds.
    case seconds(ClosedRange<Double>)
    /// It is shorter than so many seconds.
    case shorter(than: Double)
    /// It is longer than so many seconds.
    case longer(than: Double)
    /// Its last rating (`Event.Kind.rating`) lies in this range, in stars.
    case stars(ClosedRange<Double>)
    /// Its measured tempo lies in this range, in beats a minute.
    case tempo(ClosedRange<Double>)
    /// Its measured loudness lies in this range, in LUFS.
    case loudness(ClosedRange<Double>)
  }

  /// What is wanted.
  public var only: [Clause]
  /// What is not wanted.
  public var not: [Clause]

  /// A filter; without clauses every track passes.
  public init(only: [Clause] = [], not: [Clause] = []) {
    self.only = only
    self.not = not
  }

  /// Where a range ends that has no end.
  public static let endless = 1e10

  /// Whether every track passes.
  public var isEmpty: Bool { only.isEmpty && not.isEmpty }

  /// Whether a clause is about what is measured of a track's sound.
  public var asksForMeasures: Bool {
    (only + not).contains {
      switch $0 {
      case .tempo, .loudness: true
      default: false
      }
    }
  }
}

extension TrackFilter.Clause: CustomStringConvertible {
  /// What the clause is about: "genre", "artist".
  public var kind: String {
    switch self {
    case .genre: "genre"
    case .artist: "artist"
    case .album: "album"
    case .folder: "folder"
    case .song: "song"
    case .years: "year"
    case .seconds, .shorter, .longer: "length"
    case .stars: "rating"
    case .tempo: "tempo"
    case .loudness: "loudness"
    }
  }

  /// Whether a block list may have it.
  public var isLasting: Bool {
    switch self {
    case .genre, .artist, .album, .folder, .song, .shorter, .longer: true
    case .years, .seconds, .stars, .tempo, .loudness: false
    }
  }

  /// The clause in words: "genre Rock".
  public var description: String {
    switch self {
    case .genre(let name), .artist(let name), .album(let name), .folder(let name), .song(let name): "\(kind) \(name)"
    case .years(let years): "\(kind) \(Self.text(Double(years.lowerBound), Double(years.upperBound)))"
    case .seconds(let range): "\(kind) \(Self.text(range.lowerBound, range.upperBound, Self.clock))"
    case .shorter(let limit): "\(kind) below \(Self.clock(limit))"
    case .longer(let limit): "\(kind) above \(Self.clock(limit))"
    case .stars(let range), .tempo(let range): "\(kind) \(Self.text(range.lowerBound, range.upperBound))"
    case .loudness(let range): "\(kind) \(range.lowerBound) to \(range.upperBound) LUFS"
    }
  }

  private static func text(_ low: Double, _ high: Double, _ text: (Double) -> String = number) -> String {
    if high >= TrackFilter.endless { return "from \(text(low))" }
    if low <= 0 { return "up to \(text(high))" }
    // What rounds to one number: it was asked for by that.
    let middle = (low + high) / 2
    return high - low <= 1 && low != high && low.rounded() == high.rounded()
      ? text(middle) : low == high ? text(low) : "\(text(low)) to \(text(high))"
  }

  private static func number(_ value: Double) -> String {
    // The neighbour of a number, which a limit leaves out, is shown as the number.
    let value = (value * 1000).rounded() / 1000
    return value == value.rounded() ? String(Int(value)) : String(value)
  }

  /// A length as people write it: "4:05", "1:02:03", or "4:05.5".
  public static func clock(_ seconds: Double) -> String {
    let tenths = Int((min(max(0, seconds), 1e9) * 10).rounded())
    let (hours, minutes, rest) = (tenths / 36_000, tenths / 600 % 60, tenths % 600)
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    let text = (hours > 0 ? "\(hours):\(two(minutes))" : "\(minutes)") + ":" + two(rest / 10)
    return rest % 10 == 0 ? text : "\(text).\(rest % 10)"
  }
}
