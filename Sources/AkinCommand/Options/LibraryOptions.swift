import ArgumentParser
import Catalogue
import Files
import Foundation

/// Which library is used.
struct LibraryOptions: ParsableArguments {
  @Option(
    name: .customLong("library"),
    help: ArgumentHelp(
      "The library file (default: $AKIN_LIBRARY, or else \(Self.standardPathText)).", valueName: "file"))
  var file: String?

  /// The file in use.
  ///
  /// - Throws: `FileError` if none is named and the user has no home folder.
  var path: String {
    get throws(FileError) {
      if let file { return file }
      let named = ProcessInfo.processInfo.environment["AKIN_LIBRARY"] ?? ""
      return named.isEmpty ? try Self.standardPath : named
    }
  }

  func validate() throws {
    if file?.isEmpty == true { throw ValidationError("--library must name a file") }
  }

  /// Opens the library, making it if there is none.
  func open() throws -> Catalogue { try Catalogue(path: path) }

  /// Opens the library only if there is one: asking a question makes no file. Where none is named and the user has no
  /// home folder, there is none.
  func openExisting() throws -> Catalogue? {
    guard let path = try? path else { return nil }
    return FileManager.default.fileExists(atPath: path) ? try Catalogue(asking: path) : nil
  }

  /// Opens the library only if there is one; but one that `--library` names must be there, since a mistyped name would
  /// look like an empty library.
  func openNamed() throws -> Catalogue? { file == nil ? try openExisting() : try openRequired() }

  /// Opens the library, which must be there.
  func openRequired() throws -> Catalogue {
    guard let catalogue = try openExisting() else {
      let run = file == nil ? "Run" : "Check --library, or run"
      throw FileError(
        path: try path, reason: "there is no library yet",
        remedy: "\(run) `akin index FOLDER` to make it.")
    }
    return catalogue
  }

  /// Opens the library to change it; it must be there.
  func openRequiredToWrite() throws -> Catalogue { try Catalogue(path: openRequired().path) }

  private static var standardPath: String {
    get throws(FileError) {
      do {
        return try UserFolder.data.url.appending(path: place).path
      } catch {
        throw FileError(
          path: error.path, reason: error.reason,
          remedy: "Name the library with --library or AKIN_LIBRARY, or set HOME.")
      }
    }
  }

  private static var standardPathText: String {
    do { return try visible(standardPath) } catch { return "$\(UserFolder.data.variable)/\(place)" }
  }

  /// Where the library lies in the folder for data.
  private static let place = "akin/library.sqlite"
}
