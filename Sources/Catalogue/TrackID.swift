/// The number by which a catalogue knows a track.
///
/// It stays with a song for as long as the track is in the catalogue, also if its file moves, and is never given to
/// another track, so that what was derived from a catalogue (a packed index, a page) cannot name the wrong song.
public struct TrackID: Hashable, Sendable, Codable {
  /// The row in the catalogue.
  public let rawValue: Int64

  /// The track with this number.
  public init(rawValue: Int64) {
    self.rawValue = rawValue
  }
}
