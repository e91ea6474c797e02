import Catalogue
import Files
import Foundation

extension Playlist {
  /// The playlist as extended M3U: UTF-8, with absolute paths.
  public var m3u: String {
    let lines = tracks.map { track in
      let name = [track.tags.artist, track.tags.title].compactMap(\.self).joined(separator: " - ")
      let seconds = track.duration.map { Int($0.rounded()) } ?? -1
      let label = name.isEmpty ? (track.path as NSString).lastPathComponent : name
      return "#EXTINF:\(seconds),\(label.replacing(/\s+/, with: " "))\n\(track.path)\n"
    }
    return "#EXTM3U\n" + lines.joined()
  }

  /// Writes the playlist as extended M3U.
  public func writeM3U(to path: String) throws(FileError) {
    try FileError.write(Data(m3u.utf8), to: URL(filePath: path))
  }
}
