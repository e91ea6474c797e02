import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Why one of this program's own files could not be read or written: a model, a checkpoint, a playlist, a cache entry.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible, LocalizedError {
  /// The file.
  public let path: String
  /// What went wrong, with the system's words, such as "it cannot be written: No space left on device".
  public let reason: String
  /// What to do.
  public let remedy: String

  /// An error on a file.
  package init(path: String, reason: String, remedy: String) {
    self.path = path
    self.reason = reason
    self.remedy = remedy
  }

  /// What is wrong, with what, and what to do.
  public var description: String { "\(path): \(reason). \(remedy)" }
  /// The same, for Foundation.
  public var errorDescription: String? { description }
}

extension FileError {
  /// Writes a file, whole or not at all; or writes into a device or pipe that exists. `remedy` is what to do if that
  /// fails; nil for what the reason calls for.
  package static func write(_ data: Data, to file: URL, remedy: String? = nil) throws(FileError) {
    do {
      // An atomic write replaces what was there; but a link must stay a link, and a device a device.
      if isDeviceOrPipe(file) {
        try data.write(to: file)
      } else {
        try data.write(to: target(of: file), options: .atomic)
      }
    } catch {
      let hasFolder = FileManager.default.fileExists(atPath: file.deletingLastPathComponent().path)
      guard hasFolder else {
        throw FileError(
          path: file.path, reason: "the folder that it is to lie in is not there",
          remedy: remedy ?? "Make the folder, or choose another place.")
      }
      throw FileError(
        path: file.path, reason: "it cannot be written: \(error.systemReason)",
        remedy: remedy ?? "Choose another place, or make room.")
    }
  }

  /// The file that a chain of links leads to, or the file itself; it need not be there.
  private static func target(of file: URL) throws -> URL {
    var target = file
    // As many as Linux follows.
    for _ in 0..<40 {
      let folder = target.deletingLastPathComponent().resolvingSymlinksInPath()
      guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: target.path) else {
        return folder.appending(path: target.lastPathComponent)
      }
      target = next.hasPrefix("/") ? URL(filePath: next) : folder.appending(path: next)
    }
    throw POSIXError(.ELOOP)
  }

  private static func isDeviceOrPipe(_ file: URL) -> Bool {
    var status = stat()
    guard stat(file.path, &status) == 0 else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  /// Makes a folder, and the folders above it that are missing.
  package static func makeFolder(_ folder: URL, remedy: String) throws(FileError) {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw FileError(path: folder.path, reason: "the folder cannot be made: \(error.systemReason)", remedy: remedy)
    }
  }
}

extension Error {
  /// The system's own words, which Foundation hides behind "The operation could not be completed".
  package var systemReason: String {
    let error = self as NSError
    let cause = (error.userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError } ?? error
    return cause.domain == NSPOSIXErrorDomain
      ? String(cString: strerror(Int32(truncatingIfNeeded: cause.code))) : error.localizedDescription
  }
}
