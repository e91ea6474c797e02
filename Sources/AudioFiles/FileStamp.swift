import AudioDecoding
import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The size and modification time of a file, by which a change is noticed.
public struct FileStamp: Sendable, Hashable {
  /// In bytes.
  public let size: Int64
  /// In nanoseconds since 1970.
  public let modificationTime: Int64

  /// Reads a file's stamp, following links.
  public init(path: String) throws(AudioDecodingError) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw AudioDecodingError(path: path, errno: errno) }
    self.init(status)
  }

  /// A stamp that was read earlier.
  package init(size: Int64, modificationTime: Int64) {
    self.size = size
    self.modificationTime = modificationTime
  }

  init(_ status: stat) {
    size = Int64(status.st_size)
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    modificationTime = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
