/// Standard error: notes, warnings, and the progress bar. Each note is one line, whatever names it has in it.
final class Terminal: Sendable {
  private let isQuiet: Bool
  private let progressLine: ProgressLine

  /// - Parameter isQuiet: whether only warnings are written.
  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    progressLine = ProgressLine(isQuiet: isQuiet)
  }

  /// A line that explains; left out if `--quiet` is given.
  func note(_ text: String) {
    if !isQuiet { progressLine.replace(by: visible(shortened(text)) + "\n") }
  }

  /// A line that must be read.
  func warn(_ text: String) { progressLine.replace(by: "akin: \(visible(shortened(text)))\n") }

  /// The progress bar: see ``ProgressLine``.
  func progress(_ text: @autoclosure () -> String) { progressLine.draw(text) }

  /// Removes the progress bar.
  func endProgress() { progressLine.replace() }
}
