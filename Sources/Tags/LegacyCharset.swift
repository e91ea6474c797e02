import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A code page from before Unicode, in which taggers wrote text that tags declare as Latin-1.
///
/// Read as Latin-1, "Музыка" in CP1251 is "Ìóçûêà". Nothing is lost: the code points are the bytes.
public struct LegacyCharset: Sendable, Hashable {
  /// The name by which iconv knows it, such as CP1251.
  public let name: String

  /// A code page by one of iconv's names for it; nil if iconv does not know it, or if ASCII is not a part of it.
  public init?(named name: String) {
    let plain = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 +-.&".utf8)
    guard !name.isEmpty, !name.contains("/"), let converter = Converter(name),
      converter.decoded(plain)?.utf8.elementsEqual(plain) == true
    else { return nil }
    let key = name.uppercased().filter { $0.isLetter || $0.isNumber }
    self.name = Self.aliases[key] ?? name.uppercased()
  }

  /// The names of the code pages that are looked for, under those by which people know them.
  private static let aliases = [
    "CP1251": "CP1251", "WINDOWS1251": "CP1251", "CP932": "CP932", "SHIFTJIS": "CP932", "SJIS": "CP932",
    "WINDOWS31J": "CP932", "GBK": "GBK", "GB2312": "GBK", "EUCCN": "GBK", "CP936": "GBK", "CP949": "CP949",
    "UHC": "CP949", "EUCKR": "CP949", "UTF8": "UTF-8",
  ]

  private init(_ name: String) { self.name = name }

  /// Text that was read as Latin-1, read in this code page; nil if it was not, or does not fit the code page. ASCII
  /// stays as it is.
  public func decoded(_ text: String) -> String? { Converter.with(name) { decoded(text, $0) } ?? nil }

  private func decoded(_ text: String, _ converter: Converter) -> String? {
    guard let bytes = Self.latin1(text) else { return nil }
    guard bytes.contains(where: { $0 >= 0x80 }) else { return text }
    return converter.decoded(bytes)
  }

  /// The bytes of text that may be Latin-1, or Windows-1252; nil if it has other characters.
  private static func latin1(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) ?? windows1252Byte(scalar) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}

// MARK: - Detection

extension LegacyCharset {
  /// What the texts of one album are written in; nil if there is no strong evidence for any of the code pages that are
  /// looked for: UTF-8 (read as Latin-1), CP1251, Shift-JIS (CP932), GBK and CP949.
  ///
  /// - Parameter texts: titles, artists and the like, each as often as it occurs.
  public static func detect(in texts: some Sequence<String>) -> LegacyCharset? {
    let suspects = texts.filter(isSuspect)
    guard !suspects.isEmpty else { return nil }
    // Text that is UTF-8 by accident is all but impossible.
    if let letters = UTF8Evidence.make(suspects)?.letters, letters > 0 { return LegacyCharset("UTF-8") }
    let strong = known.filter { $0.value.make(suspects)?.isStrong ?? false }
    return strong.count == 1 ? strong.first.map { LegacyCharset($0.key) } : nil
  }

  /// Whether texts may be written in this code page: nothing speaks against it.
  package func suits(_ texts: some Sequence<String>) -> Bool {
    let suspects = texts.filter(Self.isSuspect)
    guard !suspects.isEmpty, let kind = Self.known[name] ?? (name == "UTF-8" ? UTF8Evidence.self : nil) else {
      return true
    }
    return kind.make(suspects).map { $0.share >= Evidence.leastShare } ?? false
  }

  private static let known: [String: any CharsetEvidence.Type] = [
    "CP1251": CyrillicEvidence.self, "CP932": JapaneseEvidence.self, "GBK": ChineseEvidence.self,
    "CP949": KoreanEvidence.self,
  ]

  private static func isSuspect(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0.value >= 0x80 } && latin1(text) != nil
  }

  /// The texts in a code page; nil if one of them does not fit it.
  fileprivate static func readings(of texts: [String], as name: String) -> [String]? {
    var readings: [String] = []
    for text in texts {
      guard let reading = LegacyCharset(name).decoded(text), !reading.allSatisfy(\.isASCII) else { return nil }
      readings.append(reading)
    }
    return readings
  }

  /// The first bytes of double-byte characters, if all of the texts' high bytes come in pairs of them. Full-width marks
  /// are left out: their rows, up to AF, are the same in GBK and CP949.
  fileprivate static func leadBytes(of texts: [String]) -> [UInt8]? {
    var leads: [UInt8] = []
    for text in texts {
      var rest = (latin1(text) ?? [])[...]
      while let byte = rest.popFirst() {
        guard byte >= 0x80 else { continue }
        guard byte >= 0xA1, let trail = rest.popFirst(), trail >= 0xA1 else { return nil }
        if byte >= 0xB0 { leads.append(byte) }
      }
    }
    return leads.isEmpty ? nil : leads
  }
}

/// How texts that were read as Latin-1 look in a code page.
private struct Evidence {
  /// The number of letters beyond ASCII.
  var letters: Int
  /// The share of them that look right.
  var share: Double
  /// Whether they could not as well be another code page's.
  var isDistinct = true

  static let fewestLetters = 6
  static let leastShare = 0.9

  var isStrong: Bool { letters >= Self.fewestLetters && share >= Self.leastShare && isDistinct }
}

private protocol CharsetEvidence {
  /// The evidence for a code page in texts with letters beyond ASCII; nil if they do not fit it.
  static func make(_ texts: [String]) -> Evidence?
}

private enum UTF8Evidence: CharsetEvidence {
  static func make(_ texts: [String]) -> Evidence? {
    LegacyCharset.readings(of: texts, as: "UTF-8").map { Evidence(letters: $0.count, share: 1) }
  }
}

/// Words of Cyrillic letters alone, in lower case, in upper case or capitalised. Read as Latin-1, no language has words
/// of accented letters alone.
private enum CyrillicEvidence: CharsetEvidence {
  static func make(_ texts: [String]) -> Evidence? {
    guard let readings = LegacyCharset.readings(of: texts, as: "CP1251") else { return nil }
    var (letters, good) = (0, 0)
    for word in readings.joined(separator: " ").split(whereSeparator: { !$0.isLetter }) {
      let foreign = word.count { !$0.isASCII }
      letters += foreign
      let isWellCased = word.dropFirst().allSatisfy(\.isLowercase) || word.allSatisfy(\.isUppercase)
      if word.allSatisfy(isCyrillic) && isWellCased { good += foreign }
    }
    return Evidence(letters: letters, share: letters == 0 ? 0 : Double(good) / Double(letters))
  }

  private static func isCyrillic(_ character: Character) -> Bool {
    character.unicodeScalars.allSatisfy { (0x400...0x45F).contains($0.value) || $0 == "ґ" || $0 == "Ґ" }
  }
}

/// Kana and ideographs; a third of them kana, which Chinese lacks. Half-width kana are single bytes, which may be any
/// language's.
private enum JapaneseEvidence: CharsetEvidence {
  private static let wide: [ClosedRange<UInt32>] = [0x3000...0x30FF, 0x4E00...0x9FFF, 0xFF00...0xFF60]

  static func make(_ texts: [String]) -> Evidence? {
    guard let readings = LegacyCharset.readings(of: texts, as: "CP932") else { return nil }
    let foreign = readings.joined().unicodeScalars.filter { !$0.isASCII }
    let kana = foreign.count { (0x3040...0x30FF).contains($0.value) }
    let wide = foreign.count { scalar in Self.wide.contains { $0.contains(scalar.value) } }
    return Evidence(
      letters: foreign.count, share: Double(wide) / Double(max(1, foreign.count)), isDistinct: kana * 3 >= wide)
  }
}

/// The 3,755 common ideographs are in rows B0 to D7, by their pronunciation; names use all of these rows, but Hangul,
/// which has the same bytes in CP949, ends at C8.
private enum ChineseEvidence: CharsetEvidence {
  static func make(_ texts: [String]) -> Evidence? {
    guard let leads = LegacyCharset.leadBytes(of: texts) else { return nil }
    let (common, late) = (leads.count { $0 <= 0xD7 }, leads.count { (0xC9...0xD7).contains($0) })
    return Evidence(
      letters: leads.count, share: Double(common) / Double(leads.count), isDistinct: late * 5 >= leads.count)
  }
}

/// Hangul in rows B0 to C8, and so many of them that they would not be Chinese by chance.
private enum KoreanEvidence: CharsetEvidence {
  static func make(_ texts: [String]) -> Evidence? {
    guard let leads = LegacyCharset.leadBytes(of: texts) else { return nil }
    let share = Double(leads.count { $0 <= 0xC8 }) / Double(leads.count)
    return Evidence(
      letters: leads.count, share: share, isDistinct: share == 1 && leads.count >= 2 * Evidence.fewestLetters)
  }
}

/// iconv's converter from a code page to UTF-8.
private final class Converter {
  private let descriptor: iconv_t

  /// The converters of the code pages that were asked for: to open one takes longer than a text.
  private static let opened = Mutex<[String: Converter]>([:])

  /// Calls `body` with the converter of a code page, one call at a time; nil if iconv does not know it.
  static func with<Result: Sendable>(_ name: String, _ body: (Converter) -> Result) -> Result? {
    opened.withLock { opened in
      guard let converter = opened[name] ?? Converter(name) else { return nil }
      opened[name] = converter
      return body(converter)
    }
  }

  init?(_ name: String) {
    descriptor = iconv_open("UTF-8", name)
    if Int(bitPattern: descriptor) == -1 { return nil }
  }

  deinit { iconv_close(descriptor) }

  /// The lengths in bytes of the texts that ID3v1 cuts, with the blank that was trimmed.
  private static let cutLengths = 27...30

  /// Nil if the bytes do not fit. Half a character at the end is left out if ID3v1 may have cut it.
  func decoded(_ bytes: [UInt8]) -> String? {
    var input = bytes.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: bytes.count * 4 + 16)
    let room = output.count
    iconv(descriptor, nil, nil, nil, nil)
    let length: Int? = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        var (source, target) = (input.baseAddress, output.baseAddress)
        var (sourceLeft, targetLeft) = (input.count, room)
        let result = iconv(descriptor, &source, &sourceLeft, &target, &targetLeft)
        // EINVAL: the input ends within a character.
        guard result != -1 || errno == EINVAL && Self.cutLengths.contains(bytes.count) else { return nil }
        return room - targetLeft
      }
    }
    guard let length, length > 0 else { return nil }
    return String(decoding: output[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
