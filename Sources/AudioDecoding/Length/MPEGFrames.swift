/// The header of a frame of MPEG audio, layers 1 to 3. Source: ISO/IEC 11172-3, 2.4.1.3, and 13818-3.
struct MPEGFrameHeader {
  /// The bytes of the frame with its header.
  let byteCount: Int
  /// In bits a second.
  let bitRate: Int
  /// The samples of each channel.
  let sampleCount: Int
  /// In Hz.
  let sampleRate: Int
  /// The bits that all frames of a stream share: synchronisation, version, layer and rate.
  let kind: UInt32

  /// How long the frame lasts, in seconds.
  var seconds: Double { Double(sampleCount) / Double(sampleRate) }

  /// In kbit/s, by layer (MPEG-1), and for MPEG-2 layer 1 and layers 2 and 3.
  private static let bitRates: [[Int]] = [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  ]
  private static let sampleRates = [44_100, 48_000, 32_000]
  private static let kindMask: UInt32 = 0xFFFE_0C00

  /// Reads a header; nil if these four bytes are none.
  init?(_ bytes: some Sequence<UInt8>) {
    self.init(word: bytes.reduce(0) { $0 << 8 | UInt32($1) })
  }

  init?(word: UInt32) {
    guard word >> 21 == 0x7FF else { return nil }
    let (version, layer) = (Int(word >> 19 & 3), 4 - Int(word >> 17 & 3))
    let (rate, speed) = (Int(word >> 12 & 15), Int(word >> 10 & 3))
    guard version != 1, layer < 4, rate > 0, rate < 15, speed < 3, word & 3 != 2 else { return nil }
    let isFirst = version == 3
    sampleRate = Self.sampleRates[speed] >> (isFirst ? 0 : version == 2 ? 1 : 2)
    sampleCount = layer == 1 ? 384 : layer == 3 && !isFirst ? 576 : 1152
    bitRate = Self.bitRates[isFirst ? layer - 1 : layer == 1 ? 3 : 4][rate] * 1000
    let padding = Int(word >> 9 & 1)
    byteCount =
      layer == 1
      ? (12 * bitRate / sampleRate + padding) * 4 : sampleCount / 8 * bitRate / sampleRate + padding
    kind = word & Self.kindMask
  }
}

/// Looks at the frames of an MPEG audio file without reading all of them.
struct MPEGFrames {
  /// So many consecutive frames are no accident.
  private static let convincing = 10
  /// How far a beginning is looked for: far behind any tag or web page that somebody put in front.
  private static let farthest = 1 << 24
  private static let largestFrame = 4096

  /// The offset of the first of many consecutive frames; nil if there are none in the first 16 MiB.
  static func beginning(in source: FileSource) -> Int? {
    let step = 1 << 18
    let least = convincing * largestFrame
    for offset in stride(from: 0, to: min(farthest, source.byteCount), by: step) {
      let bytes = source.bytes(at: offset, count: step + least)
      if let place = bytes.withUnsafeBufferPointer({ run(in: $0, before: step) }) { return offset + place }
    }
    return nil
  }

  private static func run(in bytes: UnsafeBufferPointer<UInt8>, before end: Int) -> Int? {
    var place = 0
    while place < min(end, bytes.count - 4) {
      guard bytes[place] == 0xFF, let first = header(bytes, place), follow(first, in: bytes, from: place) else {
        place += 1
        continue
      }
      return place
    }
    return nil
  }

  private static func follow(
    _ first: MPEGFrameHeader, in bytes: UnsafeBufferPointer<UInt8>, from place: Int
  ) -> Bool {
    var (next, header) = (place, first)
    for _ in 1..<convincing {
      next += header.byteCount
      guard let another = Self.header(bytes, next), another.kind == first.kind else { return false }
      header = another
    }
    return true
  }

  private static func header(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> MPEGFrameHeader? {
    guard place + 4 <= bytes.count else { return nil }
    let word = (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[place + $1]) }
    return MPEGFrameHeader(word: word)
  }

  /// Consecutive frames somewhere in a file, or all that were looked at.
  struct Sample {
    /// How long they last, and how many bytes they have.
    fileprivate(set) var (seconds, bytes) = (0.0, 0)
    fileprivate var bitRates: Set<Int> = []

    var secondsPerByte: Double { seconds / Double(bytes) }
    /// Whether all have one bit rate; what they say then holds for the whole file.
    var isConstant: Bool { bitRates.count == 1 }
  }

  /// The bytes that are read at each place at which a file is sampled.
  private static let sampleBytes = 6144

  /// Frames at so many places spread evenly over a file, but for its very first, which may differ; nil if too few of
  /// the places have frames.
  static func sample(of source: FileSource, from begin: Int, places: Int) -> Sample? {
    var (sample, found) = (Sample(), 0)
    let room = source.byteCount - begin
    guard room > 4 * sampleBytes else { return nil }
    for place in 0..<places {
      let offset = begin + 1 + (room - sampleBytes) / places * place
      source.bytes(at: offset, count: sampleBytes).withUnsafeBufferPointer { chunk in
        guard let run = run(in: chunk) else { return }
        sample.seconds += run.seconds
        sample.bytes += run.bytes
        sample.bitRates.formUnion(run.bitRates)
        found += 1
      }
    }
    return found > places / 2 ? sample : nil
  }

  /// The first run of at least three frames.
  private static func run(in bytes: UnsafeBufferPointer<UInt8>) -> Sample? {
    for begin in bytes.indices where bytes[begin] == 0xFF {
      var (place, count, sample) = (begin, 0, Sample())
      while let header = header(bytes, place), place + header.byteCount <= bytes.count {
        place += header.byteCount
        sample.seconds += header.seconds
        sample.bitRates.insert(header.bitRate)
        count += 1
      }
      sample.bytes = place - begin
      if count > 2 { return sample }
    }
    return nil
  }

  /// The bytes of sound that a Xing or VBRI header in the first frame states; nil if there is none. Also where the first
  /// frame is.
  static func statement(in source: FileSource) -> (begin: Int, bytes: Int?)? {
    let begin = endOfTags(in: source)
    let head = source.bytes(at: begin, count: 8192)
    let first = head.indices.dropLast(4).first { head[$0] == 0xFF && MPEGFrameHeader(head[$0..<$0 + 4]) != nil }
    guard let first else { return nil }
    let frame = head[first...].prefix(256)
    func number(_ place: Int) -> Int? {
      place + 4 <= head.count ? Int(big: head[place..<place + 4]) : nil
    }
    for place in frame.indices.dropLast(20) {
      if frame[place...].starts(with: "Xing".utf8) || frame[place...].starts(with: "Info".utf8) {
        guard let flags = number(place + 4), flags & 2 != 0 else { break }
        return (begin + first, number(place + (flags & 1 != 0 ? 12 : 8)))
      }
      if frame[place...].starts(with: "VBRI".utf8) { return (begin + first, number(place + 10)) }
    }
    return (begin + first, nil)
  }

  /// Where the ID3v2 tags in front of a file end.
  static func endOfTags(in source: FileSource) -> Int {
    var offset = 0
    for _ in 0..<16 {
      let tag = source.bytes(at: offset, count: 10)
      guard tag.count == 10, tag.starts(with: "ID3".utf8) else { break }
      let footer = tag[5] & 0x10 == 0 ? 0 : 10
      offset += 10 + tag[6...].reduce(0) { $0 << 7 | Int($1 & 0x7F) } + footer
    }
    return offset
  }
}
