import Catalogue
import Figures

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

  /// The songs as points, coloured by what a tag says.
  public func plot(colouredBy colouring: Colouring) -> ScatterPlot {
    let points = zip(tracks, coordinates).map { track, coordinates in
      ScatterPlot.Point(
        x: Double(coordinates.x), y: Double(coordinates.y), className: track.tags.className(colouring),
        label: track.displayName)
    }
    let songs = "\(tracks.count) songs as \(modelName) hears them"
    return ScatterPlot(title: songs, classKind: colouring.rawValue, points: points)
  }
}

extension AudioTags {
  fileprivate func className(_ colouring: MusicMap.Colouring) -> String? {
    let name =
      switch colouring {
      case .artist: artist ?? albumArtist
      case .genre: genre
      case .album: album.map { album in albumArtist.map { "\(album) – \($0)" } ?? album }
      }
    return name.flatMap { $0.isEmpty ? nil : $0 }
  }
}
