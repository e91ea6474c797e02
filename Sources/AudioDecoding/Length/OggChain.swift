/// Finds the links of a chained Ogg file: complete songs one after another, as in `cat a.ogg b.ogg` and in recordings of
/// radio streams. FFmpeg reads them in a row, but knows neither their length nor where to seek, since time stamps begin
/// anew with each.
struct OggChain {
  private let source: FileSource

  /// A page's header. Source: RFC 3533, section 6.
  private struct Page {
    var offset: Int
    /// The bytes of the page with its header.
    var byteCount: Int
    var beginsStream: Bool
    /// Of the last sample that ends in the page; nil if none does.
    var position: Int?
    var serial: Int
  }

  /// The ranges of bytes of all links; nil if the file is no Ogg file, or not chained.
  static func links(in source: FileSource) -> [Range<Int>]? {
    let chain = OggChain(source: source)
    guard let first = chain.page(at: 0), first.beginsStream, chain.mayBeChained(first) else { return nil }
    let links = chain.scan()
    return links.count > 1 ? links : nil
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
    let head = source.bytes(at: offset, count: 27 + 255)
    return page(head[...], at: offset)
  }

  private func page(_ head: ArraySlice<UInt8>, at offset: Int) -> Page? {
    let start = head.startIndex
    guard head.count >= 27, head.starts(with: "OggS".utf8), head[start + 4] == 0 else { return nil }
    let segments = Int(head[start + 26])
    guard head.count >= 27 + segments else { return nil }
    let body = head[(start + 27)..<(start + 27 + segments)].reduce(0) { $0 + Int($1) }
    let position = Int(little: head[start + 6..<start + 14])
    return Page(
      offset: offset, byteCount: 27 + segments + body, beginsStream: head[start + 5] & 2 != 0,
      position: position == -1 ? nil : position, serial: Int(little: head[start + 14..<start + 18]))
  }

  /// The first page that begins at or after an offset; nil if there is none within the size of the largest page.
  private func page(from offset: Int) -> Page? {
    var reach = 1 << 13
    while true {
      let bytes = source.bytes(at: offset, count: reach)
      for place in bytes.indices.dropLast(3) where bytes[place] == 0x4F && bytes[place...].starts(with: "OggS".utf8) {
        if let page = page(at: offset + place) { return page }
      }
      guard reach < 1 << 17, bytes.count == reach else { return nil }
      reach *= 4
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
      if let page = page(from: Int(place)), isStrange(page) { return true }
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

  /// Goes from page to page.
  private func scan() -> [Range<Int>] {
    var begins: [Int] = []
    var (offset, isAfterSound) = (0, true)
    while offset < source.byteCount {
      // Between links there may be junk, such as tags.
      guard let page = page(at: offset) ?? page(from: offset + 1) else { break }
      if page.beginsStream && isAfterSound { begins.append(page.offset) }
      isAfterSound = !page.beginsStream
      offset = page.offset + page.byteCount
    }
    let ends = begins.dropFirst() + [source.byteCount]
    return zip(begins, ends).map { $0..<$1 }
  }
}
