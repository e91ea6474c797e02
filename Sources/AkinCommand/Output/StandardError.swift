#if canImport(Darwin)
  @preconcurrency import Darwin
#else
  @preconcurrency import Glibc
#endif

/// Standard error, to which notes, warnings and errors go.
enum StandardError {
  /// Writes a text as it is. What cannot be written is lost: nobody is left to tell, and the work goes on. (Foundation's
  /// handle traps then.)
  static func write(_ text: String) {
    var text = text
    _ = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, stderr) }
  }
}

/// The three streams that every program expects.
enum StandardStreams {
  /// Fills the places of streams that were closed. Files would be opened under their numbers otherwise, and results and
  /// notes be written into them.
  static func fill() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
      // The lowest number that is free is this one. For reading only: results that nobody gets are an error still.
      _ = open("/dev/null", O_RDONLY)
    }
  }
}
