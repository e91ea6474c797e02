/// Finds the links of a chained Ogg file: complete songs one after another, as in `cat a.ogg b.ogg` and in recordings of
/// radio streams. FFmpeg reads them in a row, but knows neither their length nor where to seek, since time stamps begin
/// anew with each.
///
/// Pages spread over the file tell whether it is worth reading all of them.
struct OggChain {
  typealias Page = OggPages.Page

  /// A song that is complete in itself.
  struct Link {
    var range: Range<Int>
    /// Whether it has its headers and no more.
    var isEmpty: Bool
  }

  private let pages: OggPages
  /// The streams that begin the file.
  private var serials: Set<Int> = []
  /// Pages close together at the beginning, then spread over the file: at an even bit rate, a page in another link is
  /// then earlier than the page before it, however short the first link is.
  private var samples: [Page] = []

  /// Looks at pages; nil if the file is no Ogg file.
  init?(in source: FileSource) {
    pages = OggPages(source: source)
    guard let first = pages.page(at: 0), first.beginsStream else { return nil }
    var offset = 0
    while let page = pages.page(at: offset), page.beginsStream, serials.count < 64 {
      serials.insert(page.serial)
      offset = page.end
    }
    var place = Double(offset)
    var step = 1 << 13
    while place < Double(source.byteCount) {
      if let page = pages.page(from: Int(place), within: OggPages.largest) { samples.append(page) }
      place += Double(step)
      step = min(step * 3 / 2, max(1 << 13, source.byteCount / 16))
    }
    if let last = pages.lastPage() { samples.append(last) }
  }

  /// All links; nil if the file is not chained.
  func links() -> [Link]? {
    guard mayBeChained else { return nil }
    let links = scan()
    return links.count > 1 ? links : nil
  }

  /// How far a beginning is looked for.
  private static let farthest = 1 << 24

  /// Where the first link begins that begins in the file, if it was cut out of the middle of a stream or lies behind
  /// something else; nil if there is none in the first 16 MiB.
  static func beginning(in source: FileSource) -> Int? {
    let pages = OggPages(source: source)
    var offset = 0
    while let page = pages.page(from: offset, within: farthest - offset) {
      if page.beginsStream { return page.offset }
      offset = page.content
      guard offset < farthest else { return nil }
    }
    return nil
  }

  /// Whether some pages show that there is more than one link: they belong to another stream than those that begin the
  /// file, or are earlier in the song than the page before.
  private var mayBeChained: Bool {
    var latest: [Int: Int] = [:]
    return samples.contains { page in
      guard serials.contains(page.serial), !page.beginsStream else { return true }
      guard let position = page.position, position > 0 else { return false }
      defer { latest[page.serial] = position }
      return position < latest[page.serial] ?? 0
    }
  }

  /// Goes from page to page.
  private func scan() -> [Link] {
    var links: [Link] = []
    var (serials, isAfterSound): (Set<Int>, Bool) = ([], true)
    var (packets, headers): (Int, Int?) = (0, nil)
    var (previous, next): (Page?, Page?) = (nil, pages.page(from: 0))
    func end(at offset: Int) {
      guard let last = links.indices.last else { return }
      links[last].range = links[last].range.lowerBound..<offset
      // What is left between the last page and the next link is a page that was broken off.
      links[last].isEmpty = packets == headers && previous?.end == offset
    }
    while let page = next {
      if page.beginsStream {
        if isAfterSound || serials.contains(page.serial) {
          end(at: page.offset)
          links.append(Link(range: page.offset..<pages.source.byteCount, isEmpty: false))
          serials = []
          packets = 0
          headers = OggCodec(pages.source.bytes(at: page.content, count: page.end - page.content))?.headerCount
        }
        serials.insert(page.serial)
      }
      // An empty packet may only say that it is the last.
      packets += page.end == page.content ? 0 : page.packetCount
      isAfterSound = !page.beginsStream
      (previous, next) = (page, pages.page(after: page))
    }
    end(at: pages.source.byteCount)
    return links
  }
}

extension OggChain {
  /// A step between pages far apart: by so many bytes, pages and samples.
  private typealias Step = (bytes: Double, pages: Double, samples: Double)
  /// A step that is out of proportion by more than this share of the middle one, and by so many times the usual
  /// deviation, is looked at closely.
  private static let proportion = (share: 0.05, deviations: 5.0)
  /// Pages that last so many times as long as others with as many packets follow a gap.
  private static let longPage = 1.5
  /// In seconds.
  private static let negligibleGap = 0.5

  /// Whether time stamps jump on in the middle of the only stream, since pages are missing.
  func hasGap() -> Bool {
    guard serials.count == 1, mayHaveGap, let first = pages.page(at: 0),
      let codec = OggCodec(pages.source.bytes(at: first.content, count: first.end - first.content))
    else { return false }
    var steps: [(packets: Int, samples: Int)] = []
    var (last, packets): (Int?, Int) = (nil, 0)
    var next = pages.page(after: first)
    while let page = next, steps.count < OggPages.most {
      packets += page.packetCount
      if let position = page.position, position != 0 {
        if let last, packets > 0 { steps.append((packets, position &- last)) }
        (last, packets) = (position, 0)
      }
      next = pages.page(after: page)
    }
    let usual = Self.median(steps.map { Double($0.samples) / Double($0.packets) })
    let missing = steps.reduce(0.0) { total, step in
      total + max(0, Double(step.samples) - Self.longPage * usual * Double(step.packets))
    }
    return missing > Self.negligibleGap * Double(codec.rate)
  }

  /// Whether the pages that were looked at are unevenly far apart in bytes, pages or samples, as around a gap.
  private var mayHaveGap: Bool {
    var steps: [Step] = []
    var last: Page?
    for page in samples {
      guard let position = page.position, position != 0 else { continue }
      if let before = last, let earlier = before.position {
        guard page.offset - before.offset >= pages.source.byteCount / 24, page.number > before.number else { continue }
        steps.append(
          (Double(page.offset - before.offset), Double(page.number - before.number), Double(position &- earlier)))
      }
      last = page
    }
    guard steps.count > 2 else { return true }
    func isUneven(_ ratio: (Step) -> Double) -> Bool {
      let ratios = steps.map(ratio)
      let middle = Self.median(ratios)
      let deviation = Self.median(ratios.map { abs($0 - middle) })
      let tolerated = max(Self.proportion.share * middle, Self.proportion.deviations * deviation)
      return ratios.contains { $0 > middle + tolerated }
    }
    return isUneven { $0.pages / $0.bytes } || isUneven { $0.samples / $0.bytes } || isUneven { $0.samples / $0.pages }
  }

  static func median(_ numbers: [Double]) -> Double {
    numbers.isEmpty ? 0 : numbers.sorted()[numbers.count / 2]
  }
}
