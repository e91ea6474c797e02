import Catalogue
import Foundation

extension Track {
  /// "Artist – Title", or the file's name.
  public var displayName: String {
    guard let title = tags.title else { return (path as NSString).lastPathComponent }
    return tags.artist.map { "\($0) – \(title)" } ?? title
  }

  /// The title, or the name of a file without one.
  var searchedTitle: String { tags.title ?? ((path as NSString).lastPathComponent as NSString).deletingPathExtension }
}
