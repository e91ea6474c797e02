/// What a container's own header says of its end, where FFmpeg goes by what is there.
enum ContainerEnd {
  /// Whether the file ends before its container does.
  static func isBrokenOff(_ source: FileSource, format: String) -> Bool {
    switch format {
    case "asf": fileProperties(source).map { $0.byteCount > source.byteCount } ?? false
    case "avi": endOfAVI(source) > source.byteCount
    case "rm": endOfRealMedia(source) > source.byteCount
    case "flv": endsInsideFLVTag(source)
    case "mpc8": endsInsideMusepack8(source)
    // Its frames say only how long they are themselves, and its header how many there are.
    case "mpc": true
    case _ where format.hasPrefix("matroska"): endOfMatroska(source) > source.byteCount
    default: false
    }
  }

  /// The length in seconds that the header states; nil if it states none, or for formats in which FFmpeg reads it.
  static func promisedDuration(_ source: FileSource, format: String) -> Double? {
    let duration =
      switch format {
      case "asf": fileProperties(source)?.duration
      case "avi": durationOfAVI(source)
      default: Double?.none
      }
    return duration.flatMap { $0 > 0 && $0 < longest ? $0 : nil }
  }

  /// Longer sound, in seconds, is a broken header.
  private static let longest = 1e7
  /// The most elements that are looked at.
  private static let most = 256
  /// Sizes of 32 bits from here on are not meant.
  private static let largest = 0x7FFF_0000

  private static let filePropertiesName: [UInt8] = [
    0xA1, 0xDC, 0xAB, 0x8C, 0x47, 0xA9, 0xCF, 0x11, 0x8E, 0xE4, 0x00, 0xC0, 0x0C, 0x20, 0x53, 0x65,
  ]

  /// Source: Advanced Systems Format (ASF) Specification, section 3.2.
  private static func fileProperties(_ source: FileSource) -> (byteCount: Int, duration: Double)? {
    var offset = 30
    for _ in 0..<most {
      let head = source.bytes(at: offset, count: 92)
      guard head.count == 92 else { return nil }
      let size = Int(little: head[16..<24])
      if head.starts(with: filePropertiesName) {
        // A broadcast knows neither.
        guard head[88] & 1 == 0 else { return nil }
        let (ticks, preroll) = (Int(little: head[64..<72]), Int(little: head[80..<88]))
        return (Int(little: head[40..<48]), Double(ticks) / 1e7 - Double(preroll) / 1e3)
      }
      guard size >= 24, size < source.byteCount else { return nil }
      offset += size
    }
    return nil
  }

  /// Where the first list of an AVI file ends, which holds all of most files.
  private static func endOfAVI(_ source: FileSource) -> Int {
    let size = Int(little: source.bytes(at: 4, count: 4))
    return size < largest ? size + 8 : 0
  }

  /// The length of the first stream of sound.
  private static func durationOfAVI(_ source: FileSource) -> Double? {
    let head = source.bytes(at: 0, count: 1 << 14)
    for place in head.indices.dropLast(48)
    where head[place] == UInt8(ascii: "s") && head[place...].starts(with: "strh".utf8)
      && head[(place + 8)...].starts(with: "auds".utf8)
    {
      func word(_ index: Int) -> Double { Double(Int(little: head[place + index..<place + index + 4])) }
      let (scale, rate, length) = (word(28), word(32), word(40))
      return scale > 0 && rate > 0 && length > 0 ? length * scale / rate : nil
    }
    return nil
  }

  /// Where the chunk with the sound of a RealMedia file ends.
  private static func endOfRealMedia(_ source: FileSource) -> Int {
    var offset = 0
    for _ in 0..<most {
      let head = source.bytes(at: offset, count: 8)
      guard head.count == 8 else { return 0 }
      let size = Int(big: head[4..<8])
      if head.starts(with: "DATA".utf8) { return size < largest ? offset + size : 0 }
      guard size >= 8 else { return 0 }
      offset += size
    }
    return 0
  }

  /// Whether an FLV file does not end with the size of its last tag. Source: Video File Format Specification, version 10.
  private static func endsInsideFLVTag(_ source: FileSource) -> Bool {
    let size = Int(big: source.bytes(at: source.byteCount - 4, count: 4))
    let begin = source.byteCount - 4 - size
    guard size >= 11, begin >= 13 else { return true }
    let head = source.bytes(at: begin, count: 4)
    return head.count < 4 || ![8, 9, 18].contains(head[0]) || Int(big: head[1..<4]) + 11 != size
  }

  /// Whether a Musepack file of stream version 8 lacks the packet that ends it. Source: the Musepack SV8 specification.
  private static func endsInsideMusepack8(_ source: FileSource) -> Bool {
    var offset = 4
    while offset < source.byteCount {
      let head = source.bytes(at: offset, count: 12)
      if head.starts(with: "SE".utf8) { return false }
      // Seven bits a byte, the highest of which says whether there are more.
      guard let last = head.dropFirst(2).firstIndex(where: { $0 < 0x80 }) else { return true }
      let size = head[2...last].reduce(0) { $0 << 7 | Int($1 & 0x7F) }
      guard size > last, size < source.byteCount else { return true }
      offset += size
    }
    return true
  }

  /// Where the one element of a Matroska or WebM file ends that holds everything else; 0 if it does not say. Source: RFC
  /// 8794, section 4 to 6.
  private static func endOfMatroska(_ source: FileSource) -> Int {
    let head = source.bytes(at: 0, count: 256)
    guard head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]), let (length, place) = number(head, 4) else { return 0 }
    let segment = place + length
    guard segment + 5 < head.count, head[segment...].starts(with: [0x18, 0x53, 0x80, 0x67]),
      let (size, begin) = number(head, segment + 4)
    else { return 0 }
    return begin + size
  }

  /// A number whose first byte says how many bytes it has, and where it ends; nil for the one that means "unknown".
  private static func number(_ bytes: [UInt8], _ place: Int) -> (value: Int, end: Int)? {
    let count = bytes[place].leadingZeroBitCount + 1
    guard count <= 8, place + count <= bytes.count else { return nil }
    let value = bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) } & ((1 << (7 * count)) - 1)
    return value == (1 << (7 * count)) - 1 ? nil : (value, place + count)
  }
}
