/// The frames of AAC (ADTS), AC-3, E-AC-3 and DTS: each begins with a mark and says how many bytes it has. Sources:
/// ISO/IEC 13818-7, section 6.2; ETSI TS 102 366, sections 4.3 and E.1.2; ETSI TS 102 114, section 5.3.
enum SyncFrames {
  /// So many consecutive frames are no accident.
  private static let convincing = 10
  private static let largestFrame = 1 << 14
  /// How far a beginning is looked for.
  private static let farthest = 1 << 24

  /// The offset of the first of many consecutive frames; nil if there are none in the first 16 MiB.
  static func beginning(in source: FileSource) -> Int? {
    let step = 1 << 18
    for offset in stride(from: 0, to: min(farthest, source.byteCount), by: step) {
      let found = source.bytes(at: offset, count: step + convincing * largestFrame).withUnsafeBufferPointer { bytes in
        (0..<min(step, bytes.count)).first { follow(in: bytes, from: $0) }
      }
      if let found { return offset + found }
    }
    return nil
  }

  private static func follow(in bytes: UnsafeBufferPointer<UInt8>, from place: Int) -> Bool {
    guard bytes[place] == 0xFF || bytes[place] == 0x0B || bytes[place] == 0x7F, let first = frame(bytes, place) else {
      return false
    }
    var next = place + first.byteCount
    for _ in 1..<convincing {
      guard let another = frame(bytes, next), another.kind == first.kind else { return false }
      next += another.byteCount
    }
    return true
  }

  /// A frame's size, and the bits that all frames of a stream share; nil if none begins here.
  private static func frame(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: Int
  ) -> (byteCount: Int, kind: Int)? {
    guard place + 8 <= bytes.count else { return nil }
    func byte(_ index: Int) -> Int { Int(bytes[place + index]) }
    switch (byte(0), byte(1)) {
    case (0xFF, let second) where second & 0xF6 == 0xF0:
      let size = (byte(3) & 3) << 11 | byte(4) << 3 | byte(5) >> 5
      return size > 7 ? (size, second << 8 | byte(2) & 0xFC) : nil
    case (0x0B, 0x77): return dolby(byte)
    case (0x7F, 0xFE) where byte(2) == 0x80 && byte(3) == 0x01:
      let size = (byte(5) & 3) << 12 | byte(6) << 4 | byte(7) >> 4
      return size > 94 ? (size + 1, 0) : nil
    default: return nil
    }
  }

  /// In kbit/s.
  private static let bitRates = [
    32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640,
  ]

  private static func dolby(_ byte: (Int) -> Int) -> (byteCount: Int, kind: Int)? {
    let (rate, version) = (byte(4) >> 6, byte(5) >> 3)
    guard version <= 10 else {
      return version <= 16 ? (2 * ((byte(2) & 7) << 8 | byte(3)) + 2, version) : nil
    }
    let code = byte(4) & 0x3F
    guard rate < 3, code < 2 * bitRates.count else { return nil }
    let bits = bitRates[code / 2]
    // A frame has 1,536 samples, and at 44,100 Hz one word more or less.
    let words = rate == 0 ? 2 * bits : rate == 1 ? bits * 320 / 147 + code % 2 : 3 * bits
    return (2 * words, rate << 8 | version)
  }
}
