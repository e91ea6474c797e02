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

  /// Where a song ends that is a part of a file, in seconds; nil if that is not known.
  var endTime: Double? { source.bounds.flatMap { bounds in bounds.end ?? duration.map { bounds.start + $0 } } }

  /// The title, or the name of a file without one.
  var searchedTitle: String { tags.title ?? ((path as NSString).lastPathComponent as NSString).deletingPathExtension }
}
