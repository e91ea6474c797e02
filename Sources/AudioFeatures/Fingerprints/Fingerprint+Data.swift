import Foundation

/// A fingerprint as it is stored: the number of words in 32 bits, the words, the levels, and a checksum in 32 bits; all
/// little-endian.
extension Fingerprint {
  /// How many bytes a fingerprint of so many words has.
  public static func byteCount(ofWordCount count: Int) -> Int { 8 + count * 4 + levelCount(ofWordCount: count) }

  /// The bytes to store.
  public var data: Data {
    var data = Data(capacity: Self.byteCount(ofWordCount: words.count))
    func append(_ word: UInt32) { withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) } }
    append(UInt32(words.count))
    words.forEach(append)
    data.append(contentsOf: levels)
    append(Self.checksum(of: data))
    return data
  }

  /// The fingerprint that was stored as these bytes; nil if they have changed since.
  public init?(data: Data) {
    let stored = data.withUnsafeBytes { bytes -> Fingerprint? in
      func word(at offset: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      }
      guard bytes.count >= 8, let count = Int(exactly: word(at: 0)),
        bytes.count == Self.byteCount(ofWordCount: count),
        word(at: bytes.count - 4) == Self.checksum(of: bytes.dropLast(4))
      else { return nil }
      return Fingerprint(
        words: (0..<count).map { word(at: 4 + $0 * 4) }, levels: Array(bytes[(4 + count * 4)..<(bytes.count - 4)]))
    }
    guard let stored else { return nil }
    self = stored
  }

  /// FNV-1a.
  private static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }
}
