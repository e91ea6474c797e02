import Foundation

/// How many files and connections this process may have open.
enum OpenFiles {
  /// Raises the limit to what the system allows without asking: what a shell begins with is little for a server.
  ///
  /// - Returns: How many of them may be connections; the others are for files, and for conversions. Without any left,
  ///   libdispatch ends the process.
  static func raiseLimit() -> Int {
    var limit = rlimit()
    #if os(Linux)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    guard getrlimit(resource, &limit) == 0 else { return 256 }
    // macOS takes no more than this.
    limit.rlim_cur = min(limit.rlim_max, 1 << 20)
    #if !os(Linux)
      limit.rlim_cur = min(limit.rlim_cur, rlim_t(OPEN_MAX))
    #endif
    setrlimit(resource, &limit)
    guard getrlimit(resource, &limit) == 0 else { return 256 }
    let files = Int(clamping: limit.rlim_cur)
    return max(files / 4, files - 512)
  }
}
