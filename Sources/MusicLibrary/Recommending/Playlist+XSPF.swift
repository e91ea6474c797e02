import Catalogue
import Foundation

extension Playlist {
  /// The playlist as XSPF 1 (https://xspf.org/spec), with `file://` URLs: it holds any path. Control characters in
  /// titles become blanks, which XML does not have.
  ///
  /// - Parameter title: What the playlist is called; nil for nothing.
  public func xspf(title: String? = nil) -> String {
    var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#, #"<playlist version="1" xmlns="http://xspf.org/ns/0/">"#]
    if let title { lines.append("  <title>\(Self.escaped(title))</title>") }
    lines.append("  <trackList>")
    for track in tracks {
      lines.append("    <track>")
      lines.append("      <location>\(Self.url(track.path))</location>")
      func add(_ name: String, _ value: String?) {
        if let value { lines.append("      <\(name)>\(Self.escaped(value))</\(name)>") }
      }
      add("title", track.tags.title)
      add("creator", track.tags.artist)
      add("album", track.tags.album)
      add("trackNum", track.tags.track.flatMap { $0 > 0 ? String($0) : nil })
      add("duration", track.duration.map { String(Int(($0 * 1000).rounded())) })
      lines.append("    </track>")
    }
    return (lines + ["  </trackList>", "</playlist>", ""]).joined(separator: "\n")
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
