import Foundation
import Tags

/// What a track is found by.
enum TrackWords {
  /// Ends the title, so that a whole title can be told from the beginning of one.
  static let separator = "\n"

  /// The title (or else the file's name), the artists and the album's artists, one kind a line, each as
  /// ``SearchText/fold(_:)`` has it.
  static func make(tags: AudioTags, path: String) -> String {
    let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    let lines = [[tags.title ?? name], tags.artists, tags.albumArtists]
    return lines.map { $0.map(SearchText.fold).joined(separator: " ") }.joined(separator: separator)
  }
}
