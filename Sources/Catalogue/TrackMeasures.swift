/// What was measured of a track's sound, for people to read and to filter by.
public struct TrackMeasures: Sendable, Hashable, Codable {
  /// The version of what measured it.
  public var version: Int
  /// Beats a minute; nil if there is no beat.
  public var tempo: Double?
  /// Integrated loudness in LUFS; nil for silence.
  public var loudness: Double?
  /// The mean spectral centroid in Hz; nil for silence.
  public var brightness: Double?

  /// Measures.
  public init(version: Int, tempo: Double?, loudness: Double?, brightness: Double?) {
    self.version = version
    self.tempo = tempo
    self.loudness = loudness
    self.brightness = brightness
  }
}
