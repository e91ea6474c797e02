import AudioFiles
import Catalogue
import Tags

/// Which songs, artists, albums and genres of a catalogue a user's words mean.
struct NameSearch {
  let catalogue: Catalogue

  /// The indexed song of a path, as it is typed.
  func track(path name: String) throws(CatalogueError) -> Track? {
    if let track = try catalogue.track(path: AudioFileWalk.lexicalPath(name)) { return track }
    return try catalogue.track(path: AudioFileWalk.absolutePath(name))
  }

  /// The one song that has exactly a title; nil if none, or more than one, has.
  func track(titled name: String) throws(CatalogueError) -> Track? {
    let key = NameKey.key(of: name)
    let tracks = try catalogue.search(name, limit: 50).filter { NameKey.key(of: $0.searchedTitle) == key }
    return tracks.count == 1 ? tracks[0] : nil
  }

  /// The one song that words mean: the only one that has them, or whose title or full name they are; nil if there is
  /// none.
  ///
  /// - Throws: `LibraryError.ambiguousSong`, `CatalogueError`.
  func track(named words: String) throws -> Track? {
    let limit = 10
    // Names are shown as "Artist – Title", and copied.
    let tracks = try catalogue.search(words.replacing(" – ", with: " "), limit: limit + 1)
    guard tracks.count > 1 else { return tracks.first }
    let folded = SearchText.fold(words)
    for name in [\Track.displayName, \Track.searchedTitle] {
      // As it is written goes before what only sounds like it.
      let exact = tracks.filter { SearchText.fold($0[keyPath: name]) == folded }
      if exact.count == 1 { return exact[0] }
      let written = exact.filter { $0[keyPath: name].lowercased() == words.lowercased() }
      if written.count == 1 { return written[0] }
    }
    let names = tracks.prefix(limit).map { "\($0.displayName)  (\($0.path))" }
    throw LibraryError.ambiguousSong(words, names + (tracks.count > limit ? ["…"] : []))
  }

  /// Names that somebody may have meant who typed one that nothing has.
  ///
  /// - Parameter kind: What they are names of; nil for any.
  func near(_ name: String, kind: Seed.Kind? = nil) throws(CatalogueError) -> [String] {
    let kinds: [Seed.Kind: TrackNameKind] = [.artist: .artist, .album: .album, .genre: .genre]
    if let kind, kind != .song {
      guard let kind = kinds[kind] else { return [] }
      return Spelling.near(name, among: try catalogue.names(kind).lazy.map(\.name))
    }
    var names: [String] = []
    if kind == nil {
      for kind in [TrackNameKind.artist, .album, .genre] { names += try catalogue.names(kind).lazy.map(\.name) }
    }
    return Spelling.near(name, among: names + (try catalogue.titles()))
  }

  /// Names that somebody may have meant whose filter no song meets.
  func near(_ clause: TrackFilter.Clause) throws(CatalogueError) -> [String] {
    switch clause {
    case .genre(let name): try near(name, kind: .genre)
    case .artist(let name): try near(name, kind: .artist)
    case .album(let name): try near(name, kind: .album)
    case .folder, .song, .years, .seconds, .shorter, .longer, .stars, .tempo, .loudness: []
    }
  }
}

extension Catalogue {
  /// Names of songs, artists, albums and genres that somebody may have meant who typed one that nothing has; a few at most.
  public func names(near name: String) throws(CatalogueError) -> [String] { try NameSearch(catalogue: self).near(name) }
}
