import Catalogue

/// Songs in an order. Each format that it can be written in has a file of its own, such as `Playlist+M3U.swift`.
public struct Playlist: Sendable, Hashable {
  /// The songs.
  public var tracks: [Track]

  /// A playlist.
  public init(tracks: [Track]) { self.tracks = tracks }

  /// The formats of files.
  public enum Format: String, Sendable, Hashable, CaseIterable {
    case m3u, pls, xspf

    /// The format that a file's ending names; nil for none.
    public init?(path: String) {
      let ending = path.utf8.lastIndex(of: UInt8(ascii: ".")).map { path[path.index(after: $0)...].lowercased() }
      switch ending {
      case "m3u", "m3u8": self = .m3u
      case "pls": self = .pls
      case "xspf": self = .xspf
      default: return nil
      }
    }
  }
}
