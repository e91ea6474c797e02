/// What precedes the data in a `.npy` file: magic, version, length, and a Python dictionary literal such as
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
package struct NumPyHeader {
  package enum Element: String {
    case float32 = "<f4"
    case float64 = "<f8"
    case uint8 = "|u1"

    var byteCount: Int {
      switch self {
      case .uint8: 1
      case .float32: 4
      case .float64: 8
      }
    }
  }

  package let element: Element
  package let shape: [Int]
  package let dataOffset: Int

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Magic, two bytes of version, and the header's length in two bytes (version 1) or four.
  static func preambleByteCount(version: UInt8) -> Int { magic.count + 2 + (version == 1 ? 2 : 4) }

  /// The number of bytes that the shape requires; nil if it overflows.
  package var dataByteCount: Int? {
    var product = element.byteCount
    for length in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: length)
      if overflow { return nil }
      product = next
    }
    return product
  }

  package init(decoding bytes: [UInt8]) throws(AudioFeatureError) {
    guard bytes.starts(with: Self.magic), bytes.count > Self.magic.count + 2 else {
      throw .malformedArray(reason: "it does not begin as one")
    }
    let version = bytes[Self.magic.count]
    guard (1...3).contains(version) else {
      throw .malformedArray(reason: "version \(version) of the format is unknown")
    }
    let preamble = Self.preambleByteCount(version: version)
    guard bytes.count >= preamble else { throw .malformedArray(reason: "it ends within the header") }
    let length = bytes[Self.magic.count + 2..<preamble].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - preamble else { throw .malformedArray(reason: "it ends within the header") }
    dataOffset = preamble + length

    let dictionary = String(decoding: bytes[preamble..<dataOffset], as: UTF8.self)
    let descriptor = try Self.value(of: "descr", in: dictionary).prefix { $0 != "," && $0 != "}" }
      .filter { !$0.isWhitespace && $0 != "'" && $0 != "\"" }
    guard let element = Element(rawValue: descriptor) else {
      throw .malformedArray(reason: "elements of type \(descriptor) are not read, only <f4, <f8 and |u1")
    }
    guard try Self.value(of: "fortran_order", in: dictionary).hasPrefix("False") else {
      throw .malformedArray(reason: "the elements are not in C order; save numpy.ascontiguousarray of it")
    }
    self.element = element
    shape = try Self.shape(in: dictionary)
  }

  /// What follows a key's colon.
  private static func value(of key: String, in dictionary: String) throws(AudioFeatureError) -> Substring {
    for quote in ["'", "\""] {
      guard let found = dictionary.firstRange(of: quote + key + quote) else { continue }
      let rest = dictionary[found.upperBound...].drop(while: \.isWhitespace)
      if rest.first == ":" { return rest.dropFirst().drop(while: \.isWhitespace) }
    }
    throw .malformedArray(reason: "the header has no \(key)")
  }

  private static func shape(in dictionary: String) throws(AudioFeatureError) -> [Int] {
    let tuple = try value(of: "shape", in: dictionary)
    guard tuple.first == "(", let end = tuple.firstIndex(of: ")") else {
      throw .malformedArray(reason: "the shape is not a tuple")
    }
    var shape: [Int] = []
    for field in tuple[..<end].dropFirst().split(separator: ",") {
      let digits = field.filter { !$0.isWhitespace }
      if digits.isEmpty { continue }
      guard let length = Int(digits), length >= 0 else {
        throw .malformedArray(reason: "\(field) is not the length of a dimension")
      }
      shape.append(length)
    }
    return shape
  }
}
