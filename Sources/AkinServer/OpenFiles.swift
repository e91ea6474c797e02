import Foundation

/// How many files and connections this process may have open.
enum OpenFiles {
  /// As many as the system allows without asking: what a shell begins with is little for a server.
  static func raiseLimit() {
    var limit = rlimit()
    #if os(Linux)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    // macOS takes no more than this.
    limit.rlim_cur = min(limit.rlim_max, 1 << 20)
    #if !os(Linux)
      limit.rlim_cur = min(limit.rlim_cur, rlim_t(OPEN_MAX))
    #endif
    setrlimit(resource, &limit)
  }
}
