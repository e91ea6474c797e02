import AudioDecoding

extension AudioFileFormat {
  /// Whether decoding gives exactly the samples that were written, up to rounding.
  var isLossless: Bool { self == .wav || self == .aiff || self == .flac }
}

extension PCMSampleFormat {
  /// The distance between two neighbouring values; 0 if it is as small as that of floats.
  var step: Float {
    switch self {
    case .int8: 0x1p-7
    case .int16: 0x1p-15
    case .int24: 0x1p-23
    case .int32, .float32, .float64: 0
    }
  }
}
