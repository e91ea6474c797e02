/// What is measured of a song's sound for people to read and to filter by; it takes no part in similarity.
public struct SoundMeasures: Sendable, Hashable {
  /// Beats a minute; nil if nothing recurs.
  public var tempo: Double?
  /// Integrated loudness in LUFS (ITU-R BS.1770-4, gated) of the excerpt's mix to one channel, as two speakers play it;
  /// nil for silence.
  public var loudness: Double?
  /// The mean spectral centroid in Hz; nil for silence.
  public var brightness: Double?
}
