#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What two names of one file have in common, hard links and paths through symbolic links among them.
///
/// Some network shares number their files anew at each look, or give all of them one number: so size and time count
/// too, and a number of zero says nothing.
package struct FileIdentity: Sendable, Hashable {
  private let device: UInt64
  private let inode: UInt64
  /// The file's size and modification time.
  package let stamp: FileStamp

  /// The identity of the file at a path, following links; nil if there is none, or if it cannot be told.
  package init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  init?(_ status: stat) {
    guard status.st_ino != 0 else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(status.st_ino)
    stamp = FileStamp(status)
  }
}
