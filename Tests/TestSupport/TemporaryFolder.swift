import Foundation

/// A folder that lives as long as this object.
package final class TemporaryFolder {
  package let path: String
  package var url: URL { URL(filePath: path, directoryHint: .isDirectory) }

  package init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "akin-tests-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // As the program knows it: the temporary folder may itself lie behind a link.
    path = folder.resolvingSymlinksInPath().path
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      print("cannot remove \(path): \(error)")
    }
  }

  /// The path of something in the folder.
  package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a text and returns its path.
  @discardableResult
  package func write(_ text: String, to name: String) throws -> String {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return self(name)
  }
}
