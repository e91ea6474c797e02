import ArgumentParser
import Catalogue
import Foundation

/// Which library is used.
struct LibraryOptions: ParsableArguments {
  @Option(
    name: .customLong("library"),
    help: ArgumentHelp(
      "The library file (default: $AKIN_LIBRARY, or else \(Self.standardPath)).", valueName: "file"))
  var file: String?

  /// The file in use.
  var path: String {
    if let file { return file }
    let named = ProcessInfo.processInfo.environment["AKIN_LIBRARY"] ?? ""
    return named.isEmpty ? Self.standardPath : named
  }

  func validate() throws {
    if file?.isEmpty == true { throw ValidationError("--library must name a file") }
  }

  /// Opens the library, making it if there is none.
  func open() throws -> Catalogue { try Catalogue(path: path) }

  /// Opens the library only if there is one: asking a question makes no file.
  func openExisting() throws -> Catalogue? {
    FileManager.default.fileExists(atPath: path) ? try Catalogue(asking: path) : nil
  }

  private static var standardPath: String {
    let folder: URL
    if let data = ProcessInfo.processInfo.environment["XDG_DATA_HOME"], data.hasPrefix("/") {
      folder = URL(filePath: data)
    } else {
      folder =
        FileManager.default.urls(for: .applicationSupportDirectory, in: .userDomainMask).first
        ?? FileManager.default.homeDirectoryForCurrentUser
    }
    return folder.appending(path: "akin/library.sqlite").path
  }
}
