import ArgumentParser

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Whether other programs come first.
struct PriorityOptions: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: "Leave processors and disks to other programs: work while they are idle (default with --watch).")
  var nice: Bool?

  #if !canImport(Darwin)
    /// SCHED_IDLE of sched(7), which Swift does not import.
    private static let idlePolicy: Int32 = 5
  #endif

  /// Makes this process work while others are idle, unless that is not wanted. To be called before it has threads, which
  /// inherit it.
  func apply(otherwise isNice: Bool) {
    guard nice ?? isNice else { return }
    // What the system does not allow is left as it is.
    #if canImport(Darwin)
      setpriority(PRIO_DARWIN_PROCESS, 0, PRIO_DARWIN_BG)
    #else
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
      // The kernel gives such a process the disk's idle class, too, unless it has a class of its own: a process whose
      // class was never set is served as its processor time is (ioprio_set(2)).
      var parameters = sched_param()
      sched_setscheduler(0, Self.idlePolicy, &parameters)
    #endif
  }
}
