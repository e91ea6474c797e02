import Foundation
import Tags

/// The place of a name in a list: without case, accents and marks, and numbers by their size.
struct NameOrder: Comparable {
  private let key: [UInt8]

  init(_ name: String) {
    var key: [UInt8] = []
    var digits: [UInt8] = []
    func addNumber() {
      guard !digits.isEmpty else { return }
      let number = digits.drop { $0 == UInt8(ascii: "0") }
      // Of two numbers the one with more digits is larger.
      key += [UInt8(ascii: "0"), UInt8(clamping: number.count)] + number
      digits = []
    }
    for byte in SearchText.fold(name).utf8 {
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        digits.append(byte)
      } else {
        addNumber()
        key.append(byte)
      }
    }
    addNumber()
    self.key = key
  }

  static func < (one: NameOrder, other: NameOrder) -> Bool {
    let order = memcmp(one.key, other.key, min(one.key.count, other.key.count))
    return order != 0 ? order < 0 : one.key.count < other.key.count
  }
}
