import AudioFiles
import Catalogue
import Files
import Foundation

extension Playlist {
  /// A playlist as extended M3U.
  public struct M3U: Sendable, Hashable {
    /// The file's content, in UTF-8.
    public var text: String
    /// The songs that M3U cannot hold, since their paths have ends of lines.
    public var omitted: [Track]
  }

  /// The playlist as extended M3U, with absolute paths or with paths relative to a folder.
  ///
  /// A song that a CUE sheet finds in a file has the name that MPD has for it, "album.cue/track0003"; other players cannot
  /// play parts of files from M3U, and leave it out rather than play the whole file.
  ///
  /// M3U has one path a line. A path that begins with `#` or a blank is written with `./` before it; one with control
  /// characters or a blank at its end as a `file://` URL; a song whose path has an end of a line is omitted. Control
  /// characters in titles become blanks.
  ///
  /// - Parameter folder: The folder that paths are relative to, which should exist; nil for absolute paths.
  public func extendedM3U(relativeTo folder: String? = nil) -> M3U {
    let folder = folder.map(AudioFileWalk.absolutePath)
    var result = M3U(text: "#EXTM3U\n", omitted: [])
    for track in tracks {
      guard let entry = Self.entry(track.path, folder: folder) else {
        result.omitted.append(track)
        continue
      }
      let name = [track.tags.artist, track.tags.title].compactMap(\.self).joined(separator: " - ")
      let seconds = track.duration.map { Int($0.rounded()) } ?? -1
      let label = name.isEmpty ? track.fileName : name
      result.text += "#EXTINF:\(seconds),\(Self.label(label))\n\(entry)\n"
    }
    return result
  }

  /// The playlist as extended M3U with absolute paths; see ``extendedM3U(relativeTo:)``.
  public var m3u: String { extendedM3U().text }

  /// Writes the playlist as extended M3U; see ``extendedM3U(relativeTo:)``.
  ///
  /// - Returns: The songs that were omitted.
  @discardableResult
  public func writeM3U(to path: String, relativeTo folder: String? = nil) throws(FileError) -> [Track] {
    let m3u = extendedM3U(relativeTo: folder)
    try FileError.write(Data(m3u.text.utf8), to: URL(filePath: path))
    return m3u.omitted
  }

  /// Adds songs to an M3U playlist, whose own lines stay as they are. New paths are relative to its folder if all of its
  /// own are; new lines end as its own do.
  ///
  /// - Returns: The songs that were omitted.
  @discardableResult
  public static func append(_ tracks: [Track], toM3U path: String) throws(FileError) -> [Track] {
    var content: Data
    do { content = try Data(contentsOf: URL(filePath: path)) } catch {
      throw FileError(path: path, reason: "it cannot be read: \(error.systemReason)", remedy: "Check the path.")
    }
    let lines = content.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.map {
      String(decoding: $0, as: UTF8.self)
    }
    let entries = lines.map { $0.trimmingPrefix("\u{FEFF}") }.filter {
      !$0.hasPrefix("#") && !$0.allSatisfy(\.isWhitespace)
    }
    // Radio stations say nothing of how files are written.
    let files = entries.filter { !$0.contains("://") || $0.lowercased().hasPrefix("file:") }
    let isRelative = !files.isEmpty && files.allSatisfy { !$0.hasPrefix("/") && !$0.contains("://") }
    let folder = (AudioFileWalk.lexicalPath(path) as NSString).deletingLastPathComponent
    let added = Playlist(tracks: tracks).extendedM3U(relativeTo: isRelative ? folder : nil)
    let newLine = content.range(of: Data("\r\n".utf8)) == nil ? "\n" : "\r\n"
    if let last = content.last, last != UInt8(ascii: "\n") { content += Data(newLine.utf8) }
    let isExtended = lines.first.map { $0.hasPrefix("#EXTM3U") || $0.hasPrefix("\u{FEFF}#EXTM3U") } ?? true
    var text = content.isEmpty ? added.text : String(added.text.dropFirst("#EXTM3U\n".count))
    if !isExtended {
      text = text.split(separator: "\n").filter { !$0.hasPrefix("#EXTINF:") }.map { $0 + "\n" }.joined()
    }
    try FileError.write(content + Data(text.replacing("\n", with: newLine).utf8), to: URL(filePath: path))
    return added.omitted
  }

  private static func label(_ text: String) -> String {
    text.unicodeScalars.split { $0.isControl || $0.properties.isWhitespace }.map(String.init).joined(separator: " ")
  }

  /// A path as a line; nil if it has an end of a line itself.
  private static func entry(_ path: String, folder: String?) -> String? {
    if path.utf8.contains(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) { return nil }
    if path.hasControlCharacters || path.last?.isWhitespace == true { return url(path) }
    guard let folder else { return path }
    let relative = relativePath(path, from: folder)
    let first = relative.prefix { $0 != "/" }
    let isClear = relative.first != "#" && relative.first?.isWhitespace != true && !first.contains(":")
    return isClear ? relative : "./" + relative
  }

  /// The path as a URL whose every unusual byte is escaped.
  static func url(_ path: String) -> String {
    path.utf8.reduce(into: "file://") { result, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
  }

  /// The way from a folder to a file, both absolute; compares bytes, as file systems do.
  private static func relativePath(_ path: String, from folder: String) -> String {
    let slash = UInt8(ascii: "/")
    let (target, start) = (path.utf8.split(separator: slash), folder.utf8.split(separator: slash))
    let common = zip(target, start).prefix { $0.elementsEqual($1) }.count
    let up = Array(repeating: "..", count: start.count - common)
    return (up + target[common...].map { String(decoding: $0, as: UTF8.self) }).joined(separator: "/")
  }
}
