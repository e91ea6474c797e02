import AudioFiles
import Catalogue
import Foundation
import SongModels
import Tags

extension Recommender {
  /// What a name means: an existing file, folder or playlist; or else exactly an artist, an album, a title, a genre; or
  /// else words of a title.
  ///
  /// - Throws: `LibraryError` if nothing or more than one song has that name, or if the model has heard none of it;
  ///   `AudioDecodingError` if a file cannot be read; `FileError` for a playlist.
  public func seed(_ name: Seed.Name) throws -> Seed {
    var seed = try found(name)
    seed.weight = name.weight
    return seed
  }

  /// A song of the library; nil if it is gone, or the model has not heard it.
  public func seed(track id: TrackID) throws -> Seed? {
    guard let track = try catalogue.tracks(ids: [id])[id],
      let embedding = try catalogue.embedding(of: id, model: model.identifier)
    else { return nil }
    let query = Query(id: id, embedding: embedding, isStored: true)
    return Seed(.song, name: track.displayName, songs: [id], queries: [query])
  }

  private func found(_ name: Seed.Name) throws -> Seed {
    if let kind = name.kind { return try seed(kind, named: name.text) }
    if let seed = try seed(path: name.text) { return seed }
    if let (kind, rest) = name.prefixed { return try seed(kind, named: rest) }
    for kind in [Seed.Kind.artist, .album, .song, .genre] {
      if let seed = try exact(kind, named: name.text) { return seed }
    }
    return try song(named: name.text)
  }

  /// A seed of a kind that the user insists on.
  private func seed(_ kind: Seed.Kind, named name: String) throws -> Seed {
    switch kind {
    case .song: return try exact(.song, named: name) ?? song(named: name)
    case .playlist: return try seed(playlist: name)
    case .folder:
      if let seed = try seed(folder: AudioFileWalk.lexicalPath(name)) { return seed }
    case .artist, .album, .genre:
      if let seed = try exact(kind, named: name) { return seed }
    }
    throw LibraryError.unknownName(name, kind: kind.rawValue, near: try names.near(name, kind: kind))
  }

  /// What lies at a path; nil if nothing does that could be a seed.
  private func seed(path name: String) throws -> Seed? {
    let path = AudioFileWalk.lexicalPath(name)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return try catalogue.track(path: path) != nil ? song(named: name) : nil
    }
    if isFolder.boolValue {
      if let seed = try seed(folder: path) ?? seed(folder: AudioFileWalk.absolutePath(name)) { return seed }
      // The name of an artist may be that of a folder, too.
      if name.contains("/") { throw LibraryError.notIndexed(path) }
      return nil
    }
    if Playlist.Format(path: path) != nil { return try seed(playlist: name) }
    // A file of several songs, or the sheet that finds them.
    if let seed = try seed(folder: path) ?? seed(folder: AudioFileWalk.absolutePath(name)) { return seed }
    return AudioFileEndings.isCueSheet(path) ? try seed(sheet: path) : try song(named: name)
  }

  /// The songs of a CUE sheet that the library does not have: they are listened to.
  private func seed(sheet path: String) throws -> Seed {
    let embedder = try SongEmbedder(model)
    let queries = try Self.spread(NamedSong.songs(at: path)).map { song in
      Query(embedding: try embedder.embed(song.source, path: song.path).embedding)
    }
    guard !queries.isEmpty else { throw LibraryError.noSongs(path) }
    var seed = Seed(.playlist, name: path, songs: [], queries: queries)
    seed.isPath = true
    return seed
  }

  /// A song by its file, or by words.
  private func song(named name: String) throws -> Seed {
    let query = try query(named: name)
    if let track = query.track { return try seed(track) }
    var seed = Seed(.song, name: name, songs: Set([query.id].compactMap(\.self)), queries: [query])
    seed.isPath = true
    return seed
  }

  private func seed(_ track: Track) throws -> Seed {
    Seed(.song, name: "\(track.displayName) (\(track.path))", songs: [track.id], queries: [try query(of: track)])
  }

  private func seed(folder path: String) throws -> Seed? {
    var seed = try seed(.folder, name: path, songs: Set(catalogue.tracks(where: .folder(path))))
    seed?.isPath = true
    return seed
  }

  /// What has exactly a name; nil if nothing has.
  private func exact(_ kind: Seed.Kind, named name: String) throws -> Seed? {
    switch kind {
    case .artist:
      return try seed(.artist, name: name, songs: Set(catalogue.tracks(where: .artist(name))))
    case .genre:
      return try seed(.genre, name: name, songs: Set(catalogue.tracks(where: .genre(name))))
    case .album:
      return try album(named: name)
    case .song:
      return try names.track(titled: name).map(seed)
    case .folder, .playlist:
      return nil
    }
  }

  /// An album, also as "Artist – Album" where several have that name.
  private func album(named name: String) throws -> Seed? {
    let parts = name.components(separatedBy: " – ")
    if parts.count == 2 {
      let songs = try Set(catalogue.tracks(where: .album(parts[1])))
        .intersection(catalogue.tracks(where: .artist(parts[0])))
      if let seed = try seed(.album, name: name, songs: songs) { return seed }
    }
    let songs = try Set(catalogue.tracks(where: .album(name)))
    let tracks = try catalogue.tracks(ids: songs).values
    let artists = Dictionary(grouping: tracks) { track in track.albumKey }
    if artists.count > 1 {
      let names = artists.values.map { $0[0].albumName }.sorted()
      if Set(names).count > 1 { throw LibraryError.ambiguousAlbum(name, Array(Set(names)).sorted()) }
    }
    return try seed(.album, name: tracks.first?.albumName ?? name, songs: songs)
  }

  /// A seed of several songs, such as an album; nil if there is none.
  ///
  /// - Throws: `LibraryError.unheardSong` if the model has heard none of them.
  public func seed(_ kind: Seed.Kind, name: String, songs: Set<TrackID>) throws -> Seed? {
    guard !songs.isEmpty else { return nil }
    let heard = heard(songs)
    guard !heard.isEmpty else { throw LibraryError.unheard(name, by: model) }
    let queries = try Self.spread(heard).compactMap { id in
      try catalogue.embedding(of: id, model: model.identifier).map { Query(id: id, embedding: $0, isStored: true) }
    }
    return Seed(kind, name: name, songs: songs, queries: queries)
  }

  /// Some that stand for all, evenly spread over their order.
  static func spread<Element>(_ all: [Element]) -> [Element] {
    let count = min(all.count, Seed.mostCompared)
    return (0..<count).map { all[$0 * all.count / count] }
  }
}

extension Track {
  /// Tells albums of one name apart: the album's name, and its artist or else the folder, in which songs of several
  /// artists may lie; nil if the track is on none.
  package var albumKey: String? {
    guard let album = tags.album else { return nil }
    let maker =
      tags.albumArtists.first.map(NameKey.key) ?? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    return NameKey.key(of: album) + "\u{1F}" + maker
  }

  /// "Artist – Album".
  package var albumName: String {
    let album = tags.album ?? ""
    let by = tags.albumArtists.first ?? (tags.isCompilation == true ? nil : tags.artists.first)
    return by.map { "\($0) – \(album)" } ?? album
  }

  /// The keys of its artists, without guests.
  package var artistKeys: [String] { tags.artists.map { NameKey.key(of: ArtistCredit.artists(of: $0)[0]) } }
}
