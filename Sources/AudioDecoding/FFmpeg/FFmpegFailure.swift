import CFFmpeg
import Foundation

/// A call into FFmpeg that failed.
struct FFmpegFailure: Error, CustomStringConvertible {
  /// FFmpeg's negative return code.
  let code: Int32
  /// What the call should do, such as "open the decoder".
  let attempt: String

  /// What FFmpeg logged about it, or else its name for the code.
  let words: String

  init(code: Int32, attempt: String) {
    self.code = code
    self.attempt = attempt
    let logged = FFmpegLog.takeLastWords() ?? Self.words(for: code)
    words = logged.trimmingCharacters(in: .whitespacesAndNewlines.union(CharacterSet(charactersIn: ".!")))
  }

  var description: String { "FFmpeg cannot \(attempt): \(words)" }

  /// Whether FFmpeg says that it lacks something, rather than that the file is broken.
  var isLackOfSupport: Bool {
    if [akin_averror_decoder_not_found, akin_averror_patch_welcome, akin_averror(ENOSYS)].contains(code) {
      return true
    }
    let words = words.lowercased()
    return Self.wordsOfLack.contains(where: words.contains)
  }

  /// The last is how FFmpeg 5.1 refuses sound WavPack files of four channels.
  private static let wordsOfLack = [
    "not implemented", "not supported", "unsupported", "not yet supported", "channel mask does not match",
  ]

  /// The version of FFmpeg in use, such as `5.1.9`.
  static let version: String = {
    let full = String(cString: av_version_info())
    return String(full.prefix { $0 != "-" })
  }()

  /// FFmpeg's own words for a return code.
  static func words(for code: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(AV_ERROR_MAX_STRING_SIZE)) { buffer in
      buffer.initialize(repeating: 0)
      av_strerror(code, buffer.baseAddress, buffer.count)
      return String(cString: buffer.baseAddress!)
    }
  }

  /// Returns what an FFmpeg call returned, or throws if that is an error code: the one place that turns codes into
  /// errors.
  @discardableResult
  static func check(_ code: Int32, to attempt: @autoclosure () -> String) throws(FFmpegFailure) -> Int32 {
    guard code < 0 else { return code }
    throw FFmpegFailure(code: code, attempt: attempt())
  }

  /// Returns what an allocating FFmpeg call returned, or throws if that is null.
  static func check<Handle>(allocated handle: Handle?, for purpose: String) throws(FFmpegFailure) -> Handle {
    guard let handle else { throw FFmpegFailure(code: akin_averror(ENOMEM), attempt: "allocate \(purpose)") }
    return handle
  }
}
