import Foundation

extension AudioDecodingError {
  /// A file whose content FFmpeg does not recognise as sound: says what it seems to be, by its first and last bytes.
  init(unrecognised path: String) {
    let (head, tail) = Self.ends(of: path)
    func begins(_ text: String) -> Bool { head.starts(with: Array(text.utf8)) }
    if begins("MThd") {
      self.init(path: path, kind: .notAudio, reason: "it is a MIDI file, which has notes and no sound")
    } else if begins("OFR ") || begins("ADIF") {
      let name = begins("OFR ") ? "OptimFROG" : "AAC with an ADIF header"
      self.init(path: path, kind: .unsupportedCodec, reason: "it is \(name), which FFmpeg cannot decode")
    } else if begins("OggS") {
      self.init(
        path: path, kind: .truncated,
        reason: "it is the rest of an Ogg file without its beginning, without which nothing can be played")
    } else if begins("ID3") || begins("APETAGEX") || tail.starts(with: Array("TAG".utf8)) {
      self.init(path: path, kind: .empty, reason: "it holds a tag, and no sound that could be recognised")
    } else {
      self.init(path: path, kind: .notAudio, reason: "its content is in no known audio format")
    }
  }

  /// The first bytes, and the last 128, where ID3v1 lies; nothing if they cannot be read.
  private static func ends(of path: String) -> (head: [UInt8], tail: [UInt8]) {
    guard let file = FileHandle(forReadingAtPath: path) else { return ([], []) }
    func bytes(_ count: Int) -> [UInt8] { ((try? file.read(upToCount: count)) ?? nil).map(Array.init) ?? [] }
    let head = bytes(8)
    let size = (try? file.seekToEnd()) ?? 0
    guard size >= 128, (try? file.seek(toOffset: size - 128)) != nil else { return (head, []) }
    return (head, bytes(128))
  }
}
