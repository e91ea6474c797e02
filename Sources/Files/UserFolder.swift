import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where a user's files lie by the platform's rules: the XDG folders, on macOS those of `Library` unless the XDG
/// variables are set.
package enum UserFolder {
  /// What programs keep.
  case data
  /// What programs can make anew.
  case caches

  /// The folder.
  ///
  /// - Throws: `FileError` if neither the environment nor the system names the user's home folder.
  package var url: URL {
    get throws(FileError) {
      // The XDG convention says that relative paths are to be ignored.
      if let named = Self.absolutePath(variable) { return URL(filePath: named, directoryHint: .isDirectory) }
      return URL(filePath: try Self.home, directoryHint: .isDirectory).appending(path: placeInHome)
    }
  }

  /// The environment variable that names it.
  package var variable: String {
    switch self {
    case .data: "XDG_DATA_HOME"
    case .caches: "XDG_CACHE_HOME"
    }
  }

  private var placeInHome: String {
    #if canImport(Darwin)
      switch self {
      case .data: "Library/Application Support"
      case .caches: "Library/Caches"
      }
    #else
      switch self {
      case .data: ".local/share"
      case .caches: ".cache"
      }
    #endif
  }

  /// The user's home folder: `$HOME`, or else what the system's list of users says.
  private static var home: String {
    get throws(FileError) {
      if let named = absolutePath("HOME") { return named }
      if let user = getpwuid(getuid()), let folder = user.pointee.pw_dir, folder[0] == CChar(UInt8(ascii: "/")) {
        return String(cString: folder)
      }
      throw FileError(
        path: "HOME", reason: "it is not set, and the system knows no home folder of user \(getuid())",
        remedy: "Set HOME or XDG_DATA_HOME to a folder, or name the file itself.")
    }
  }

  private static func absolutePath(_ variable: String) -> String? {
    ProcessInfo.processInfo.environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
  }
}
