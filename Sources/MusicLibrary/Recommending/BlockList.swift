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
    if let track = try catalogue.track(path: path) { return .track(track.id) }
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
      return .track(try song(named: name))
    }
  }

  /// One song: an indexed file, or exactly a title, or words of one title.
  ///
  /// - Throws: `LibraryError`, `CatalogueError`.
  public func song(named name: String) throws -> TrackID {
    let names = NameSearch(catalogue: catalogue)
    if let track = try names.track(path: name) ?? names.track(titled: name) ?? names.track(named: name) {
      return track.id
    }
    let path = AudioFileWalk.lexicalPath(name)
    guard FileManager.default.fileExists(atPath: path) else {
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
  public func text(_ clause: TrackFilter.Clause) throws -> String {
    if case .track(let id) = clause {
      let track = try catalogue.tracks(ids: [id])[id]
      return track.map { "song \($0.displayName)  (\($0.path))" } ?? "a song that is gone"
    }
    guard case .seconds(let range) = clause else { return "\(clause)" }
    // The border itself is not blocked.
    let (isLonger, clock) = (range.upperBound >= Catalogue.endless, TrackFilter.Clause.clock)
    return isLonger ? "songs longer than \(clock(range.lowerBound))" : "songs shorter than \(clock(range.upperBound))"
  }
}
