import Foundation

/// A vector as the database holds it: 32-bit floating-point numbers, little-endian, one after the other.
enum EmbeddingBlob {
  static func encode(_ vector: [Float]) -> Data {
    let words = vector.map(\.bitPattern.littleEndian)
    return words.withUnsafeBytes { Data($0) }
  }

  /// Writes the blob's values to `values`, or returns false if their number differs.
  static func decode(_ blob: Data, into values: UnsafeMutableBufferPointer<Float>) -> Bool {
    guard blob.count == values.count * 4 else { return false }
    blob.withUnsafeBytes { bytes in
      for index in values.indices {
        let word = bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
        values[index] = Float(bitPattern: UInt32(littleEndian: word))
      }
    }
    return true
  }
}
