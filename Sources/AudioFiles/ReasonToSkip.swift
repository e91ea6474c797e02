import AudioDecoding

extension Error {
  /// Why an audio file is left out, for a line that already names the file.
  package var reasonToSkip: String {
    (self as? AudioDecodingError).map { "\($0.reason). \($0.remedy)" } ?? "\(self)"
  }
}
