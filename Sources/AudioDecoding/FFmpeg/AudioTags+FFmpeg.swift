import CFFmpeg

extension TagFields {
  /// Adds FFmpeg's dictionaries; the earlier ones have precedence.
  ///
  /// FFmpeg gives the keys of all formats the same names (WMA's `WM/AlbumTitle` becomes `album`), but keeps one value of
  /// several, or makes them one text (docs/decisions/tags.md).
  mutating func add(_ dictionaries: [OpaquePointer?]) {
    for (index, dictionary) in dictionaries.enumerated() {
      var entry: UnsafeMutablePointer<AVDictionaryEntry>?
      while let next = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX) {
        entry = next
        guard let key = next.pointee.key, let value = next.pointee.value else { continue }
        let text = String(validatingCString: value)
        add(
          text ?? Self.latin1(value), to: String(cString: key), kind: "FFmpeg \(index)", isDeclared: text != nil)
      }
    }
  }

  /// Text that is not UTF-8, as old taggers wrote it.
  private static func latin1(_ bytes: UnsafePointer<CChar>) -> String {
    String(
      String.UnicodeScalarView(
        sequence(first: bytes) { $0 + 1 }.lazy
          .prefix { $0.pointee != 0 }.map { Unicode.Scalar(UInt8(bitPattern: $0.pointee)) }))
  }
}

extension AudioTags {
  /// The tags by FFmpeg's names, for a file that is written.
  var entries: [(key: String, value: String)] {
    let all = [
      ("title", title), ("artist", artist), ("album", album), ("album_artist", albumArtist), ("genre", genre),
      ("date", date), ("track", track.map(String.init)),
    ]
    return all.compactMap { key, value in value.map { (key, $0) } }
  }
}
