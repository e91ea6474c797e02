import ArgumentParser

#if canImport(Darwin)
  @preconcurrency import Darwin
#else
  @preconcurrency import Glibc
#endif

/// A password or a key on standard input: its first line, which a terminal does not show.
enum SecretInput {
  /// - Parameter name: What it is, such as "password".
  static func read(_ name: String) throws -> String {
    let isTerminal = isatty(STDIN_FILENO) == 1
    var before = termios()
    if isTerminal {
      StandardError.write(name.prefix(1).uppercased() + name.dropFirst() + ": ")
      tcgetattr(STDIN_FILENO, &before)
      var silent = before
      silent.c_lflag &= ~tcflag_t(ECHO)
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    }
    defer {
      if isTerminal {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
        StandardError.write("\n")
      }
    }
    guard let line = readLine(), !line.isEmpty else {
      throw ValidationError("No \(name) came on standard input.")
    }
    return line
  }
}
