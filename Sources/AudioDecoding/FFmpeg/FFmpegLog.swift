import CFFmpeg
import Foundation

/// Keeps FFmpeg's log lines off standard error, and remembers the last ones of each thread for error messages.
enum FFmpegLog {
  /// The lines of one call on one thread.
  private final class Lines {
    var last: [String] = []

    func append(_ line: String) {
      guard !line.isEmpty, last.last != line else { return }
      if last.count == 2 { last.removeFirst() }
      last.append(line)
    }
  }

  /// The key under which a thread keeps its `Lines` while it is inside `collecting`.
  private static let threadKey: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    av_log_set_callback { source, level, format, arguments in
      guard level <= AV_LOG_ERROR, let format, let arguments, let lines = current else { return }
      var prefixWanted: Int32 = 0
      lines.append(
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
          buffer.initialize(repeating: 0)
          av_log_format_line2(
            source, level, format, arguments, buffer.baseAddress, Int32(buffer.count), &prefixWanted)
          let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
          return text.trimmingCharacters(in: .whitespacesAndNewlines)
        })
    }
    return key
  }()

  private static var current: Lines? {
    pthread_getspecific(threadKey).map { Unmanaged<Lines>.fromOpaque($0).takeUnretainedValue() }
  }

  /// What FFmpeg logged as errors on this thread since the last call; nil for nothing.
  static func takeLastWords() -> String? {
    guard let lines = current, !lines.last.isEmpty else { return nil }
    defer { lines.last = [] }
    return lines.last.joined(separator: "; ")
  }

  /// Runs `body` while collecting what FFmpeg logs on this thread; may be nested.
  static func collecting<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    let outer = pthread_getspecific(threadKey)
    let lines = Lines()
    return try withExtendedLifetime(lines) { () throws(Failure) -> Result in
      pthread_setspecific(threadKey, Unmanaged.passUnretained(lines).toOpaque())
      defer { pthread_setspecific(threadKey, outer) }
      return try body()
    }
  }
}
