import Catalogue

/// Songs in an order. Each format that it can be written in has a file of its own, such as `Playlist+M3U.swift`.
public struct Playlist: Sendable, Hashable {
  /// The songs.
  public var tracks: [Track]

  /// A playlist.
  public init(tracks: [Track]) { self.tracks = tracks }
}
