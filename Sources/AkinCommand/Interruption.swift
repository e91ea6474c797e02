import Foundation
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

private let wasAsked = Atomic<Bool>(false)

/// The second signal meets the default again and stops the program.
private func noteSignal(_ number: Int32) {
  wasAsked.store(true, ordering: .relaxed)
  signal(number, SIG_DFL)
}

/// Ctrl-C: the first asks the work to stop at the next good moment, the second stops it at once.
enum Interruption {
  /// Whether somebody pressed Ctrl-C (or sent SIGTERM).
  static var isRequested: Bool { wasAsked.load(ordering: .relaxed) }

  /// Begins to listen.
  static func listen() {
    _ = isRequested  // The handler must not be the first to touch it.
    signal(SIGINT, noteSignal)
    signal(SIGTERM, noteSignal)
    // A parent may have started this program with them blocked, as programs with threads of their own do.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}
