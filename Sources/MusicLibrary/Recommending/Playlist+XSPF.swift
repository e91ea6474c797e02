import Catalogue
import Foundation

extension Playlist {
  /// The playlist as XSPF 1 (https://xspf.org/spec), with `file://` URLs: it holds any path. Control characters in
  /// titles become blanks, which XML does not have.
  ///
  /// Of a song that is a part of a file, the location is the file's, VLC's extension says where it begins and ends, and the
  /// identifier is its own name.
  ///
  /// - Parameter title: What the playlist is called; nil for nothing.
  public func xspf(title: String? = nil) -> String {
    let hasParts = tracks.contains { $0.source.bounds != nil }
    let spaces =
      #"xmlns="http://xspf.org/ns/0/""# + (hasParts ? #" xmlns:vlc="http://www.videolan.org/vlc/playlist/ns/0/""# : "")
    var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#, #"<playlist version="1" \#(spaces)>"#]
    if let title { lines.append("  <title>\(Self.escaped(title))</title>") }
    lines.append("  <trackList>")
    for track in tracks {
      lines.append("    <track>")
      lines.append("      <location>\(Self.url(track.source.file))</location>")
      func add(_ name: String, _ value: String?) {
        if let value { lines.append("      <\(name)>\(Self.escaped(value))</\(name)>") }
      }
      if track.source.bounds != nil { add("identifier", Self.url(track.path)) }
      add("title", track.tags.title)
      add("creator", track.tags.artist)
      add("album", track.tags.album)
      add("trackNum", track.tags.track.flatMap { $0 > 0 ? String($0) : nil })
      add("duration", track.duration.map { String(Int(($0 * 1000).rounded())) })
      if let bounds = track.source.bounds { lines += Self.extension(for: bounds) }
      lines.append("    </track>")
    }
    return (lines + ["  </trackList>", "</playlist>", ""]).joined(separator: "\n")
  }

  /// Where VLC begins and ends to play a file.
  private static func `extension`(for bounds: SongBounds) -> [String] {
    let options = [("start-time", Optional(bounds.start)), ("stop-time", bounds.end)].compactMap { name, time in
      time.map { "        <vlc:option>\(name)=\(String(format: "%.6f", $0))</vlc:option>" }
    }
    return [#"      <extension application="http://www.videolan.org/vlc/playlist/0">"#] + options + [
      "      </extension>"
    ]
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case _ where scalar.properties.generalCategory == .control || scalar.value & 0xFFFE == 0xFFFE: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
