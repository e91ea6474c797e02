import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The progress bar: one line of standard error that is drawn over itself. Nothing is drawn unless that is a terminal.
final class ProgressLine: Sendable {
  private struct State {
    var isDrawn = false
    var lastDrawn = ContinuousClock.now - .seconds(1)
  }

  private let isShown: Bool
  private let state = Mutex(State())

  /// - Parameter isQuiet: whether it is never drawn.
  init(isQuiet: Bool) { isShown = !isQuiet && isatty(STDERR_FILENO) == 1 }

  /// Draws the line, at most ten times a second.
  func draw(_ text: () -> String) {
    guard isShown else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      guard now - state.lastDrawn > .milliseconds(100) else { return }
      state.lastDrawn = now
      state.isDrawn = true
      StandardError.write("\r\u{1B}[K\(visible(text()).prefix(width - 1))")
    }
  }

  /// Removes the line, and writes what takes its place.
  func replace(by text: String = "") {
    state.withLock { state in
      if state.isDrawn { StandardError.write("\r\u{1B}[K") }
      state.isDrawn = false
      if !text.isEmpty { StandardError.write(text) }
    }
  }

  private var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
    return Int(size.ws_col)
  }
}
