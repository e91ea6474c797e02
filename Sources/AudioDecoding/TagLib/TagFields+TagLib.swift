import CTagLib

extension TagFields {
  /// Adds what TagLib reads of a file; nothing if it does not know the format.
  ///
  /// - Parameters:
  ///   - path: the path of a regular file.
  ///   - format: FFmpeg's name of the container.
  ///   - codec: FFmpeg's name of the codec.
  mutating func add(file path: String, format: String, codec: String) {
    withUnsafeMutablePointer(to: &self) { fields in
      _ = akin_read_tags(
        path, format, codec,
        { fields, kind, key, value in
          guard let fields, let kind, let key, let value else { return }
          let name = String(cString: kind)
          fields.assumingMemoryBound(to: TagFields.self).pointee
            .add(String(cString: value), to: String(cString: key), kind: name, isDeclared: name != "ID3v1")
        }, fields)
    }
  }

  /// ID3v1's genre of a number; nil if there is none.
  static func genreName(_ number: Int) -> String? {
    Int32(exactly: number).flatMap(akin_genre_name).map { String(cString: $0) }
  }
}
