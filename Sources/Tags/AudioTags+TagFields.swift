import Foundation

extension AudioTags {
  /// What the fields of a file's tags say.
  ///
  /// - Parameter genreName: ID3v1's genre of a number, which other tags refer to as "17" or "(17)".
  package init(_ fields: TagFields, genreName: (Int) -> String?) {
    let several = fields.list("ARTISTS")
    let performers = fields.list("ARTIST", "AUTHOR", slashesSeparate: true)
    self.init(
      title: fields.value("TITLE"),
      // Picard's ARTISTS has each artist apart, and its ARTIST "A feat. B".
      artists: several.count > performers.count ? several : performers,
      album: fields.value("ALBUM"),
      albumArtists: fields.list("ALBUMARTIST", "ENSEMBLE"),
      genres: Self.genres(fields.list("GENRE"), genreName),
      date: Self.date(fields.value("DATE", "YEAR", "RELEASEDATE"), dayAndMonth: fields.value("DAYMONTH")))
    composers = fields.list("COMPOSER", slashesSeparate: true)
    originalDate = Self.date(fields.value("ORIGINALDATE", "ORIGINALYEAR", "TDOR", "TORY"))
    (track, trackTotal) = Self.number(fields.value("TRACKNUMBER", "TRACK"))
    trackTotal = trackTotal ?? fields.value("TRACKTOTAL", "TOTALTRACKS").flatMap(Self.leadingNumber)
    (disc, discTotal) = Self.number(fields.value("DISCNUMBER", "DISC"))
    discTotal = discTotal ?? fields.value("DISCTOTAL", "TOTALDISCS").flatMap(Self.leadingNumber)
    isCompilation = fields.value("COMPILATION", "TCMP", "WMISCOMPILATION").map {
      ["1", "true", "yes"].contains($0.lowercased())
    }
    isrcs = fields.list("ISRC", "TSRC", slashesSeparate: true)
    let texts: [(UndeclaredText, Bool)] = [
      (.title, fields.isUndeclared("TITLE")), (.artists, fields.isUndeclared("ARTIST", "AUTHOR")),
      (.album, fields.isUndeclared("ALBUM")), (.albumArtists, fields.isUndeclared("ALBUMARTIST", "ENSEMBLE")),
      (.genres, fields.isUndeclared("GENRE")), (.composers, fields.isUndeclared("COMPOSER")),
    ]
    undeclared = UndeclaredText(texts.filter(\.1).map(\.0))
    musicBrainz = MusicBrainzIdentifiers(fields)
    replayGain = ReplayGain(fields)
  }

  /// A date as it is, if there is a number in it; with the day and month, "DDMM", that ID3v2.3 has beside the year.
  private static func date(_ text: String?, dayAndMonth: String? = nil) -> String? {
    guard let text, text.contains(where: { "123456789".contains($0) }) else { return nil }
    func isNumber(_ text: String) -> Bool { text.count == 4 && text.allSatisfy { $0.isASCII && $0.isNumber } }
    guard let dayAndMonth, isNumber(dayAndMonth), isNumber(text) else { return text }
    return "\(text)-\(dayAndMonth.suffix(2))-\(dayAndMonth.prefix(2))"
  }

  /// "3/12", "3", "03": a number and how many there are; 0 says nothing.
  private static func number(_ text: String?) -> (Int?, Int?) {
    guard let text else { return (nil, nil) }
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    return (leadingNumber(String(parts[0])), parts.count > 1 ? leadingNumber(String(parts[1])) : nil)
  }

  private static func leadingNumber(_ text: String) -> Int? {
    let digits = text.drop(while: \.isWhitespace).prefix { $0.isASCII && $0.isNumber }
    return Int(digits).flatMap { $0 > 0 ? $0 : nil }
  }

  /// Genres by their names. A number is one of ID3v1's; "(17)Hard Rock" is two.
  private static func genres(_ texts: [String], _ genreName: (Int) -> String?) -> [String] {
    var genres: [String] = []
    for text in texts.flatMap({ names(of: $0, genreName) }) where !genres.contains(text) { genres.append(text) }
    return genres
  }

  private static func names(of genre: String, _ genreName: (Int) -> String?) -> [String] {
    func name(_ reference: Substring) -> String? {
      switch reference {
      case "RX": "Remix"
      case "CR": "Cover"
      default: reference.allSatisfy { $0.isASCII && $0.isNumber } ? Int(reference).flatMap(genreName) : nil
      }
    }
    if let known = name(genre[...]) { return [known] }
    var (rest, found) = (genre[...], [String]())
    while let match = rest.prefixMatch(of: /\((\d{1,3}|RX|CR)\)/) {
      if let known = name(match.output.1) { found.append(known) }
      rest = rest[match.range.upperBound...]
    }
    let refinement = rest.trimmingCharacters(in: .whitespaces)
    return refinement.isEmpty ? found : found + [refinement]
  }
}

extension MusicBrainzIdentifiers {
  /// By the names of Picard's mapping: https://picard-docs.musicbrainz.org/en/appendices/tag_mapping.html
  init(_ fields: TagFields) {
    self.init()
    recording = Self.identifiers(fields.values("MUSICBRAINZTRACKID", "MUSICBRAINZRECORDINGID")).first
    track = Self.identifiers(fields.values("MUSICBRAINZRELEASETRACKID")).first
    release = Self.identifiers(fields.values("MUSICBRAINZALBUMID")).first
    releaseGroup = Self.identifiers(fields.values("MUSICBRAINZRELEASEGROUPID")).first
    artists = Self.identifiers(fields.values("MUSICBRAINZARTISTID"))
    albumArtists = Self.identifiers(fields.values("MUSICBRAINZALBUMARTISTID"))
  }

  /// The UUIDs in texts, of which some hold several.
  private static func identifiers(_ texts: [String]) -> [String] {
    texts.flatMap { $0.lowercased().split { !($0.isHexDigit || $0 == "-") } }
      .map(String.init).filter { UUID(uuidString: $0) != nil }
  }
}

extension ReplayGain {
  init(_ fields: TagFields) {
    self.init()
    // RVA2 is how `ID3v2Reader` names ID3v2's own frames of volume.
    track =
      Self.number(fields.value("REPLAYGAINTRACKGAIN", "RVA2TRACKGAIN")) ?? Self.opusGain(fields.value("R128TRACKGAIN"))
    trackPeak = Self.number(fields.value("REPLAYGAINTRACKPEAK", "RVA2TRACKPEAK"))
    album =
      Self.number(fields.value("REPLAYGAINALBUMGAIN", "RVA2ALBUMGAIN")) ?? Self.opusGain(fields.value("R128ALBUMGAIN"))
    albumPeak = Self.number(fields.value("REPLAYGAINALBUMPEAK", "RVA2ALBUMPEAK"))
  }

  /// "-7.03 dB" or "0,988"
  private static func number(_ text: String?) -> Double? {
    guard let text else { return nil }
    let digits = text.drop(while: \.isWhitespace).prefix { $0.isASCII && $0.isNumber || "+-.,eE".contains($0) }
    return Double(digits.replacing(",", with: ".")).flatMap { $0.isFinite ? $0 : nil }
  }

  /// In 256ths of a dB to -23 LUFS (RFC 7845, 5.2.1), of which ReplayGain's -18 is 5 dB louder.
  private static func opusGain(_ text: String?) -> Double? {
    text.flatMap { Int($0) }.map { Double($0) / 256 + 5 }
  }
}
