import Foundation

/// What the system knows of a file; links are followed.
package struct FileStatus: Sendable, Hashable {
  /// Whether it is a file, and neither a folder nor a device.
  package let isRegular: Bool
  /// Who may read and write it, as `chmod` has it.
  package let permissions: UInt32
  /// In bytes.
  package let size: Int64
  /// When it was changed, in nanoseconds since 1970.
  package let modified: Int64

  /// Nil if there is no such file, or it is out of reach.
  package init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    isRegular = status.st_mode & S_IFMT == S_IFREG
    permissions = UInt32(status.st_mode & 0o7777)
    size = Int64(status.st_size)
    #if os(Linux)
      let time = status.st_mtim
    #else
      let time = status.st_mtimespec
    #endif
    modified = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
