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
    handle(noteSignal)
  }

  /// Has the first signal end the program at once, with the status of one that was interrupted: for work that leaves
  /// nothing behind.
  static func endAtOnce() { handle { _ in _exit(130) } }

  private static func handle(_ handler: @escaping @convention(c) (Int32) -> Void) {
    signal(SIGINT, handler)
    signal(SIGTERM, handler)
    // A parent may have started this program with them blocked, as programs with threads of their own do.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}
