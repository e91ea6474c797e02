/// The bytes of a CUE sheet as text.
///
/// A sheet does not say what its bytes mean. What begins with a byte order mark, looks like UTF-16, or is valid UTF-8 is that.
/// Anything else is read as Windows-1252, of which Latin-1 is a part; which code page it is may show later
/// (`LegacyCharset`), and nothing is lost until then.
enum CueText {
  static func text(of bytes: [UInt8]) -> (text: String, isDeclared: Bool) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (String(decoding: bytes.dropFirst(3), as: UTF8.self), true) }
    if let isBigEndian = isBigEndianUTF16(bytes) {
      let units = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
        let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
        return isBigEndian ? first << 8 | second : second << 8 | first
      }
      return (String(decoding: units.first == 0xFEFF ? units.dropFirst() : units[...], as: UTF16.self), true)
    }
    if let text = String(validating: bytes, as: UTF8.self) { return (text, true) }
    return (LegacyCharset.windows1252(bytes), false)
  }

  /// The order of the bytes if they are UTF-16: by its mark, or since every other one of the first is zero.
  private static func isBigEndianUTF16(_ bytes: [UInt8]) -> Bool? {
    if bytes.starts(with: [0xFF, 0xFE]) { return false }
    if bytes.starts(with: [0xFE, 0xFF]) { return true }
    let head = bytes.prefix(8)
    guard head.count == 8 else { return nil }
    let zeros = head.enumerated().filter { $0.element == 0 }.map { $0.offset % 2 }
    return zeros.count == 4 && Set(zeros).count == 1 ? zeros[0] == 0 : nil
  }
}

extension LegacyCharset {
  /// What Windows-1252 has where Latin-1 has control characters; 0 where it has nothing.
  private static let windowsOnly: [UInt16] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0,
    0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
  ]

  /// Bytes read as Windows-1252; those that it does not have as Latin-1 has them.
  static func windows1252(_ bytes: [UInt8]) -> String {
    var scalars = String.UnicodeScalarView()
    for byte in bytes {
      let special = (0x80..<0xA0).contains(byte) ? windowsOnly[Int(byte) - 0x80] : 0
      scalars.append(special == 0 ? Unicode.Scalar(byte) : Unicode.Scalar(special) ?? Unicode.Scalar(byte))
    }
    return String(scalars)
  }

  /// The byte that Windows-1252 has for a character beyond Latin-1; nil if it has none.
  static func windows1252Byte(_ scalar: Unicode.Scalar) -> UInt8? {
    guard scalar.value > 0xFF, let unit = UInt16(exactly: scalar.value) else { return nil }
    return windowsOnly.firstIndex(of: unit).map { UInt8($0 + 0x80) }
  }
}
