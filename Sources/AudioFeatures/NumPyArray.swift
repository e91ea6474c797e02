/// An array of single-precision numbers that NumPy saves and loads (`.npy`), C order.
///
/// Writes version 1.0 of the format, little-endian Float32 (`<f4`); reads versions 1.0 to 3.0, `<f4`, `<f8`
/// (rounded) and `|u1`.
public struct NumPyArray: Sendable, Hashable {
  /// The length of each dimension; empty for a single number.
  public let shape: [Int]
  /// The elements, the last dimension varying fastest.
  public let values: [Float]

  /// Wraps values; their number is the product of the shape.
  public init(shape: [Int], values: [Float]) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && values.count == shape.reduce(1, *),
      "\(values.count) values do not have the shape \(shape)")
    self.shape = shape
    self.values = values
  }

  /// The bytes of a `.npy` file.
  public func encoded() -> [UInt8] {
    let dimensions = shape.map { "\($0)," }.joined(separator: " ")
    // As NumPy writes it: `(3,)` but `(3, 4)`.
    let tuple = shape.count == 1 ? dimensions : String(dimensions.dropLast())
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(tuple)), }"
    // The format demands that the data begin at a multiple of 64 bytes, after a newline.
    let unpadded = NumPyHeader.preambleByteCount(version: 1) + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"

    var bytes = NumPyHeader.magic + [1, 0, UInt8(header.utf8.count & 0xff), UInt8(header.utf8.count >> 8)]
    bytes.reserveCapacity(bytes.count + header.utf8.count + 4 * values.count)
    bytes += header.utf8
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
    }
    return bytes
  }

  /// Reads the bytes of a `.npy` file.
  ///
  /// - Throws: ``AudioFeatureError/malformedArray(reason:)``.
  public init(decoding bytes: [UInt8]) throws(AudioFeatureError) {
    let header = try NumPyHeader(decoding: bytes)
    let data = bytes[header.dataOffset...]
    guard let byteCount = header.dataByteCount, byteCount <= data.count else {
      throw .malformedArray(reason: "the shape \(header.shape) needs more than the \(data.count) bytes of data")
    }
    shape = header.shape
    values = data.withUnsafeBytes { raw in
      (0..<byteCount / header.element.byteCount).map { index in
        switch header.element {
        case .uint8: Float(raw[index])
        case .float32:
          Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
        case .float64:
          Float(
            Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))))
        }
      }
    }
  }
}

extension NumPyArray {
  /// The spectrogram with the shape `(frameCount, melBandCount)`.
  public init(_ spectrogram: LogMelSpectrogram) {
    self.init(shape: [spectrogram.frameCount, spectrogram.melBandCount], values: spectrogram.decibels)
  }

  /// The coefficients with the shape `(frameCount, coefficientCount)`.
  public init(_ mfcc: MFCC) {
    self.init(shape: [mfcc.frameCount, mfcc.coefficientCount], values: mfcc.values)
  }
}
