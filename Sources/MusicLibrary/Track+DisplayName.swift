import Catalogue
import Foundation

extension Track {
  /// The file's name; that of a song in it with the sheet's, "album.cue/track0003".
  package var fileName: String {
    path.split(separator: "/").suffix(source.bounds == nil ? 1 : 2).joined(separator: "/")
  }

  /// "Artist – Title", or the file's name.
  public var displayName: String {
    guard let title = tags.title else { return fileName }
    return tags.artist.map { "\($0) – \(title)" } ?? title
  }

  /// The title, or the name of a file without one.
  var searchedTitle: String { tags.title ?? ((path as NSString).lastPathComponent as NSString).deletingPathExtension }
}
