extension CueSheet {
  /// Reads a sheet of any encoding.
  ///
  /// It is read as generously as players do: commands in any case, values with or without quotes, ends of lines of all
  /// systems, unknown commands passed over. The time it takes grows with the sheet's length alone.
  /// - Throws: `CueSheetError` if it is too large, has no song, or a track does not say where it begins.
  package init(bytes: [UInt8]) throws(CueSheetError) {
    guard bytes.count <= Self.mostBytes else {
      throw CueSheetError("it has \(bytes.count) bytes, more than any CUE sheet")
    }
    let (text, isDeclared) = CueText.text(of: bytes)
    try self.init(text: text, isDeclared: isDeclared)
  }

  /// Reads a sheet, whose bytes were perhaps not what they are taken for.
  package init(text: String, isDeclared: Bool) throws(CueSheetError) {
    guard text.utf8.count <= 4 * Self.mostBytes else { throw CueSheetError("it is longer than any CUE sheet") }
    var reader = CueSheetReader()
    reader.sheet.isDeclared = isDeclared
    var number = 0
    let text = text.unicodeScalars.first == "\u{FEFF}" ? Substring(text.unicodeScalars.dropFirst()) : text[...]
    for line in text.utf8.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 10 || $0 == 13 }) {
      number += 1
      try reader.read(Substring(line), number: number)
    }
    try reader.finish()
    guard reader.sheet.tracks.contains(where: \.isAudio) else { throw CueSheetError("it has no TRACK of type AUDIO") }
    self = reader.sheet
  }
}

/// Reads the lines of a sheet one after the other.
private struct CueSheetReader {
  var sheet = CueSheet()

  /// The file that INDEX lines speak of, and the numbers of all files.
  private var file: Int?
  private var numbers: [String: Int] = [:]
  /// The track that is read, its INDEX lines by their numbers, and the line where it began.
  private var track: CueSheet.Track?
  private var indices: [Int: (file: Int?, time: Double)] = [:]

  private static let texts: Set = ["TITLE", "PERFORMER", "SONGWRITER", "COMPOSER", "GENRE", "ISRC"]
  private static let remarks = Set(
    CueSheet.discRemarks + ["COMPOSER", "REPLAYGAIN_TRACK_GAIN", "REPLAYGAIN_TRACK_PEAK"])

  mutating func read(_ line: Substring, number: Int) throws(CueSheetError) {
    let (command, rest) = Self.firstWord(of: line)
    switch command {
    case "REM":
      let (name, value) = Self.firstWord(of: rest)
      if Self.remarks.contains(name) { note(name, value) }
    case "FILE": open(Self.fileName(rest))
    case "TRACK": try begin(rest, line: number)
    case "INDEX": try index(rest, line: number)
    case _ where Self.texts.contains(command): note(command, rest)
    default: break
    }
  }

  mutating func finish() throws(CueSheetError) {
    guard var track else { return }
    self.track = nil
    // Sheets that were made by hand may have INDEX 00 alone, or no INDEX 01.
    guard let begin = indices[1] ?? indices.min(by: { $0.key < $1.key })?.value else {
      throw CueSheetError("its track \(track.number) has no INDEX, which says where it begins")
    }
    if file == nil && begin.file == nil { open("") }
    track.file = begin.file ?? 0
    track.start = begin.time
    if let gap = indices[0], gap.file == begin.file, gap.time < begin.time { track.gapStart = gap.time }
    indices = [:]
    sheet.tracks.append(track)
  }

  /// What is said of the track that is read, or of the disc. What is said first counts.
  private mutating func note(_ name: String, _ rest: Substring) {
    let value = Self.value(rest)
    guard !value.isEmpty else { return }
    if track != nil {
      if track?.fields[name] == nil { track?.fields[name] = value }
    } else if sheet.fields[name] == nil {
      sheet.fields[name] = value
    }
  }

  private mutating func open(_ name: String) {
    if let known = numbers[name] { return file = known }
    numbers[name] = sheet.files.count
    file = sheet.files.count
    sheet.files.append(name)
  }

  /// `TRACK 01 AUDIO`
  private mutating func begin(_ rest: Substring, line: Int) throws(CueSheetError) {
    try finish()
    let (number, kind) = Self.firstWord(of: rest)
    guard let value = Int(number), (0...9999).contains(value) else {
      throw CueSheetError("line \(line): “\(Self.shown(number))” is no number of a track")
    }
    guard sheet.tracks.count < CueSheet.mostTracks else {
      throw CueSheetError("line \(line): it has more than \(CueSheet.mostTracks) tracks")
    }
    let type = Self.firstWord(of: kind).word
    track = CueSheet.Track(number: value, isAudio: type.isEmpty || type == "AUDIO")
  }

  /// `INDEX 01 12:34:56`, in minutes, seconds and frames, of which a second has 75.
  private mutating func index(_ rest: Substring, line: Int) throws(CueSheetError) {
    guard track != nil else { return }
    let (number, time) = Self.firstWord(of: rest)
    guard let value = Int(number), (0...99).contains(value) else {
      throw CueSheetError("line \(line): “\(Self.shown(number))” is no number of an INDEX")
    }
    guard let seconds = Self.seconds(Self.firstWord(of: time).word) else {
      throw CueSheetError("line \(line): “\(Self.shown(time))” is no time; write minutes:seconds:frames")
    }
    if indices[value] == nil { indices[value] = (file, seconds) }
  }

  private static func seconds(_ text: String) -> Double? {
    let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count) else { return nil }
    var numbers: [Int] = []
    for (part, mostDigits) in zip(parts, [5, 2, 2]) {
      guard (1...mostDigits).contains(part.count), part.allSatisfy({ (48...57).contains($0) }) else { return nil }
      numbers.append(part.reduce(0) { $0 * 10 + Int($1) - 48 })
    }
    let frames = (numbers[0] * 60 + numbers[1]) * 75 + (numbers.count > 2 ? numbers[2] : 0)
    return Double(frames) / 75
  }

  // MARK: - Words

  /// The first word in capitals, and what follows it.
  private static func firstWord(of text: Substring) -> (word: String, rest: Substring) {
    let text = trimmed(text)
    let end = text.utf8.firstIndex(where: isBlank) ?? text.endIndex
    return (text[..<end].uppercased(), trimmed(text[end...]))
  }

  /// What is between the first quote and the last, since there may be others in between; or all of it if it has none.
  private static func value(_ rest: Substring) -> String {
    let rest = trimmed(rest)
    guard rest.utf8.first == quote else { return String(rest) }
    let body = rest[rest.utf8.index(after: rest.startIndex)...]
    return String(trimmed(body.utf8.lastIndex(of: quote).map { body[..<$0] } ?? body))
  }

  /// `"a b.wav" WAVE`, or the same without quotes: the type is a word without a dot.
  private static func fileName(_ rest: Substring) -> String {
    let rest = trimmed(rest)
    guard rest.utf8.first != quote, let blank = rest.utf8.lastIndex(where: isBlank) else { return value(rest) }
    let type = rest[rest.utf8.index(after: blank)...]
    let isType = !type.utf8.contains { !isLetterOrDigit($0) } && rest[..<blank].utf8.contains(UInt8(ascii: "."))
    return String(isType ? trimmed(rest[..<blank]) : rest)
  }

  private static let quote = UInt8(ascii: "\"")

  /// Control characters, too.
  private static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let bytes = text.utf8
    guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return text[text.endIndex...] }
    return text[first...last]
  }

  /// The beginning of what cannot be read, for an error.
  private static func shown(_ text: some StringProtocol) -> String {
    text.count > 30 ? text.prefix(30) + "…" : String(text)
  }
}
