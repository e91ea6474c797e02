import AudioFiles
import Foundation

extension Manifest {
  /// The same songs for a manifest that will lie in another folder.
  ///
  /// Paths of files below that folder become relative, so that all can be moved together; other paths become absolute.
  /// If it is the folder in which the manifest already lies, the paths stay as they are.
  public func moved(to folder: URL) -> Manifest {
    var result = self
    result.folder = folder
    let target = folder.standardizedFileURL.path
    guard target != self.folder.standardizedFileURL.path else { return result }
    for index in songs.indices { result.songs[index].path = Self.path(filePath(of: songs[index]), from: target) }
    return result
  }

  /// An absolute path as seen from a folder: relative if it lies below the folder, absolute otherwise. From the root
  /// folder, every path stays absolute.
  static func path(_ path: String, from folder: String) -> String {
    guard folder != "/", AudioFileWalk.lies(path, below: folder) else { return path }
    return String(decoding: path.utf8.dropFirst(folder.utf8.count + 1), as: UTF8.self)
  }
}
