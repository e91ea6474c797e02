import CFFmpeg
import Foundation

extension AudioTags {
  /// Reads tags from FFmpeg's dictionaries; the earlier ones have precedence.
  ///
  /// FFmpeg gives the keys of all formats the same names (WMA's `WM/AlbumTitle` becomes `album`); the additional names
  /// are those that taggers use in formats that allow any key.
  init(_ dictionaries: [OpaquePointer?]) {
    func value(_ keys: String...) -> String? {
      for dictionary in dictionaries {
        for key in keys {
          guard let entry = av_dict_get(dictionary, key, nil, 0), let bytes = entry.pointee.value else { continue }
          if let text = Self.text(bytes) { return text }
        }
      }
      return nil
    }
    self.init(
      title: value("title"), artist: value("artist"), album: value("album"),
      albumArtist: value("album_artist", "albumartist", "album artist"), genre: value("genre"),
      date: value("date", "year"),
      track: value("track", "tracknumber").flatMap { Int($0.prefix { $0.isASCII && $0.isNumber }) })
  }

  /// A tag's text without surrounding blanks and control characters; nil if nothing is left.
  ///
  /// Text that is not UTF-8 is read as Latin-1, which old taggers wrote.
  private static func text(_ bytes: UnsafePointer<CChar>) -> String? {
    let text =
      String(validatingCString: bytes)
      ?? String(
        String.UnicodeScalarView(
          sequence(first: bytes) { $0 + 1 }.lazy
            .prefix { $0.pointee != 0 }.map { Unicode.Scalar(UInt8(bitPattern: $0.pointee)) }))
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines.union(.controlCharacters))
    return trimmed.isEmpty ? nil : trimmed
  }

  /// The tags by FFmpeg's names.
  var entries: [(key: String, value: String)] {
    let all = [
      ("title", title), ("artist", artist), ("album", album), ("album_artist", albumArtist), ("genre", genre),
      ("date", date), ("track", track.map(String.init)),
    ]
    return all.compactMap { key, value in value.map { (key, $0) } }
  }
}
