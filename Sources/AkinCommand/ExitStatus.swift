import ArgumentParser

/// The exit statuses that commands throw once they have said why.
///
/// The others come by themselves: 0 (done), 1 (failed: any other error) and 64 (wrong usage: a `ValidationError`).
extension ExitCode {
  /// Done in part: some inputs were skipped, each named with its reason. Also a check that found something wrong.
  static let doneInPart = ExitCode(2)

  /// Interrupted by Ctrl-C or SIGTERM: 128 and the number of SIGINT, as shells have it.
  static let interrupted = ExitCode(130)
}
