import ArgumentParser
import AudioFiles
import Catalogue
import Foundation

/// Which songs may be recommended. A song of which nothing is known, such as one without a year, does not pass a filter
/// about it.
struct FilterOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Only songs of this genre; given several times, of any of them.", valueName: "name"))
  var genre: [String] = []
  @Option(help: ArgumentHelp("No song of this genre.", valueName: "name"))
  var notGenre: [String] = []
  @Option(help: ArgumentHelp("Only songs of this artist, or of any of them.", valueName: "name"))
  var onlyArtist: [String] = []
  @Option(help: ArgumentHelp("No song of this artist.", valueName: "name"))
  var notArtist: [String] = []
  @Option(help: ArgumentHelp("Only songs of this album, or of any of them.", valueName: "name"))
  var onlyAlbum: [String] = []
  @Option(help: ArgumentHelp("No song of this album.", valueName: "name"))
  var notAlbum: [String] = []
  @Option(help: ArgumentHelp("Only songs in this folder or below, or in any of them.", valueName: "path"))
  var folder: [String] = []
  @Option(help: ArgumentHelp("No song in this folder or below.", valueName: "path"))
  var notFolder: [String] = []
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Only songs of these years: 1990-1999, 1990-, -1999 or 1997.", valueName: "range"))
  var years: [String] = []
  @Option(parsing: .unconditionalSingleValue, help: ArgumentHelp("No song of these years.", valueName: "range"))
  var notYears: [String] = []
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Only songs of this length: 2:00-6:00, 2:00-, -6:00 or 4:05.", valueName: "range"))
  var duration: [String] = []
  @Option(parsing: .unconditionalSingleValue, help: ArgumentHelp("No song of this length.", valueName: "range"))
  var notDuration: [String] = []
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Only songs that were given so many stars: 4-5 or 4-.", valueName: "range"))
  var rating: [String] = []
  @Option(
    parsing: .unconditionalSingleValue, help: ArgumentHelp("No song that was given so many stars.", valueName: "range"))
  var notRating: [String] = []
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Only songs of this measured tempo in beats a minute: 90-120, 90-, -120 or 100.", valueName: "range"))
  var tempo: [String] = []
  @Option(parsing: .unconditionalSingleValue, help: ArgumentHelp("No song of this tempo.", valueName: "range"))
  var notTempo: [String] = []
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Only songs of this measured loudness in LUFS: -14..-9, -14.. or ..-9.", valueName: "range"))
  var loudness: [String] = []
  @Option(parsing: .unconditionalSingleValue, help: ArgumentHelp("No song of this loudness.", valueName: "range"))
  var notLoudness: [String] = []
  @Option(help: ArgumentHelp("Only songs that are at least so similar, in -1...1.", valueName: "similarity"))
  var atLeast: Float?

  func validate() throws {
    let names = [
      ("--genre", genre), ("--not-genre", notGenre), ("--only-artist", onlyArtist), ("--not-artist", notArtist),
      ("--only-album", onlyAlbum), ("--not-album", notAlbum), ("--folder", folder), ("--not-folder", notFolder),
    ]
    for (option, values) in names where values.contains(where: { $0.allSatisfy(\.isWhitespace) }) {
      throw ValidationError("\(option) has no name.")
    }
    _ = try filter()
    if let atLeast, !(-1...1).contains(atLeast) { throw ValidationError("--at-least must lie between -1 and 1.") }
  }

  /// Why no song may be left beside what the filter removes; nil if nothing else removes any.
  var emptiness: String? { atLeast.map { "no song that may be in it has a similarity of \($0) or more" } }

  /// What the options say.
  func filter() throws -> TrackFilter {
    func folders(_ paths: [String]) -> [TrackFilter.Clause] { paths.map { .folder(AudioFileWalk.lexicalPath($0)) } }
    func years(_ texts: [String], _ option: String) throws -> [TrackFilter.Clause] {
      try texts.map { text in
        let range = try ValueRange(text, option: option, number: { Int($0).map { Double($0) } }).closed
        return .years(Int(range.lowerBound)...Int(min(range.upperBound, 1e9)))
      }
    }
    func seconds(_ texts: [String], _ option: String) throws -> [TrackFilter.Clause] {
      try texts.map { .seconds(try ValueRange($0, option: option, isMeasured: true, number: ClockTime.seconds).closed) }
    }
    func stars(_ texts: [String], _ option: String) throws -> [TrackFilter.Clause] {
      try texts.map { .stars(try ValueRange($0, option: option, number: { Double($0) }).closed) }
    }
    func tempi(_ texts: [String], _ option: String) throws -> [TrackFilter.Clause] {
      try texts.map { .tempo(try ValueRange($0, option: option, isMeasured: true, number: { Double($0) }).closed) }
    }
    func levels(_ texts: [String], _ option: String) throws -> [TrackFilter.Clause] {
      try texts.map { .loudness(try LoudnessRange($0, option: option).closed) }
    }
    var filter = TrackFilter()
    filter.only =
      genre.map { .genre($0) } + onlyArtist.map { .artist($0) } + onlyAlbum.map { .album($0) } + folders(folder)
    filter.only += try years(self.years, "--years")
    filter.only += try seconds(duration, "--duration")
    filter.only += try stars(rating, "--rating")
    filter.only += try tempi(tempo, "--tempo") + levels(loudness, "--loudness")
    filter.not =
      notGenre.map { .genre($0) } + notArtist.map { .artist($0) } + notAlbum.map { .album($0) } + folders(notFolder)
    filter.not += try years(notYears, "--not-years")
    filter.not += try seconds(notDuration, "--not-duration")
    filter.not += try stars(notRating, "--not-rating")
    filter.not += try tempi(notTempo, "--not-tempo") + levels(notLoudness, "--not-loudness")
    return filter
  }
}

/// A range of loudness as it is typed, in LUFS: "-14..-9", "-14.." or "..-9".
struct LoudnessRange {
  let closed: ClosedRange<Double>

  init(_ text: String, option: String) throws {
    let parts = text.components(separatedBy: "..")
    let ends = parts.map { $0.isEmpty ? nil : Double($0) }
    let isValid = zip(parts, ends).allSatisfy { $0.isEmpty || ($1.map { (-200...200).contains($0) } ?? false) }
    guard parts.count == 2, isValid, ends.contains(where: { $0 != nil }) else {
      throw ValidationError("“\(text)” for \(option) is no range: write -14..-9, -14.. or ..-9.")
    }
    let (low, high) = (ends[0] ?? -200, ends[1] ?? 200)
    guard low <= high else { throw ValidationError("“\(text)” for \(option) ends before it begins.") }
    closed = low...high
  }
}

/// A range as it is typed: "a-b", "a-", "-b" or "a".
struct ValueRange {
  let closed: ClosedRange<Double>

  /// - Parameters:
  ///   - isMeasured: Whether "a" alone means all that is "a" when it is rounded to as many decimals.
  ///   - number: Reads an end of the range; nil if it is none.
  init(_ text: String, option: String, isMeasured: Bool = false, number: (String) -> Double?) throws {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let ends = parts.map { $0.isEmpty ? nil : number($0) }
    let isValid = zip(parts, ends).allSatisfy { $0.isEmpty || ($1.map { $0.isFinite && abs($0) < 1e9 } ?? false) }
    guard isValid, ends.contains(where: { $0 != nil }) else {
      throw ValidationError("“\(text)” for \(option) is no range: write a-b, a-, -b or a.")
    }
    let (low, high) = (ends[0] ?? 0, (ends.count > 1 ? ends[1] : ends[0]) ?? TrackFilter.endless)
    guard low <= high else { throw ValidationError("“\(text)” for \(option) ends before it begins.") }
    guard isMeasured, parts.count == 1 else {
      closed = low...high
      return
    }
    let decimals = text.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last?.count ?? 0
    let half = pow(10, -Double(decimals)) / 2
    closed = max(0, low - half)...(low + half).nextDown
  }
}

/// Lengths of music as people write them.
enum ClockTime {
  /// The seconds of "1:02:03", "2:03" or "123"; nil if it is none of them, or thirty years.
  static func seconds(_ text: String) -> Double? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
    guard (1...3).contains(parts.count) else { return nil }
    var seconds = 0.0
    for part in parts {
      guard let part, part >= 0, part.isFinite else { return nil }
      seconds = seconds * 60 + part
    }
    return seconds < 1e9 ? seconds : nil
  }

  /// "1:02:03" or "2:03".
  static func text(_ seconds: Double) -> String {
    let whole = Int(min(max(0, seconds.rounded()), 1e15))
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return (hours > 0 ? "\(hours):\(two(minutes))" : "\(minutes)") + ":" + two(whole % 60)
  }
}
