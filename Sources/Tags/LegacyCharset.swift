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

  /// A code page by iconv's name; nil if iconv does not know it.
  public init?(named name: String) {
    guard !name.isEmpty, let converter = Converter(name) else { return nil }
    self.name = name.uppercased()
    withExtendedLifetime(converter) {}
  }

  private init(_ name: String) { self.name = name }

  /// Text that was read as Latin-1, read in this code page; nil if it was not, or does not fit the code page. ASCII
  /// stays as it is.
  public func decoded(_ text: String) -> String? { Converter(name).flatMap { decoded(text, $0) } }

  private func decoded(_ text: String, _ converter: Converter) -> String? {
    guard let bytes = Self.latin1(text) else { return nil }
    guard bytes.contains(where: { $0 >= 0x80 }) else { return text }
    return converter.decoded(bytes)
  }

  /// The bytes of text that may be Latin-1; nil if it has other characters.
  private static func latin1(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) else { return nil }
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
    let suspects = texts.filter { text in
      text.unicodeScalars.contains { $0.value >= 0x80 } && latin1(text) != nil
    }
    guard !suspects.isEmpty else { return nil }
    if readings(of: suspects, as: "UTF-8") != nil { return LegacyCharset("UTF-8") }
    let evidence: [(name: String, isStrong: ([Character]) -> Bool, texts: [String]?)] = [
      ("CP1251", isRussian, readings(of: suspects, as: "CP1251")),
      ("CP932", isJapanese, readings(of: suspects, as: "CP932")),
      ("GBK", { _ in isChinese(suspects) }, readings(of: suspects, as: "GBK")),
      ("CP949", { _ in isKorean(suspects) }, readings(of: suspects, as: "CP949")),
    ]
    let strong = evidence.filter { item in item.texts.map { item.isStrong($0.flatMap { Array($0 + " ") }) } ?? false }
    return strong.count == 1 ? LegacyCharset(strong[0].name) : nil
  }

  /// The texts in a code page; nil if one of them does not fit it.
  private static func readings(of texts: [String], as name: String) -> [String]? {
    let charset = LegacyCharset(name)
    guard let converter = Converter(name) else { return nil }
    var readings: [String] = []
    for text in texts {
      guard let reading = charset.decoded(text, converter), !reading.allSatisfy(\.isASCII) else { return nil }
      readings.append(reading)
    }
    return readings
  }

  /// The least number of letters that are evidence, and the share of them that must look right.
  private static let evidence = (letters: 6, share: 0.9)

  /// Words of Cyrillic letters alone, in lower case, in upper case or capitalised. Read as Latin-1, no language has
  /// words of accented letters alone.
  private static func isRussian(_ text: [Character]) -> Bool {
    var (letters, good) = (0, 0)
    for word in text.split(whereSeparator: { !$0.isLetter }) {
      let foreign = word.count { !$0.isASCII }
      guard foreign > 0 else { continue }
      letters += foreign
      let isCyrillic = word.allSatisfy { character in
        character.unicodeScalars.allSatisfy { (0x400...0x45F).contains($0.value) || $0 == "ґ" || $0 == "Ґ" }
      }
      let isWellCased =
        word.dropFirst().allSatisfy(\.isLowercase) || word.allSatisfy(\.isUppercase)
      if isCyrillic && isWellCased { good += foreign }
    }
    return letters >= evidence.letters && Double(good) >= evidence.share * Double(letters)
  }

  /// Kana and ideographs; a third of them kana, which Chinese lacks. Half-width kana are single bytes, which may be any
  /// language's.
  private static func isJapanese(_ text: [Character]) -> Bool {
    let foreign = text.flatMap(\.unicodeScalars).filter { !$0.isASCII }
    let kana = foreign.count { (0x3040...0x30FF).contains($0.value) }
    let wide = foreign.count { scalar in
      [0x3000...0x30FF, 0x4E00...0x9FFF, 0xFF00...0xFF60].contains { $0.contains(scalar.value) }
    }
    return kana * 2 >= evidence.letters && kana * 3 >= wide && Double(wide) >= evidence.share * Double(foreign.count)
  }

  /// The first bytes of double-byte characters, if all of the texts' high bytes come in pairs of them.
  private static func leadBytes(of texts: [String]) -> [UInt8]? {
    var leads: [UInt8] = []
    for text in texts {
      var rest = (latin1(text) ?? [])[...]
      while let byte = rest.popFirst() {
        guard byte >= 0x80 else { continue }
        guard byte >= 0xA1, let trail = rest.popFirst(), trail >= 0xA1 else { return nil }
        // Full-width marks are in the first rows of both code pages.
        if byte >= 0xB0 { leads.append(byte) }
      }
    }
    return leads.count >= evidence.letters ? leads : nil
  }

  /// The 3,755 common ideographs are in rows B0 to D7, by their pronunciation; names use all of these rows, but Hangul,
  /// which has the same bytes in CP949, ends at C8.
  private static func isChinese(_ texts: [String]) -> Bool {
    guard let leads = leadBytes(of: texts) else { return false }
    let (common, late) = (leads.count { $0 <= 0xD7 }, leads.count { (0xC9...0xD7).contains($0) })
    return Double(common) >= evidence.share * Double(leads.count) && late * 5 >= leads.count
  }

  private static func isKorean(_ texts: [String]) -> Bool {
    guard let leads = leadBytes(of: texts) else { return false }
    return leads.count >= 2 * evidence.letters && leads.allSatisfy { $0 <= 0xC8 }
  }
}

/// iconv's converter from a code page to UTF-8.
private final class Converter {
  private let descriptor: iconv_t

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
