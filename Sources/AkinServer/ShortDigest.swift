/// Short names for what has long ones: the same for as long as the name is.
enum ShortDigest {
  /// 24 hexadecimal digits that stand for a text: two sums of FNV-1a, against accidents, not against malice.
  static func text(of text: String) -> String {
    var (one, other): (UInt64, UInt64) = (0xcbf2_9ce4_8422_2325, 0x9e37_79b9_7f4a_7c15)
    for byte in text.utf8 {
      one = (one ^ UInt64(byte)) &* 0x100_0000_01b3
      other = (other ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return hex(one, 16) + hex(other >> 32, 8)
  }

  private static func hex(_ number: UInt64, _ count: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }
}
