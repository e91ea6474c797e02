import Catalogue

/// The songs of a playlist, and what is to be said of how they came about.
public struct PlaylistAnswer: Sendable {
  /// The songs in their order.
  public var songs: [Recommendation]
  /// What the names in the request were taken for: what to sound like, what not, and the stations of a path.
  public var like, unlike, stations: [Seed]
  /// What filters left out.
  public var filtered: FilterEffect

  /// The length of all songs together in seconds; one of unknown length counts nothing.
  public var seconds: Double { songs.reduce(0) { $0 + ($1.track.duration ?? 0) } }
}
