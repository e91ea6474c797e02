import Foundation

/// A vector as the database holds it: 32-bit floating-point numbers, little-endian, one after the other, and a checksum
/// in 32 bits of them and of the place where they belong.
///
/// SQLite does not notice a bit that flipped on the disk. Vectors that earlier versions stored have no checksum.
enum EmbeddingBlob {
  /// Where a vector belongs: the keys of its row.
  struct Place {
    var model: Int64
    var track: Int64
  }

  static func encode(_ vector: [Float], at place: Place) -> Data {
    let words = vector.map(\.bitPattern.littleEndian)
    var data = words.withUnsafeBytes { Data($0) }
    let checksum = words.withUnsafeBytes { Self.checksum(of: $0, at: place) }
    withUnsafeBytes(of: checksum.littleEndian) { data.append(contentsOf: Array($0)) }
    return data
  }

  /// Writes the blob's values to `values`.
  ///
  /// - Returns: What is wrong with the blob; nil if nothing is.
  static func decode(_ blob: Data, at place: Place, into values: UnsafeMutableBufferPointer<Float>) -> String? {
    let size = values.count * 4
    guard blob.count == size || blob.count == size + 4 else {
      return "\(blob.count) bytes for a dimension of \(values.count)"
    }
    return blob.withUnsafeBytes { bytes -> String? in
      for index in values.indices {
        let word = bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
        values[index] = Float(bitPattern: UInt32(littleEndian: word))
      }
      func fits(_ size: Int) -> Bool {
        let stored = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: size, as: UInt32.self))
        return stored == checksum(of: UnsafeRawBufferPointer(rebasing: bytes[..<size]), at: place)
      }
      if bytes.count > size {
        return fits(size) ? nil : "its checksum does not fit: it has changed since it was stored"
      }
      // One of an early version; or a shorter one, whose checksum would be taken for a value.
      return fits(size - 4) ? "\(values.count - 1) values for a dimension of \(values.count)" : nil
    }
  }

  /// A step for each value that can be undone, so that a change of one is never lost on the way, and half of the last
  /// state. (MurmurHash3's finaliser, half of it)
  private static func checksum(of words: UnsafeRawBufferPointer, at place: Place) -> UInt32 {
    var state: UInt64 = 0
    func add(_ word: UInt64) {
      state = (state ^ word) &* 0xFF51_AFD7_ED55_8CCD
      state ^= state >> 33
    }
    add(UInt64(bitPattern: place.model))
    add(UInt64(bitPattern: place.track))
    for offset in stride(from: 0, to: words.count, by: 4) {
      add(UInt64(UInt32(littleEndian: words.loadUnaligned(fromByteOffset: offset, as: UInt32.self))))
    }
    return UInt32(truncatingIfNeeded: state ^ state >> 32)
  }
}
