import AudioFiles
import Catalogue
import Foundation
import Tags

/// What is never recommended from a library, in words.
public struct BlockList: Sendable {
  private let catalogue: Catalogue

  /// The block list of a catalogue.
  public init(_ catalogue: Catalogue) { self.catalogue = catalogue }

  /// What a name means: an indexed file, a folder, or a file or CUE sheet of several songs; or else exactly an artist, a
  /// genre, an album, a title.
  /// "artist:Name" and so on insist, also on a name that the library does not have yet.
  ///
  /// - Throws: `LibraryError`, `CatalogueError`.
  public func clause(named name: String) throws -> TrackFilter.Clause {
    let path = AudioFileWalk.lexicalPath(name)
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    if isThere && isFolder.boolValue { return .folder(path) }
    // One that is gone is still on the list.
    if try catalogue.track(path: path) != nil || catalogue.blocks().contains(.song(path)) { return .song(path) }
    if isThere, try !catalogue.tracks(where: .folder(path)).isEmpty { return .folder(path) }
    if isThere, Playlist.Format(path: path) != nil { throw LibraryError.blockedPlaylist(name) }
    if let (kind, rest) = Seed.Name(name).prefixed { return try clause(kind, named: rest) }
    let candidates: [TrackFilter.Clause] = [.artist(name), .genre(name), .album(name)]
    for clause in candidates where try !catalogue.tracks(where: clause).isEmpty { return clause }
    return try clause(.song, named: name)
  }

  private func clause(_ kind: Seed.Kind, named name: String) throws -> TrackFilter.Clause {
    switch kind {
    case .artist: return .artist(name)
    case .album: return .album(name)
    case .genre: return .genre(name)
    case .folder: return .folder(AudioFileWalk.lexicalPath(name))
    case .playlist: throw LibraryError.unknownName(name, kind: "artist, genre, folder or song", near: [])
    case .song:
      return .song(try song(named: name).path)
    }
  }

  /// One song: an indexed file, or exactly a title, or words of one title.
  ///
  /// - Throws: `LibraryError`, `CatalogueError`.
  public func song(named name: String) throws -> Track {
    let names = NameSearch(catalogue: catalogue)
    if let track = try names.track(path: name) { return track }
    let path = AudioFileWalk.lexicalPath(name)
    let isThere = FileManager.default.fileExists(atPath: path)
    // Words may happen to be the name of something here; a path with folders in it is one.
    if !isThere || !name.contains("/"), let track = try names.track(titled: name) ?? names.track(named: name) {
      return track
    }
    guard isThere else {
      throw LibraryError.unknownSong(name, near: try names.near(name))
    }
    if Playlist.Format(path: path) != nil { throw LibraryError.severalSongs(name, example: nil) }
    if let first = try catalogue.tracks(where: .folder(path)).first {
      throw LibraryError.severalSongs(name, example: try catalogue.tracks(ids: [first])[first]?.path)
    }
    throw LibraryError.notIndexed(name)
  }

  /// Whether a name means the same without a library: a folder, or "artist:Name" and its like.
  public static func needsNoLibrary(_ name: String) -> Bool {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) { return isFolder.boolValue }
    return Seed.Name(name).prefixed.map { $0.kind != .song && $0.kind != .playlist } ?? false
  }

  /// How many songs of the library a clause blocks.
  public func count(of clause: TrackFilter.Clause) throws(CatalogueError) -> Int {
    try catalogue.tracks(where: clause).count
  }

  /// What a clause is, for people.
  public func text(_ clause: TrackFilter.Clause) throws(CatalogueError) -> String {
    switch clause {
    case .song(let path):
      guard let track = try catalogue.track(path: path) else { return "song \(path), which is gone" }
      return "song \(track.displayName)  (\(path))"
    // The limit itself is not blocked.
    case .shorter(let limit): return "songs shorter than \(TrackFilter.Clause.clock(limit))"
    case .longer(let limit): return "songs longer than \(TrackFilter.Clause.clock(limit))"
    default: return "\(clause)"
    }
  }
}
