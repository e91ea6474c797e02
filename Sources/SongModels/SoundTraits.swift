import AudioFeatures

/// What is made of a song's sound beside a model's vector. It is the same whichever model listens.
public struct SoundTraits: Sendable, Hashable {
  /// What the recording is known again by.
  public var fingerprint: Fingerprint
  /// What was measured of it.
  public var measures: SoundMeasures
}
