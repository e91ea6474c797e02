import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Tells indexers that work at once on libraries in one folder from each other, so that they need not listen to the same
/// songs: the first goes through them from the beginning, all others from the end.
///
/// It is a lock on the folder, which the system releases when the program ends in whatever way. Nobody waits for it.
final class IndexingClaim {
  /// Whether no other indexer was at work when this one began, as far as can be told.
  let isFirst: Bool
  private let descriptor: Int32

  /// A claim on the folder of a library, until this object is gone.
  init(library: String) {
    let folder = (library as NSString).deletingLastPathComponent
    descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    // Where a folder cannot be locked, every indexer takes itself for the first.
    isFirst = descriptor < 0 || flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
  }

  /// Whether an indexer is at work in the folder of a library, as far as can be told. Those who ask are in nobody's way
  /// but for the moment of asking.
  static func isHeld(library: String) -> Bool {
    let folder = (library as NSString).deletingLastPathComponent
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}
