/// The pages of an Ogg file, read one by one without their content. Source: RFC 3533, section 6.
struct OggPages {
  let source: FileSource

  /// The bytes of a page's header before the sizes of its segments.
  private static let headerBytes = 27
  /// No page is larger, in bytes.
  static let largest = 1 << 17

  /// More pages than this, of an hour of music in the smallest that anybody writes, are not gone through.
  static let most = 1 << 18

  /// A page's header.
  struct Page {
    var offset: Int
    /// Where its content begins.
    var content: Int
    /// The bytes of the page with its header.
    var byteCount: Int
    var beginsStream: Bool
    var endsStream: Bool
    /// Of the last sample that ends in the page; nil if none does.
    var position: Int?
    var serial: Int
    /// The number of the page in its stream.
    var number: Int
    /// How many packets end in the page.
    var packetCount: Int
    var checksum: UInt32

    var end: Int { offset + byteCount }
  }

  /// The page that begins at an offset; nil if none does.
  func page(at offset: Int) -> Page? {
    let head = source.bytes(at: offset, count: Self.headerBytes + 255)
    return page(head[...], at: offset)
  }

  private func page(_ head: ArraySlice<UInt8>, at offset: Int) -> Page? {
    let start = head.startIndex
    guard head.count >= Self.headerBytes, head.starts(with: "OggS".utf8), head[start + 4] == 0 else { return nil }
    let count = Int(head[start + 26])
    guard head.count >= Self.headerBytes + count else { return nil }
    let segments = head[(start + Self.headerBytes)...].prefix(count)
    let position = Int(little: head[start + 6..<start + 14])
    return Page(
      offset: offset, content: offset + Self.headerBytes + count,
      byteCount: Self.headerBytes + count + segments.reduce(0) { $0 + Int($1) },
      beginsStream: head[start + 5] & 2 != 0, endsStream: head[start + 5] & 4 != 0,
      position: position == -1 ? nil : position, serial: Int(little: head[start + 14..<start + 18]),
      number: Int(little: head[start + 18..<start + 22]), packetCount: segments.count { $0 < 255 },
      checksum: UInt32(truncatingIfNeeded: Int(little: head[start + 22..<start + 26])))
  }

  /// The first page that begins at or after an offset, and about so many bytes later at most; nil if there is none.
  func page(from offset: Int, within limit: Int = .max) -> Page? {
    var (offset, count) = (offset, 1 << 13)
    let end = offset + min(limit, source.byteCount)
    while offset < end {
      let bytes = source.bytes(at: offset, count: count)
      for place in Self.marks(in: bytes) {
        if let page = page(at: offset + place) { return page }
      }
      guard bytes.count == count else { return nil }
      // A mark may lie across the end.
      offset += count - 3
      count = min(count * 4, Self.largest)
    }
    return nil
  }

  /// Where pages may begin.
  private static func marks(in bytes: [UInt8]) -> [Int] {
    let mark = "OggS".utf8.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return bytes.withUnsafeBufferPointer { bytes in
      var (found, word): ([Int], UInt32) = ([], 0)
      for (place, byte) in bytes.enumerated() {
        word = word << 8 | UInt32(byte)
        if word == mark && place > 2 { found.append(place - 3) }
      }
      return found
    }
  }

  /// The page that follows another. Between links there may be junk, such as tags, and a page that is broken off, even
  /// in its header, is followed by the next link earlier than where it says that it ends.
  func page(after page: Page) -> Page? {
    guard page.end != source.byteCount else { return nil }
    return self.page(at: page.end) ?? self.page(from: page.offset + 4)
  }

  /// The last page that has a whole header; nil if there is none in the last 64 KiB.
  func lastPage() -> Page? {
    let begin = max(0, source.byteCount - 1 << 16)
    let bytes = source.bytes(at: begin, count: 1 << 16)
    let places = bytes.indices.dropLast(26).reversed()
    return places.lazy.filter { bytes[$0] == 0x4F }.compactMap { page(bytes[$0...], at: begin + $0) }.first
  }
}

/// What the first packet of a stream in Ogg says of it.
struct OggCodec {
  /// The positions of pages count so many samples a second.
  let rate: Int
  /// How many packets come before the sound.
  let headerCount: Int
  /// How many samples of each channel the stream promises; nil if it does not say.
  var sampleCount: Int?

  /// Sources: Vorbis I, section 4.2.2; RFC 7845, sections 4 and 5.1; RFC 9639, section 10.1; the Speex manual.
  init?(_ packet: [UInt8]) {
    func begins(_ text: String, at place: Int = 0) -> Bool { packet.dropFirst(place).starts(with: text.utf8) }
    if packet.count >= 16, packet[0] == 1, begins("vorbis", at: 1) {
      (rate, headerCount) = (Int(little: packet[12..<16]), 3)
    } else if begins("OpusHead") {
      (rate, headerCount) = (48_000, 2)
    } else if packet.count >= 51, packet[0] == 0x7F, begins("FLAC", at: 1), begins("fLaC", at: 9) {
      rate = Int(big: packet[27..<30]) >> 4
      headerCount = 1 + Int(big: packet[7..<9])
      let count = Int(big: packet[30..<35]) & 0xF_FFFF_FFFF
      sampleCount = count > 0 ? count : nil
    } else if packet.count >= 72, begins("Speex   ") {
      (rate, headerCount) = (Int(little: packet[36..<40]), 2 + Int(little: packet[68..<72]))
    } else {
      return nil
    }
    guard Demuxer.plausibleSampleRates.contains(rate) else { return nil }
  }
}
