import Catalogue
import Foundation

/// The words of a song, from the file that lies beside it: `song.lrc`, with times, or `song.txt`.
package struct Lyrics: Sendable, Equatable {
  package struct Line: Sendable, Equatable {
    /// When it is sung, in milliseconds; nil in words without times.
    package var start: Int?
    package var text: String

    package init(start: Int? = nil, text: String) {
      self.start = start
      self.text = text
    }
  }

  package let lines: [Line]
  package var isSynced: Bool { lines.contains { $0.start != nil } }

  /// The longest file that is read, in bytes.
  private static let largestFile = 1 << 20

  /// The words of a song; nil if it has none, or is a part of a file.
  init?(of track: Track, in catalogue: Catalogue) throws {
    guard track.source.bounds == nil else { return nil }
    let base = (track.source.file as NSString).deletingPathExtension
    for ending in ["lrc", "txt"] {
      // As with music, only what lies in the folders that were indexed.
      guard FileManager.default.fileExists(atPath: "\(base).\(ending)") else { continue }
      let file = try ServedFile(path: "\(base).\(ending)", in: catalogue)
      guard file.size <= Self.largestFile, let data = FileManager.default.contents(atPath: file.path) else { continue }
      self.init(lrc: String(decoding: data, as: UTF8.self))
      return
    }
    return nil
  }

  /// Lines as in LRC: `[01:02.50]words`, with several times for words that come again; `[ar:…]` and the like say nothing
  /// here, but `[offset:…]`, by which all come earlier, in milliseconds. Without any time, the lines as they are.
  package init(lrc text: String) {
    var timed: [Line] = []
    var plain: [Line] = []
    var offset = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      var rest = line.drop { $0 == "\u{FEFF}" }
      var (starts, isTag): ([Int], Bool) = ([], false)
      while rest.first == "[", let end = rest.firstIndex(of: "]") {
        let inside = rest[rest.index(after: rest.startIndex)..<end]
        if let start = Self.milliseconds(inside) {
          starts.append(start)
        } else if let colon = inside.firstIndex(of: ":"), colon > inside.startIndex,
          inside[..<colon].allSatisfy(\.isLetter)
        {
          isTag = true
          let value = inside[inside.index(after: colon)...].trimmingCharacters(in: .whitespaces)
          if inside[..<colon].lowercased() == "offset", let number = Int(value), number.magnitude < 3_600_000 {
            offset = number
          }
        } else {
          break
        }
        rest = rest[rest.index(after: end)...]
      }
      let words = rest.trimmingCharacters(in: .whitespaces)
      timed += starts.map { Line(start: $0, text: words) }
      if !isTag { plain.append(Line(text: words)) }
    }
    while plain.last?.text.isEmpty == true { plain.removeLast() }
    lines =
      timed.isEmpty
      ? plain
      : timed.map { Line(start: max(0, $0.start! - offset), text: $0.text) }
        .enumerated().sorted { ($0.element.start!, $0.offset) < ($1.element.start!, $1.offset) }.map(\.element)
  }

  /// Minutes and seconds, such as 01:02.50.
  private static func milliseconds(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.first?.isNumber == true }), let minutes = Int(parts[0]),
      let seconds = Double(parts[1]), (0..<6000).contains(minutes), (0..<60).contains(seconds)
    else { return nil }
    return minutes * 60_000 + Int((seconds * 1000).rounded())
  }
}
