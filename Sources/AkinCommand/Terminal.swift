import Foundation
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Standard error: notes, warnings, and on a terminal one line of progress that is drawn over itself.
final class Terminal: Sendable {
  private struct State {
    var hasProgressLine = false
    var lastDrawn = ContinuousClock.now - .seconds(1)
  }

  private let isQuiet: Bool
  private let isInteractive: Bool
  private let state = Mutex(State())

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    isInteractive = !isQuiet && isatty(STDERR_FILENO) == 1
  }

  /// A line that explains; left out if `--quiet` is given.
  func note(_ text: String) {
    if !isQuiet { write(text) }
  }

  /// A line that must be read.
  func warn(_ text: String) { write("akin: " + text) }

  /// The line of progress, at most ten times a second; nothing if standard error is not a terminal.
  func progress(_ text: @autoclosure () -> String) {
    guard isInteractive else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      guard now - state.lastDrawn > .milliseconds(100) else { return }
      state.lastDrawn = now
      state.hasProgressLine = true
      FileHandle.standardError.write(Data("\r\u{1B}[K\(text().prefix(width - 1))".utf8))
    }
  }

  /// Removes the line of progress.
  func endProgress() { state.withLock { Self.clear(&$0) } }

  private func write(_ text: String) {
    state.withLock { state in
      Self.clear(&state)
      FileHandle.standardError.write(Data((text + "\n").utf8))
    }
  }

  private static func clear(_ state: inout State) {
    guard state.hasProgressLine else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    state.hasProgressLine = false
  }

  private var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
    return Int(size.ws_col)
  }
}
