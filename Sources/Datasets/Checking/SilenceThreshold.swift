/// What "silent" means.
enum SilenceThreshold {
  /// A song, or its middle, is silent if none of its samples reaches this: 60 dB below full scale.
  static let peak: Float = 0.001

  /// A frame of a fingerprint is silent if no band of it reaches this, in dB; a full-scale sine has about 40 dB.
  static let bandDecibels: Float = -25
}
