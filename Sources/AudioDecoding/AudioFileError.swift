import Foundation

/// Why an audio file could not be read or written: which file, which way it failed, the reason and the remedy.
///
/// See ``AudioDecodingError`` and ``AudioEncodingError``.
public struct AudioFileError<Failure: AudioFileFailure>: Error, Sendable, Hashable, CustomStringConvertible {
  /// The different ways to fail.
  public typealias Kind = Failure

  /// The file.
  public let path: String
  /// Which way it failed.
  public let kind: Kind
  /// What is wrong, in FFmpeg's or the system's own words if there are any.
  public let reason: String

  /// Creates an error.
  public init(path: String, kind: Kind, reason: String) {
    self.path = path
    self.kind = kind
    self.reason = reason
  }

  /// What the user can do.
  public var remedy: String { kind.remedy }

  /// The file, the reason and the remedy in one line.
  public var description: String { "\(path): \(reason). \(remedy)" }
}

extension AudioFileError: LocalizedError {
  /// The file and the reason.
  public var errorDescription: String? { "\(path): \(reason)" }
  /// The reason.
  public var failureReason: String? { reason }
  /// The remedy.
  public var recoverySuggestion: String? { remedy }
}

/// A way in which reading or writing an audio file can fail.
public protocol AudioFileFailure: Hashable, Sendable {
  /// What the user can do, as one or more sentences.
  var remedy: String { get }
}
