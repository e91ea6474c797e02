/// What can go wrong in this module: an impossible configuration, or an array file that cannot be used.
public enum AudioFeatureError: Error, Hashable, Sendable {
  /// A field of a configuration is outside its range.
  case invalidConfiguration(field: String, value: String, requirement: String)

  /// FFmpeg has no transform of this size, or no memory for it; `code` is FFmpeg's error code.
  case transformUnavailable(fftSize: Int, code: Int32)

  /// The bytes are not a NumPy array, or not one that this module reads.
  case malformedArray(reason: String)

  /// The file could not be read or written; `reason` is in the system's words.
  case fileFailed(path: String, reason: String)
}

extension AudioFeatureError: CustomStringConvertible {
  /// What failed, where, and what to do.
  public var description: String {
    switch self {
    case .invalidConfiguration(let field, let value, let requirement):
      "\(field) is \(value) but must be \(requirement)."
    case .transformUnavailable(let fftSize, let code):
      "FFmpeg offers no Fourier transform of \(fftSize) samples (code \(code)); use a power of two, such as 2048."
    case .malformedArray(let reason):
      "Not a NumPy array (.npy) that can be read: \(reason)."
    case .fileFailed(let path, let reason):
      "\(path): \(reason)"
    }
  }
}

/// Throws ``AudioFeatureError/invalidConfiguration(field:value:requirement:)`` unless the condition holds.
func require(
  _ condition: Bool, _ field: String, _ value: some CustomStringConvertible, _ requirement: @autoclosure () -> String
) throws(AudioFeatureError) {
  guard condition else {
    throw .invalidConfiguration(field: field, value: value.description, requirement: requirement())
  }
}
