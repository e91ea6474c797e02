import Foundation
import Tags

/// The form of titles and artists in which they are searched.
enum SearchText {
  /// Ends the title, so that a whole title can be told from the beginning of one.
  static let separator = "\n"

  /// What a track is found by: its title (or else its file's name), its artist and its album artist, one a line.
  static func make(tags: AudioTags, path: String) -> String {
    let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    let lines = [tags.title ?? name, tags.artist ?? "", tags.albumArtist ?? ""]
    return lines.map(fold).joined(separator: separator)
  }

  /// Without case, accents, character widths or runs of white space, in Unicode's composed form (NFC).
  static func fold(_ text: String) -> String {
    text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
      .precomposedStringWithCanonicalMapping
      .split(whereSeparator: { $0.isWhitespace || $0 == "\0" })
      .joined(separator: " ")
  }
}
