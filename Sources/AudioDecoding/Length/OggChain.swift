/// Finds the links of a chained Ogg file: complete songs one after another, as in `cat a.ogg b.ogg` and in recordings of
/// radio streams. FFmpeg reads them in a row, but knows neither their length nor where to seek, since time stamps begin
/// anew with each.
struct OggChain {
  private let source: FileSource

  /// The bytes of a page's header before the sizes of its segments.
  private static let headerBytes = 27

  /// A page's header. Source: RFC 3533, section 6.
  private struct Page {
    var offset: Int
    /// The bytes of the page with its header.
    var byteCount: Int
    var beginsStream: Bool
    var endsStream: Bool
    /// Of the last sample that ends in the page; nil if none does.
    var position: Int?
    var serial: Int
  }

  /// A song that is complete in itself.
  struct Link {
    var range: Range<Int>
    /// Whether its last page says that it is the last.
    var isEnded: Bool
  }

  /// All links; nil if the file is no Ogg file, or not chained.
  static func links(in source: FileSource) -> [Link]? {
    let chain = OggChain(source: source)
    guard let first = chain.page(at: 0), first.beginsStream, chain.mayBeChained(first) else { return nil }
    let links = chain.scan()
    return links.count > 1 ? links : nil
  }

  /// How far a beginning is looked for.
  private static let farthest = 1 << 24

  /// Where the first link begins that begins in the file, if it was cut out of the middle of a stream or lies behind
  /// something else; nil if there is none in the first 16 MiB.
  static func beginning(in source: FileSource) -> Int? {
    let chain = OggChain(source: source)
    var offset = 0
    while let page = chain.page(from: offset, within: farthest - offset) {
      if page.beginsStream { return page.offset }
      offset = page.offset + headerBytes
      guard offset < farthest else { return nil }
    }
    return nil
  }

  /// Whether the song begins before the time 0, which FFmpeg leaves out of the length.
  static func beginsBelowZero(in source: FileSource) -> Bool {
    let chain = OggChain(source: source)
    var offset = 0
    for _ in 0..<16 {
      guard let page = chain.page(at: offset) else { return false }
      if let position = page.position, position < 0 { return true }
      if let position = page.position, position > 0 { return false }
      offset += page.byteCount
    }
    return false
  }

  private func page(at offset: Int) -> Page? {
    let head = source.bytes(at: offset, count: Self.headerBytes + 255)
    return page(head[...], at: offset)
  }

  private func page(_ head: ArraySlice<UInt8>, at offset: Int) -> Page? {
    let start = head.startIndex
    guard head.count >= Self.headerBytes, head.starts(with: "OggS".utf8), head[start + 4] == 0 else { return nil }
    let segments = Int(head[start + 26])
    guard head.count >= Self.headerBytes + segments else { return nil }
    let body = head[(start + Self.headerBytes)...].prefix(segments).reduce(0) { $0 + Int($1) }
    let position = Int(little: head[start + 6..<start + 14])
    return Page(
      offset: offset, byteCount: Self.headerBytes + segments + body, beginsStream: head[start + 5] & 2 != 0,
      endsStream: head[start + 5] & 4 != 0,
      position: position == -1 ? nil : position, serial: Int(little: head[start + 14..<start + 18]))
  }

  /// No page is larger, in bytes.
  private static let largestPage = 1 << 17

  /// The first page that begins at or after an offset, and about so many bytes later at most; nil if there is none.
  private func page(from offset: Int, within limit: Int = .max) -> Page? {
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
      count = min(count * 4, Self.largestPage)
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

  /// Whether some pages show that there is more than one link: they belong to another stream than those that begin the
  /// file, or are earlier in the song than the page before.
  ///
  /// The places are close together at the beginning: at an even bit rate, a page in another link is then earlier than
  /// the page before it, however short the first link is.
  private func mayBeChained(_ first: Page) -> Bool {
    var serials: Set<Int> = []
    var offset = 0
    while let page = page(at: offset), page.beginsStream, serials.count < 64 {
      serials.insert(page.serial)
      offset += page.byteCount
    }
    var latest: [Int: Int] = [:]
    func isStrange(_ page: Page) -> Bool {
      guard serials.contains(page.serial), !page.beginsStream else { return true }
      guard let position = page.position, position > 0 else { return false }
      defer { latest[page.serial] = position }
      return position < latest[page.serial] ?? 0
    }
    var place = Double(offset)
    var step = 1 << 13
    while place < Double(source.byteCount) {
      if let page = page(from: Int(place), within: Self.largestPage), isStrange(page) { return true }
      place += Double(step)
      step = min(step * 3 / 2, max(1 << 13, source.byteCount / 16))
    }
    guard let last = lastPage() else { return false }
    return isStrange(last)
  }

  private func lastPage() -> Page? {
    let begin = max(0, source.byteCount - 1 << 16)
    let bytes = source.bytes(at: begin, count: 1 << 16)
    let places = bytes.indices.dropLast(26).reversed()
    return places.lazy.filter { bytes[$0] == 0x4F }.compactMap { page(bytes[$0...], at: begin + $0) }.first
  }

  /// The page that follows another. Between links there may be junk, such as tags, and a page that is broken off is
  /// followed by the next link earlier than where its header says that it ends.
  private func page(after page: Page) -> Page? {
    let end = page.offset + page.byteCount
    guard end != source.byteCount else { return nil }
    return self.page(at: end) ?? self.page(from: page.offset + Self.headerBytes)
  }

  /// Goes from page to page.
  private func scan() -> [Link] {
    var links: [Link] = []
    var (serials, isAfterSound): (Set<Int>, Bool) = ([], true)
    var next = page(from: 0)
    while let page = next {
      if page.beginsStream {
        if isAfterSound || serials.contains(page.serial) {
          if let last = links.indices.last { links[last].range = links[last].range.lowerBound..<page.offset }
          links.append(Link(range: page.offset..<source.byteCount, isEnded: false))
          serials = []
        }
        serials.insert(page.serial)
      }
      isAfterSound = !page.beginsStream
      if let last = links.indices.last { links[last].isEnded = page.endsStream }
      next = self.page(after: page)
    }
    return links
  }
}
