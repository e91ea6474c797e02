#if canImport(Darwin)
  @preconcurrency import Darwin
#else
  @preconcurrency import Glibc
#endif

/// Standard output, where results go.
enum StandardOutput {
  /// Why results did not arrive.
  struct WriteError: Error, CustomStringConvertible {
    let description: String
  }

  /// Writes what is still buffered: a result on a full disk is not a result. More than the buffer holds was written before,
  /// and may have failed then.
  static func finish() throws(WriteError) {
    guard fflush(nil) == 0 else {
      throw WriteError(description: "standard output cannot be written: \(String(cString: strerror(errno)))")
    }
    guard ferror(stdout) == 0 else {
      throw WriteError(description: "standard output cannot be written: it took only a part")
    }
  }
}
