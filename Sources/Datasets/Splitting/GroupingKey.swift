/// A label whose songs are kept together in one part of a split, so that nothing leaks from one part into another.
public enum GroupingKey: String, CaseIterable, Sendable, Codable {
  /// Songs of the same album: the same title, and the same artist or, as in compilations, the same folder.
  case album
  /// Songs by the same artist.
  case artist

  /// A number for each song, the same for songs that belong together; nil if a song has no such label.
  func numbers(of songs: [(song: Manifest.Song, path: String)]) -> [Int?] {
    switch self {
    case .album: return AlbumNumbers(songs).numbers
    case .artist:
      let labels = SongLabels(songs.map(\.song))
      return songs.map { labels.artistIndex(of: $0.song) }
    }
  }
}
