import AudioDecoding
import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The audio files in folders.
struct AudioFileWalk {
  /// One file.
  struct File {
    var path: String
    var stamp: FileStamp
  }

  /// The names' endings by which files in folders are recognised; a file that is named itself is always tried.
  static let extensions: Set<String> = [
    "aac", "ac3", "aif", "aifc", "aiff", "alac", "amr", "ape", "au", "caf", "dff", "dsf", "dts", "flac", "m4a", "m4b",
    "mka", "mp2", "mp3", "mpc", "oga", "ogg", "opus", "spx", "tta", "wav", "wave", "wma", "wv",
  ]

  /// What was found, in the order of the paths.
  private(set) var files: [File] = []
  /// Folders and files that could not be read, with the reason: nothing below them is known to be gone.
  private(set) var unreadable: [(path: String, reason: String)] = []
  private var visited: Set<FolderID> = []

  private struct FolderID: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  /// Walks one root, a folder or a file. Links are followed, each folder is entered once.
  init(root: String) {
    var status = stat()
    guard stat(root, &status) == 0 else {
      unreadable.append((root, String(cString: strerror(errno))))
      return
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      walk(root, status: status)
    } else {
      files.append(File(path: root, stamp: FileStamp(status)))
    }
  }

  private mutating func walk(_ folder: String, status: stat) {
    let id = FolderID(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    guard visited.insert(id).inserted else { return }
    guard let directory = opendir(folder) else {
      unreadable.append((folder, String(cString: strerror(errno))))
      return
    }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(validatingCString: $0) }
      }
      guard let name else {
        unreadable.append((folder, "it holds a file whose name is not UTF-8; rename that file"))
        continue
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    closedir(directory)
    for name in names.sorted() { visit(folder == "/" ? "/" + name : folder + "/" + name, name: name) }
  }

  private mutating func visit(_ path: String, name: String) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      // A dangling link to something that would not have been indexed is nobody's concern.
      if Self.isAudio(name) { unreadable.append((path, String(cString: strerror(errno)))) }
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: walk(path, status: status)
    case S_IFREG where Self.isAudio(name): files.append(File(path: path, stamp: FileStamp(status)))
    default: break
    }
  }

  private static func isAudio(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return extensions.contains(name[name.index(after: dot)...].lowercased())
  }

  /// The absolute path without links, or as far as it exists; what the catalogue knows files by.
  static func absolutePath(_ path: String) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    return URL(filePath: path).standardizedFileURL.path
  }
}
