/// A checksum that reads as fast as memory gives: Fletcher's, in eight lanes of 64 bits.
///
/// It notices damage by accident: a page that was never written, a block that moved, a bit that flipped.
package struct Checksum {
  private var sums = SIMD8<UInt64>.zero
  private var sumsOfSums = SIMD8<UInt64>.zero

  /// The checksum of nothing yet.
  package init() {}

  /// Adds a multiple of 64 bytes, which begin at any address.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count.isMultiple(of: 64), "\(bytes.count) bytes are not a multiple of 64")
    for offset in stride(from: 0, to: bytes.count, by: 64) {
      sums &+= bytes.loadUnaligned(fromByteOffset: offset, as: SIMD8<UInt64>.self)
      sumsOfSums &+= sums
    }
  }

  /// The checksum of a multiple of 64 bytes.
  package static func value(of bytes: UnsafeRawBufferPointer) -> UInt64 {
    var checksum = Checksum()
    checksum.add(bytes)
    return checksum.value
  }

  /// The checksum of what was added.
  package var value: UInt64 {
    var value: UInt64 = 0
    for lane in 0..<8 {
      for word in [sums[lane], sumsOfSums[lane]] {
        // A multiplication spreads a difference upwards only, and the shift brings it down again, so that the next
        // word does not undo it. (MurmurHash3's finaliser, half of it)
        value = (value ^ word) &* 0xFF51_AFD7_ED55_8CCD
        value ^= value >> 33
      }
    }
    return value
  }
}
