import Files
import Foundation

/// Songs in an order, as an extended M3U file.
public struct Playlist: Sendable, Hashable {
  /// The songs.
  public var songs: [Recommendation]

  /// A playlist.
  public init(songs: [Recommendation]) { self.songs = songs }

  /// The M3U text, UTF-8, with absolute paths.
  public var m3u: String {
    let lines = songs.map { song in
      let name = [song.artist, song.title].compactMap(\.self).joined(separator: " - ")
      let seconds = song.duration.map { Int($0.rounded()) } ?? -1
      let label = name.isEmpty ? (song.path as NSString).lastPathComponent : name
      return "#EXTINF:\(seconds),\(label.replacing(/\s+/, with: " "))\n\(song.path)\n"
    }
    return "#EXTM3U\n" + lines.joined()
  }

  /// Writes the playlist.
  public func write(to path: String) throws(FileError) {
    try FileError.write(Data(m3u.utf8), to: URL(filePath: path))
  }
}
