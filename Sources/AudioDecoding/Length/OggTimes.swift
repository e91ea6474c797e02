/// When the sound of an Ogg file begins and ends by the positions of its pages.
///
/// In a recording of a stream they begin late, and after some cuts below zero, which FFmpeg takes for silence, for a
/// longer song, or for nonsense. It is given positions that begin at zero instead.
struct OggTimes {
  private let pages: OggPages
  let codec: OggCodec
  /// Where the first page with sound is.
  private let first: OggPages.Page
  /// The sample with which the sound begins, as far as the packets of the next pages tell how many the first page has.
  private let begin: Int

  /// How many pages are looked at for the headers, and for sound.
  private static let looks = (headers: 256, sound: 6)
  /// No packet lasts longer, in seconds.
  private static let longestPacket = 0.2
  /// The sound of a file begins at most so late, in seconds, unless it was cut out of something longer.
  private static let latestBeginning = 1.0

  /// Looks at the first pages; nil if the file is no Ogg file of one stream of a known codec, or has no sound.
  init?(in source: FileSource) {
    pages = OggPages(source: source)
    guard let head = pages.page(at: 0), head.beginsStream,
      let codec = OggCodec(source.bytes(at: head.content, count: min(OggPages.largest, head.end - head.content)))
    else { return nil }
    self.codec = codec
    var (packets, next, found): (Int, OggPages.Page?, [(page: OggPages.Page, packets: Int)]) = (0, nil, [])
    next = pages.page(at: head.end)
    for _ in 0..<Self.looks.headers {
      guard let page = next, page.serial == head.serial, !page.beginsStream else { break }
      packets += page.packetCount
      if let position = page.position {
        if position != 0 || !found.isEmpty { found.append((page, packets)) }
        packets = 0
      }
      guard found.count < Self.looks.sound else { break }
      next = pages.page(at: page.end)
    }
    guard let first = found.first, let position = first.page.position else { return nil }
    self.first = first.page
    let lengths = zip(found, found.dropFirst()).compactMap { before, page -> Double? in
      guard let begin = before.page.position, let end = page.page.position, page.packets > 0 else { return nil }
      return Double(end &- begin) / Double(page.packets)
    }
    let longest = Self.longestPacket * Double(codec.rate)
    let length = lengths.isEmpty ? longest : min(longest, max(0, OggChain.median(lengths)))
    begin = position &- Int(length * Double(first.packets))
  }

  /// What FFmpeg reads in the place of pages whose positions do not begin at zero; empty if they do, as nearly always.
  func patches() -> [FileSource.Patch] {
    guard let position = first.position, position < 0 || Double(begin) > Self.latestBeginning * Double(codec.rate)
    else {
      return []
    }
    var patches: [FileSource.Patch] = []
    var next: OggPages.Page? = first
    while let page = next, !page.beginsStream, patches.count < OggPages.most {
      if let position = page.position { patches.append(Self.patch(page, position, position &- begin)) }
      next = pages.page(after: page)
    }
    return patches
  }

  /// Another position, and the checksum that goes with it: what changes in it depends on the bits that change only.
  private static func patch(_ page: OggPages.Page, _ old: Int, _ new: Int) -> FileSource.Patch {
    func bytes(_ number: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    var change = bytes(old ^ new, 8).reduce(UInt32(0)) { next($0, $1) }
    for _ in 0..<page.byteCount - 14 { change = Self.next(change, 0) }
    let middle = bytes(page.serial, 4) + bytes(page.number, 4)
    return FileSource.Patch(
      offset: page.offset + 6, bytes: bytes(new, 8) + middle + bytes(Int(page.checksum ^ change), 4))
  }

  /// The remainder by 0x04C11DB7 after one more byte.
  private static func next(_ crc: UInt32, _ byte: UInt8) -> UInt32 {
    table[Int(UInt8(crc >> 24) ^ byte)] ^ crc << 8
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index) << 24) { crc, _ in crc << 1 ^ (crc & 0x8000_0000 != 0 ? 0x04C1_1DB7 : 0) }
  }

  /// Whether the file ends before the page that ends the stream, and before all samples that the stream promises.
  func isBrokenOff() -> Bool {
    guard let promised = codec.sampleCount, let last = pages.lastPage(), let end = last.position else { return false }
    return !(last.endsStream && last.end <= pages.source.byteCount) && end &- begin < promised
  }

  /// How long the sound is by what the stream promises, in seconds; nil if it promises nothing.
  var promised: Double? { codec.sampleCount.map { Double($0) / Double(codec.rate) } }
}
