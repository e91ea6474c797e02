import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A walk through a folder that finds its audio files.
package struct AudioFileWalk {
  /// One file.
  package struct File: Sendable {
    package var path: String
    package var stamp: FileStamp
    /// What other names of the same file share with it; nil if that cannot be told.
    package var identity: FileIdentity?

    init(path: String, status: stat) {
      self.path = path
      stamp = FileStamp(status)
      identity = FileIdentity(status)
    }
  }

  /// The folder or file where the walk began.
  package let root: String
  /// Whether nothing exists at the root's path.
  package private(set) var isMissing = false
  /// Whether the root is a pipe, a socket or a device.
  package private(set) var isNoFile = false
  /// The audio files, in the order of their paths' bytes.
  package private(set) var files: [File] = []
  /// The CUE sheets, in the order of their paths' bytes; they are counted as left out, too.
  package private(set) var sheets: [File] = []
  /// Folders and files that could not be read, and why. Files below such a folder may still exist.
  package private(set) var unreadable: [(path: String, reason: String)] = []
  /// How many files were left out because of their ending, by ``AudioFileEndings/ending(of:)``.
  package private(set) var leftOut: [String: Int] = [:]
  /// All folders that were looked into, the root's own among them.
  package private(set) var folders: [String] = []
  /// Folders below the root on which another file system begins: disks that may not always be there.
  package private(set) var mountPoints: [String] = []
  /// Broken links whose names are not those of audio files: they may lead to a disk that is not mounted.
  package private(set) var danglingLinks: [String] = []
  private var visited: Set<FileID> = []
  private var rootID: FileID?
  private var links: [(path: String, name: String, device: UInt64)] = []

  private struct FileID: Hashable {
    var device: UInt64
    var inode: UInt64

    init(_ status: stat) {
      device = UInt64(truncatingIfNeeded: status.st_dev)
      inode = UInt64(status.st_ino)
    }
  }

  /// Walks one root, a folder or a file.
  ///
  /// A name that begins with one dot is hidden and not looked at, unless it is the root's own. One that begins with
  /// several, such as "...And Justice for All", is not.
  ///
  /// Links are followed after everything else, and never to what was visited already. So a file below the root is known
  /// by its own path rather than by a link's, and loops end.
  package init(root: String) {
    self.root = root
    var status = stat()
    guard stat(root, &status) == 0 else {
      isMissing = errno == ENOENT || errno == ENOTDIR
      unreadable.append((root, Self.reason(errno)))
      return
    }
    rootID = FileID(status)
    switch status.st_mode & S_IFMT {
    case S_IFDIR: break
    case S_IFREG:
      let file = File(path: root, status: status)
      if AudioFileEndings.isCueSheet(root) { sheets.append(file) } else { files.append(file) }
      return
    default:
      isNoFile = true
      unreadable.append((root, "it is neither a folder nor a regular file. Copy its content to a file first."))
      return
    }
    walk(root, status: status)
    while !links.isEmpty {
      let found = links
      links = []
      for link in found { follow(link.path, name: link.name, device: link.device) }
    }
    files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    sheets.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// Whether this walk went through another's root.
  package func contains(rootOf other: AudioFileWalk) -> Bool { other.rootID.map(visited.contains) ?? false }

  private mutating func walk(_ folder: String, status: stat) {
    guard visited.insert(FileID(status)).inserted else { return }
    guard let directory = opendir(folder) else {
      unreadable.append((folder, Self.reason(errno)))
      return
    }
    defer { closedir(directory) }
    folders.append(folder)
    var names: [String] = []
    errno = 0
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(validatingCString: $0) ?? repaired($0, in: folder) }
      }
      if let name, !Self.isHidden(name) { names.append(name) }
      errno = 0
    }
    // If a network share fails half-way, the files that it did not list are not gone.
    if errno != 0 { unreadable.append((folder, Self.reason(errno))) }
    let device = FileID(status).device
    for name in names.sorted() {
      visit(folder == "/" ? "/" + name : folder + "/" + name, name: name, device: device)
    }
  }

  /// What the system says, and what to do.
  private static func reason(_ code: Int32, isLink: Bool = false) -> String {
    let remedy =
      switch code {
      case ENOENT where isLink: "It is a link: bring back what it leads to, or delete it."
      case ELOOP where isLink: "It is a link in a circle: delete it."
      case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG: "Check the path."
      case EACCES, EPERM: "Change its permissions (chmod u+rX), or run as its owner."
      default: "Check the disk or the network share, then try again."
      }
    return "\(String(cString: strerror(code))). \(remedy)"
  }

  private static func isHidden(_ name: String) -> Bool {
    name == ".." || (name.utf8.first == UInt8(ascii: ".") && name.utf8.dropFirst().first != UInt8(ascii: "."))
  }

  /// Reports a name that is not valid UTF-8.
  private mutating func repaired(_ name: UnsafePointer<CChar>, in folder: String) -> String? {
    unreadable.append((folder + "/" + String(cString: name), "its name is not UTF-8. Rename it."))
    return nil
  }

  /// Looks at an entry of a folder, which lies on a device.
  private mutating func visit(_ path: String, name: String, device: UInt64) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      // What was deleted after the folder was listed is not an error.
      if errno != ENOENT { unreadable.append((path, Self.reason(errno))) }
      return
    }
    if status.st_mode & S_IFMT == S_IFLNK {
      links.append((path, name, device))
    } else {
      add(path, name: name, status: status, device: device)
    }
  }

  private mutating func follow(_ path: String, name: String, device: UInt64) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT && !AudioFileEndings.isAudio(name) {
        danglingLinks.append(path)
      } else {
        unreadable.append((path, Self.reason(errno, isLink: true)))
      }
      return
    }
    let isSeen = status.st_mode & S_IFMT == S_IFREG && visited.contains(FileID(status))
    if !isSeen { add(path, name: name, status: status, device: device) }
  }

  private mutating func add(_ path: String, name: String, status: stat, device: UInt64) {
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      // Folders only: in a container's layers a file may be on another device than its folder.
      if FileID(status).device != device { mountPoints.append(path) }
      walk(path, status: status)
    case S_IFREG where AudioFileEndings.isAudio(name):
      visited.insert(FileID(status))
      files.append(File(path: path, status: status))
    case S_IFREG:
      leftOut[AudioFileEndings.ending(of: name), default: 0] += 1
      guard AudioFileEndings.isCueSheet(name) else { break }
      visited.insert(FileID(status))
      sheets.append(File(path: path, status: status))
    default: break
    }
  }
}

extension AudioFileWalk {
  /// The files, each once: of a file's several names, hard links, the first.
  package var distinctFiles: [File] {
    var seen: Set<FileIdentity> = []
    return files.filter { file in file.identity.map { seen.insert($0).inserted } ?? true }
  }
}

// MARK: - Paths

extension AudioFileWalk {
  /// The absolute path without links, by which the catalogue knows roots; ``lexicalPath(_:)`` if nothing is there.
  package static func absolutePath(_ path: String) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    guard errno == ENOTDIR, let (sheet, name) = SheetSong.parts(of: lexicalPath(path)) else { return lexicalPath(path) }
    return absolutePath(sheet) + "/" + name
  }

  /// The absolute path without `.` and `..` but with links, by which the catalogue knows a file behind a link.
  package static func lexicalPath(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path }

  /// Whether a path lies in a folder, at any depth. Compares bytes, as file systems do.
  package static func lies(_ path: String, below folder: String) -> Bool {
    path.utf8.starts(with: (folder == "/" ? "/" : folder + "/").utf8) && path.utf8.count > folder.utf8.count
  }
}
