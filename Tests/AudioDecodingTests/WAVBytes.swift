import Foundation

/// Hand-made WAV files, valid and invalid.
struct WAVBytes {
  var formatTag: UInt16 = 1
  var channelCount: UInt16 = 1
  var sampleRate: UInt32 = 44_100
  var bitsPerSample: UInt16 = 16
  var payload: [UInt8] = []
  /// The size that the header states for the samples; nil for the true one.
  var statedSize: UInt32?

  /// A WAV of 32-bit floats.
  static func floats(_ samples: [Float], channelCount: Int = 1, sampleRate: Int = 44_100) -> WAVBytes {
    WAVBytes(
      formatTag: 3, channelCount: UInt16(channelCount), sampleRate: UInt32(sampleRate), bitsPerSample: 32,
      payload: samples.flatMap { Self.bytes($0.bitPattern) })
  }

  /// A WAV of 16-bit integers.
  static func integers(_ samples: [Int16], channelCount: Int = 1, sampleRate: Int = 44_100) -> WAVBytes {
    WAVBytes(
      channelCount: UInt16(channelCount), sampleRate: UInt32(sampleRate),
      payload: samples.flatMap { Self.bytes(UInt16(bitPattern: $0)) })
  }

  /// The file.
  var file: [UInt8] {
    let frameSize = channelCount &* bitsPerSample / 8
    let size = statedSize ?? UInt32(payload.count)
    return Array("RIFF".utf8) + Self.bytes(size &+ 36) + Array("WAVEfmt ".utf8) + Self.bytes(UInt32(16))
      + Self.bytes(formatTag) + Self.bytes(channelCount) + Self.bytes(sampleRate)
      + Self.bytes(sampleRate &* UInt32(frameSize)) + Self.bytes(frameSize) + Self.bytes(bitsPerSample)
      + Array("data".utf8) + Self.bytes(size) + payload
  }

  private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
