/// Reads the frames of ID3v2.2 to 2.4 that hold text or a gain, as files have them rather than as they should be: frames
/// without content, UTF-16 without its mark, sizes that iTunes wrote without their seventh bits, several values with
/// zeros between them in any version. Both TagLib and FFmpeg lose values there (docs/decisions/tags.md).
///
/// Sources: https://id3.org/id3v2.3.0, https://id3.org/id3v2.4.0-structure
package struct ID3v2Reader {
  /// The bytes of the file from an offset on; fewer at its end.
  private let read: (_ offset: Int, _ count: Int) -> [UInt8]

  /// The most bytes that are read of a tag that has to be in memory as a whole, and of a frame.
  private static let largest = (tag: 1 << 24, frame: 1 << 20)
  /// The most tags of a file, and frames of a tag; more are nonsense that takes long to read.
  private static let most = (tags: 8, frames: 10_000)

  /// A reader of a file, whose bytes `read` gives.
  package init(read: @escaping (_ offset: Int, _ count: Int) -> [UInt8]) { self.read = read }

  /// Adds the fields of the tags that begin at an offset; nothing if there are none.
  package func add(from offset: Int = 0, to fields: inout TagFields) {
    var offset = offset
    for _ in 0..<Self.most.tags {
      guard let tag = Tag(read(offset, Tag.headerSize)) else { return }
      let content = offset + Tag.headerSize
      if tag.isUnsynchronised && tag.version < 4 {
        let bytes = Self.synchronised(read(content, min(tag.size, Self.largest.tag)))
        add(tag, size: bytes.count, to: &fields) { Array(bytes[min($0, bytes.count)..<min($0 + $1, bytes.count)]) }
      } else {
        add(tag, size: tag.size, to: &fields) { read(content + $0, $1) }
      }
      offset = content + tag.size + (tag.hasFooter ? Tag.headerSize : 0)
    }
  }

  /// The frames of a tag, whose content after the header `read` gives.
  private func add(
    _ tag: Tag, size: Int, to fields: inout TagFields, read: (_ offset: Int, _ count: Int) -> [UInt8]
  ) {
    var offset = tag.hasExtendedHeader ? Self.extendedHeaderSize(tag, read(0, 4)) : 0
    let headerSize = Frame.headerSize(tag.version)
    for _ in 0..<Self.most.frames where offset + headerSize <= size {
      guard let frame = Frame(read(offset, headerSize), version: tag.version) else { return }
      let content = offset + headerSize
      let size = frame.size(rest: size - content) { Frame(read(content + $0, headerSize), version: tag.version) != nil }
      if frame.isRead && size <= Self.largest.frame {
        frame.add(read(content, size), of: tag, to: &fields)
      }
      offset = content + size
    }
  }

  private static func extendedHeaderSize(_ tag: Tag, _ bytes: [UInt8]) -> Int {
    guard bytes.count == 4 else { return 0 }
    // Version 4 counts the size itself, version 3 does not.
    return tag.version >= 4 ? synchsafe(bytes[...]) : 4 + bigEndian(bytes[...])
  }

  fileprivate static func bigEndian(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
  fileprivate static func synchsafe(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 7 | Int($1 & 0x7F) } }

  /// Without the zeros that keep the content from looking like the beginning of a frame of sound.
  fileprivate static func synchronised(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for (index, byte) in bytes.enumerated() where !(byte == 0 && index > 0 && bytes[index - 1] == 0xFF) {
      result.append(byte)
    }
    return result
  }
}

/// The header of a tag.
private struct Tag {
  static let headerSize = 10
  let version: Int
  /// The bytes behind the header.
  let size: Int
  private let flags: UInt8

  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.headerSize, bytes.starts(with: "ID3".utf8), (2...4).contains(bytes[3]),
      bytes[6...].allSatisfy({ $0 < 0x80 })
    else { return nil }
    version = Int(bytes[3])
    flags = bytes[5]
    size = ID3v2Reader.synchsafe(bytes[6...])
  }

  var kind: String { "ID3v2.\(version)" }
  var isUnsynchronised: Bool { flags & 0x80 != 0 }
  var hasExtendedHeader: Bool { version > 2 && flags & 0x40 != 0 }
  var hasFooter: Bool { version == 4 && flags & 0x10 != 0 }
}

/// The header of a frame, and what its content means.
private struct Frame {
  private let identifier: String
  private let sizes: (stated: Int, plain: Int)
  private let version: Int
  private let flags: UInt8

  static func headerSize(_ version: Int) -> Int { version == 2 ? 6 : 10 }

  /// Nil if the bytes are no header, such as those behind the last frame.
  init?(_ bytes: [UInt8], version: Int) {
    let length = version == 2 ? 3 : 4
    guard bytes.count == Self.headerSize(version),
      bytes[..<length].allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) })
    else { return nil }
    identifier = String(decoding: bytes[..<length], as: UTF8.self)
    let size = bytes[length..<2 * length]
    let plain = ID3v2Reader.bigEndian(size)
    sizes = (version == 4 ? ID3v2Reader.synchsafe(size) : plain, plain)
    flags = version == 2 ? 0 : bytes[9]
    self.version = version
  }

  /// The size of the content. iTunes wrote plain numbers in version 4: whatever leads to another frame, or to the end,
  /// is right.
  func size(rest: Int, isFollowed: (_ size: Int) -> Bool) -> Int {
    guard sizes.stated != sizes.plain, sizes.plain <= rest else { return sizes.stated }
    return !isFollowed(sizes.stated) && (sizes.plain == rest || isFollowed(sizes.plain)) ? sizes.plain : sizes.stated
  }

  var isRead: Bool { identifier.first == "T" || ["UFID", "UFI", "RVA2"].contains(identifier) }

  /// The fields of frames, by their names in TagLib; https://id3.org/id3v2.4.0-frames
  private static let names = [
    "TIT2": "TITLE", "TT2": "TITLE", "TPE1": "ARTIST", "TP1": "ARTIST", "TPE2": "ALBUMARTIST", "TP2": "ALBUMARTIST",
    "TALB": "ALBUM", "TAL": "ALBUM", "TCON": "GENRE", "TCO": "GENRE", "TCOM": "COMPOSER", "TCM": "COMPOSER",
    "TDRC": "DATE", "TYER": "DATE", "TYE": "DATE", "TDAT": "DAYMONTH", "TDA": "DAYMONTH", "TDRL": "RELEASEDATE",
    "TDOR": "ORIGINALDATE",
    "TORY": "ORIGINALDATE", "TOR": "ORIGINALDATE", "TRCK": "TRACKNUMBER", "TRK": "TRACKNUMBER",
    "TPOS": "DISCNUMBER", "TPA": "DISCNUMBER", "TCMP": "COMPILATION", "TCP": "COMPILATION", "TSRC": "ISRC",
    "TRC": "ISRC",
  ]

  /// Adds what the content says.
  func add(_ content: [UInt8], of tag: Tag, to fields: inout TagFields) {
    guard let content = unwrapped(content, of: tag) else { return }
    if identifier == "RVA2" { return addGain(content, of: tag, to: &fields) }
    if identifier.hasPrefix("UFI") {
      let parts = content.split(separator: 0, maxSplits: 1)
      guard parts.count == 2, parts[0].elementsEqual("http://musicbrainz.org".utf8) else { return }
      return fields.add(String(decoding: parts[1], as: UTF8.self), to: "MUSICBRAINZTRACKID", kind: tag.kind)
    }
    guard let encoding = content.first else { return }
    var values = ID3v2Text.values(content.dropFirst(), encoding: encoding)
    guard let name = identifier.hasPrefix("TXX") ? values.first : Self.names[identifier] else { return }
    if identifier.hasPrefix("TXX") { values.removeFirst() }
    // What old taggers declared as Latin-1 is as often their system's code page.
    for value in values { fields.add(value, to: name, kind: tag.kind, isDeclared: encoding != 0) }
  }

  /// RVA2: what the gain is for, a zero, and for each channel its kind, 512ths of a dB in 16 bits, and the peak, whose
  /// number of bits stands before it, and whose highest bit is full scale. Taggers write ReplayGain as the master volume
  /// (1) of "track" and "album".
  private func addGain(_ content: ArraySlice<UInt8>, of tag: Tag, to fields: inout TagFields) {
    let parts = content.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let purpose = String(decoding: parts[0], as: UTF8.self).uppercased()
    guard parts.count == 2, purpose == "TRACK" || purpose == "ALBUM" else { return }
    var rest = Array(parts[1])[...]
    while rest.count >= 4 {
      let channel = Array(rest.prefix(4))
      let (bits, bytes) = (Int(channel[3]), rest.dropFirst(4).prefix((Int(channel[3]) + 7) / 8))
      rest = rest.dropFirst(4 + (bits + 7) / 8)
      guard channel[0] == 1 else { continue }
      let gain = Int16(truncatingIfNeeded: ID3v2Reader.bigEndian(channel[1...2]))
      fields.add("\(Double(gain) / 512)", to: "RVA2\(purpose)GAIN", kind: tag.kind)
      let peak = bytes.reduce(0.0) { $0 * 256 + Double($1) }
      guard peak > 0, bytes.count == (bits + 7) / 8 else { return }
      return fields.add(
        "\(peak / Double(sign: .plus, exponent: bits - 1, significand: 1))", to: "RVA2\(purpose)PEAK", kind: tag.kind)
    }
  }

  /// The content without what is put before it; nil if it is compressed or encrypted.
  private func unwrapped(_ content: [UInt8], of tag: Tag) -> ArraySlice<UInt8>? {
    var content = content[...]
    if version == 3 {
      guard flags & 0xC0 == 0 else { return nil }
      return content.dropFirst(flags & 0x20 != 0 ? 1 : 0)
    }
    guard version == 4 else { return content }
    guard flags & 0x0C == 0 else { return nil }
    content = content.dropFirst((flags & 0x40 != 0 ? 1 : 0) + (flags & 0x01 != 0 ? 4 : 0))
    return flags & 0x02 != 0 ? ID3v2Reader.synchronised(Array(content))[...] : content
  }
}

/// Text as frames have it.
private enum ID3v2Text {
  /// The values, which zeros separate.
  static func values(_ bytes: ArraySlice<UInt8>, encoding: UInt8) -> [String] {
    switch encoding {
    case 1, 2: return wideValues(bytes, isBigEndian: encoding == 2)
    default:
      return bytes.split(separator: 0, omittingEmptySubsequences: false).map { part in
        // Version 2.4's UTF-8; what is none is Latin-1, which old taggers wrote.
        (encoding == 3 ? String(validating: part, as: UTF8.self) : nil)
          ?? String(String.UnicodeScalarView(part.map { Unicode.Scalar($0) }))
      }
    }
  }

  private static func wideValues(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) -> [String] {
    let bytes = Array(bytes)
    var isBigEndian = isBigEndian || looksBigEndian(bytes)
    let units = stride(from: 0, to: bytes.count - 1, by: 2).map { (bytes[$0], bytes[$0 + 1]) }
    return units.split(omittingEmptySubsequences: false) { $0 == (0, 0) }.map { part in
      var part = part
      if let first = part.first, first == (0xFE, 0xFF) || first == (0xFF, 0xFE) {
        isBigEndian = first.0 == 0xFE
        part = part.dropFirst()
      }
      let words = part.map { isBigEndian ? UInt16($0.0) << 8 | UInt16($0.1) : UInt16($0.1) << 8 | UInt16($0.0) }
      return String(decoding: words, as: UTF16.self)
    }
  }

  /// Whether text without a mark has its zeros where big-endian Latin letters have them.
  private static func looksBigEndian(_ bytes: [UInt8]) -> Bool {
    let zeros = bytes.indices.reduce(into: (even: 0, odd: 0)) { zeros, index in
      if bytes[index] == 0 { if index % 2 == 0 { zeros.even += 1 } else { zeros.odd += 1 } }
    }
    return zeros.even > zeros.odd
  }
}
