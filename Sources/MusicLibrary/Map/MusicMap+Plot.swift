import Catalogue
import Figures
import Tags

extension MusicMap {
  /// What songs are coloured by.
  public enum Colouring: String, Sendable, Hashable, CaseIterable {
    /// The artist.
    case artist
    /// The genre.
    case genre
    /// The album, with its album artist if it has one: titles such as “Greatest Hits” are many artists'.
    case album
  }

  /// The songs as points, coloured by what a tag says: the first of several artists or genres. Spellings of one name
  /// have one colour, and the most frequent of them names it.
  public func plot(colouredBy colouring: Colouring) -> ScatterPlot {
    let names = tracks.map { $0.tags.className(colouring) }
    let spellings = NameKey.spellings(of: names.compactMap(\.self))
    let points = zip(zip(tracks, names), coordinates).map { song, coordinates in
      ScatterPlot.Point(
        x: Double(coordinates.x), y: Double(coordinates.y),
        className: song.1.flatMap { spellings[NameKey.key(of: $0)] }, label: song.0.displayName)
    }
    let songs = "\(tracks.count) songs as \(modelName) hears them"
    return ScatterPlot(title: songs, classKind: colouring.rawValue, points: points)
  }
}

extension AudioTags {
  fileprivate func className(_ colouring: MusicMap.Colouring) -> String? {
    let name =
      switch colouring {
      case .artist: artists.first ?? albumArtists.first
      case .genre: genres.first
      case .album: album.map { album in albumArtist.map { "\(album) – \($0)" } ?? album }
      }
    return name.flatMap { $0.isEmpty ? nil : $0 }
  }
}
