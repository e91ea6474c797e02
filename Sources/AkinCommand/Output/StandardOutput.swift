#if canImport(Darwin)
  @preconcurrency import Darwin
#else
  @preconcurrency import Glibc
#endif

/// Standard output, to which results go.
enum StandardOutput {
  /// Why results did not arrive.
  struct WriteError: Error, CustomStringConvertible {
    let description: String
  }

  /// How many columns a line has; nil if it is no terminal, or one that does not say.
  static var width: Int? {
    var size = winsize()
    guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// Writes a line for people, or several, or JSON: what a terminal would obey is written out.
  static func write(_ text: String, terminator: String = "\n") {
    print(visible(text, keepsLines: true), terminator: terminator)
  }

  /// Writes a file's content as it is, for a pipe or a file; a terminal gets it as `write` does.
  static func writeFile(_ content: String) {
    if isatty(STDOUT_FILENO) == 1 { return write(content, terminator: "") }
    print(content, terminator: "")
  }

  /// Writes what is still buffered, so that a full disk is an error. Output beyond the buffer was written before, and
  /// may have failed then.
  static func finish() throws(WriteError) {
    guard fflush(nil) == 0 else {
      throw WriteError(description: "standard output cannot be written: \(String(cString: strerror(errno)))")
    }
    guard ferror(stdout) == 0 else {
      throw WriteError(description: "standard output cannot be written: it took only a part")
    }
  }
}
