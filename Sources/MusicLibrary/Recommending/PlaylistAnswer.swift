import Catalogue

/// The songs of a playlist, and what is to be said of how they came about.
public struct PlaylistAnswer: Sendable {
  /// The songs in their order.
  public var songs: [Recommendation]
  /// What the names in the request were taken for: what to sound like, what not, and the stations of a path.
  public var like, unlike, stations: [Seed]
  /// What filters removed, in words, and how many songs each.
  public var removed: [(reason: String, count: Int)]
  /// What filters name that no song of the library has, and names that are near it.
  public var unmet: [(clause: TrackFilter.Clause, near: [String])]
  /// How many songs filters let through.
  public var left: Int
  /// How many songs of the library a filter by tempo or loudness knows nothing of, since they were not measured yet.
  public var notMeasured = 0

  /// The length of all songs together in seconds; one of unknown length counts nothing.
  public var seconds: Double { songs.reduce(0) { $0 + ($1.track.duration ?? 0) } }
}
