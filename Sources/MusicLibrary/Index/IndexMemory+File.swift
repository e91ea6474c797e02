import Foundation
import NearestNeighbors

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension IndexMemory {
  /// A file as memory; nil if it cannot be read, is empty, or is not a regular file. Nobody may shorten it meanwhile: a
  /// new version takes the name, and leaves this one to those who read it.
  convenience init?(mapping path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return nil }
    let size = Int(status.st_size)
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else { return nil }
    self.init(UnsafeRawBufferPointer(start: start, count: size)) { bytes in
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }
  }
}
