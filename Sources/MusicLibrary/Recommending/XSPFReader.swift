import AudioFiles
import Foundation

/// Finds the locations of an XSPF playlist's tracks; of a part of a file, as ``Playlist/xspf(title:)`` writes it, its name.
///
/// A scanner of its own, since linking FoundationXML takes 1.3 ms of every start of the program (16.96 ms instead of
/// 15.69). It knows elements, comments, CDATA, and the entities that XML itself has; declarations are skipped, so that no
/// text can refer to anything else.
enum XSPFReader {
  /// The text of each `location` in a `track`, or of the `identifier` of a part of a file; nil if the elements do not
  /// close as they open.
  static func locations(in text: String) -> [String]? {
    var (locations, path, content): ([String], [Substring], String) = ([], [], "")
    /// Of the track that is read.
    var (found, part): ([String], String?) = ([], nil)
    var rest = text[...]
    var hasPlaylist = false
    while let open = rest.firstIndex(of: "<") {
      content += decoded(rest[..<open])
      rest = rest[open...]
      if let section = markup(&rest, from: "<![CDATA[", to: "]]>") {
        content += section
      } else if markup(&rest, from: "<!--", to: "-->") == nil, markup(&rest, from: "<?", to: "?>") == nil {
        guard let tag = markup(&rest, from: "<", to: ">") else { return nil }
        let name = tag.drop { $0 == "/" }.prefix { !$0.isWhitespace && $0 != "/" }
        let element = name.split(separator: ":").last ?? name
        if tag.first == "/" {
          guard path.last == element else { return nil }
          let text = content.trimmingCharacters(in: .whitespacesAndNewlines)
          switch path.suffix(2) {
          case ["track", "location"]: found.append(text)
          case ["track", "identifier"] where text.hasPrefix("file:"): part = SheetSong.parts(of: text).map { _ in text }
          case _ where element == "track":
            locations += part.map { [$0] } ?? found
            (found, part) = ([], nil)
          default: break
          }
          path.removeLast()
        } else if tag.last != "/" && tag.first != "!" {
          path.append(element)
          hasPlaylist = hasPlaylist || path == ["playlist"]
        }
        content = ""
      } else {
        continue
      }
    }
    return hasPlaylist && path.isEmpty ? locations : nil
  }

  /// What stands between two marks at the beginning of a text, which is taken off; nil if it does not begin so.
  private static func markup(_ text: inout Substring, from begin: String, to end: String) -> Substring? {
    guard text.hasPrefix(begin) else { return nil }
    let content = text.dropFirst(begin.count)
    guard let close = content.range(of: end) else { return nil }
    text = content[close.upperBound...]
    return content[..<close.lowerBound]
  }

  private static let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]

  private static func decoded(_ text: Substring) -> String {
    guard text.contains("&") else { return String(text) }
    var result = ""
    var rest = text
    while let mark = rest.firstIndex(of: "&") {
      result += rest[..<mark]
      rest = rest[mark...]
      guard let end = rest.prefix(12).firstIndex(of: ";") else { break }
      let name = rest[rest.index(after: rest.startIndex)..<end]
      if let character = entities[String(name)] ?? scalar(name) {
        result += character
        rest = rest[rest.index(after: end)...]
      } else {
        result += "&"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }

  /// "#38" or "#x26".
  private static func scalar(_ name: Substring) -> String? {
    guard name.first == "#" else { return nil }
    let digits = name.dropFirst()
    let number = digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    return number.flatMap(Unicode.Scalar.init).map { String(Character($0)) }
  }
}
