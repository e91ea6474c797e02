#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file on a disk, by whatever name.
struct DiskFile: Sendable, Hashable {
  private let device: UInt64
  private let inode: UInt64

  /// The file at a path, through links; nil if there is none, or if the disk does not number its files.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_ino != 0 else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(status.st_ino)
  }
}
