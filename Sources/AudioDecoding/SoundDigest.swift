import Tags

/// What tells that two files hold the same sound, bit for bit as it is encoded: a digest of the codec, of where the
/// middle lies, and of the packets there.
///
/// Tags, pictures and the order of a container's parts do not count; neither does the model that listens. Nothing is
/// decoded for it.
public struct SoundDigest: Sendable, Hashable {
  /// The version of how it is made, "-", and 128 bits in hexadecimal.
  public let rawValue: String

  /// Digests of other versions cannot be compared with those that are made now.
  public static let versionPrefix = "1-"

  /// Packets are digested in whole seconds within the middle 30 s, all of which an indexing reads anyway.
  static let middleSeconds = 30.0

  init(bytes: [UInt8]) {
    rawValue =
      Self.versionPrefix
      + bytes.map { byte in
        let text = String(byte, radix: 16)
        return byte < 16 ? "0" + text : text
      }.joined()
  }

  /// The seconds of a song whose packets are digested, counted from its first packet: 28 whole ones within the middle
  /// 30 s of a longer song, or the whole ones of a shorter one. So a length that one reading rounds in another way than
  /// another seldom leads to other packets.
  static func region(duration: Double) -> Range<Int> {
    guard duration.isFinite, duration < 1e9 else { return 0..<Int.max }
    let begin = max(0, (duration - middleSeconds) / 2).rounded(.up)
    let end = min(begin + middleSeconds - 2, duration.rounded(.down))
    return end < 2 ? 0..<Int.max : Int(begin)..<Int(end)
  }

  /// The same for a song in a file of this length, counted from the file's first packet; of a song that is shorter than two
  /// seconds, those that it touches.
  static func region(of bounds: SongBounds, duration: Double) -> Range<Int> {
    guard duration.isFinite, duration < 1e9, bounds.start < duration else { return 0..<Int.max }
    let length = bounds.duration(inFileOf: duration) ?? 0
    let begin = (bounds.start + max(0, (length - middleSeconds) / 2)).rounded(.up)
    let end = min(begin + middleSeconds - 2, (bounds.start + length).rounded(.down))
    guard end - begin < 2 else { return Int(begin)..<Int(end) }
    return Int(bounds.start)..<Int((bounds.start + length).rounded(.up))
  }
}

extension AudioDecoder {
  /// What is known of a file, as ``info(ofFile:)`` has it, and the digest of its sound, or of a song in it; nil if it has
  /// none, as a chain of several songs. Seeks to the middle and reads the packets there without decoding them.
  /// - Throws: `AudioDecodingError`.
  public static func soundDigest(
    ofFile path: String, of bounds: SongBounds? = nil
  ) throws(AudioDecodingError) -> (info: AudioFileInfo, digest: SoundDigest?) {
    try FFmpegLog.collecting { () throws(AudioDecodingError) in
      let demuxer = try Demuxer(path: path)
      let sound = try Sound(demuxer)
      var info = AudioFileInfo(demuxer, sound)
      if let bounds { info.duration = bounds.duration(inFileOf: info.duration) }
      guard let packets = PacketDigest(sound, demuxer, of: bounds) else { return (info, nil) }
      try packets.read(demuxer, maySeek: sound.links[0].length.isEven)
      return (info, packets.digest)
    }
  }
}
