import AudioDecoding
import Foundation

/// Makes odd files of good ones, and the headers of formats that the encoder does not write.
enum OddBytes {
  /// A number in so many bytes, the most significant first.
  static func big(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
  }

  /// The same with the least significant first.
  static func little(_ value: Int, _ count: Int) -> [UInt8] { big(value, count).reversed() }

  /// Where a mark is found for the first time.
  static func place(of mark: String, in bytes: [UInt8]) -> Int? {
    let mark = Array(mark.utf8)
    return bytes.indices.dropLast(mark.count - 1).first {
      bytes[$0] == mark[0] && bytes[$0..<$0 + mark.count].elementsEqual(mark)
    }
  }

  /// Bytes with others written over them.
  static func patched(_ bytes: [UInt8], at place: Int, _ others: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes.replaceSubrange(place..<place + others.count, with: others)
    return bytes
  }

  /// Bytes that look like nothing.
  static func noise(_ count: Int) -> [UInt8] {
    var state: UInt32 = 99
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
  }
}

/// A FLAC file, taken apart.
struct FLACBytes {
  /// All before the first frame.
  var header: [UInt8]
  var frames: [[UInt8]]

  init(_ bytes: [UInt8]) {
    var places: [Int] = []
    for place in bytes.indices.dropLast(16) where bytes[place] == 0xFF && bytes[place + 1] == 0xF8 {
      // The number of the frame, in the manner of UTF-8, then perhaps the size of the block and the rate.
      let ones = (~bytes[place + 4]).leadingZeroBitCount
      let extra = [6: 1, 7: 2][Int(bytes[place + 2] >> 4)] ?? 0
      let rate = [12: 1, 13: 2, 14: 2][Int(bytes[place + 2] & 15)] ?? 0
      let end = place + 4 + max(1, ones) + extra + rate
      if Self.crc8(bytes[place..<end]) == bytes[end] { places.append(place) }
    }
    header = Array(bytes[..<(places.first ?? bytes.count)])
    frames = places.enumerated().map { index, place in
      Array(bytes[place..<(index + 1 < places.count ? places[index + 1] : bytes.count)])
    }
  }

  var file: [UInt8] { header + frames.joined() }

  /// The file with the frames of another, numbered on. The last frame of this one is left out if it is shorter.
  func followed(by other: FLACBytes) -> FLACBytes {
    var joined = self
    joined.frames.removeLast()
    let count = joined.frames.count
    joined.frames += other.frames.dropLast().enumerated().map { index, frame in
      Self.numbered(frame, count + index)
    }
    return joined
  }

  /// A frame with another number below 2,048.
  private static func numbered(_ frame: [UInt8], _ number: Int) -> [UInt8] {
    let ones = (~frame[4]).leadingZeroBitCount
    let extra = [6: 1, 7: 2][Int(frame[2] >> 4)] ?? 0
    let rest = 4 + max(1, ones)
    let code = number < 128 ? [UInt8(number)] : [UInt8(0xC0 | number >> 6), UInt8(0x80 | number & 0x3F)]
    let head = frame[..<4] + code + frame[rest..<rest + extra]
    let body = head + [crc8(head)] + frame[(rest + extra + 1)...].dropLast(2)
    let sum = body.reduce(UInt16(0)) { crc, byte in
      (0..<8).reduce(crc ^ UInt16(byte) << 8) { crc, _ in crc << 1 ^ (crc & 0x8000 != 0 ? 0x8005 : 0) }
    }
    return body + OddBytes.big(Int(sum), 2)
  }

  /// The file with another number of samples in its header.
  func promising(samples: Int) -> [UInt8] {
    OddBytes.patched(file, at: 21, [file[21] & 0xF0 | UInt8(samples >> 32)] + OddBytes.big(samples, 4))
  }

  private static func crc8(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    bytes.reduce(0) { crc, byte in (0..<8).reduce(crc ^ byte) { crc, _ in crc << 1 ^ (crc & 0x80 != 0 ? 7 : 0) } }
  }
}

/// An Ogg file, taken apart into pages.
struct OggBytes {
  private var pages: [[UInt8]] = []

  init(_ bytes: [UInt8]) {
    var place = 0
    while place + 27 <= bytes.count {
      let segments = Int(bytes[place + 26])
      let size = 27 + segments + bytes[(place + 27)..<(place + 27 + segments)].reduce(0) { $0 + Int($1) }
      pages.append(Array(bytes[place..<place + size]))
      place += size
    }
  }

  /// A file of a page for each packet: headers, and packets of sound with the number of samples to their end.
  static func file(headers: [[UInt8]], packets: [(bytes: [UInt8], end: Int)]) -> [UInt8] {
    let all: [(bytes: [UInt8], end: Int)] = headers.map { ($0, 0) } + packets
    return all.enumerated().flatMap { number, packet -> [UInt8] in
      var page = Array("OggS".utf8)
      page += [0, number == 0 ? 2 : number == all.count - 1 ? 4 : 0]
      page += OddBytes.little(packet.end, 8) + OddBytes.little(7, 4) + OddBytes.little(number, 4)
      page += [0, 0, 0, 0, UInt8(packet.bytes.count / 255 + 1)]
      page += [UInt8](repeating: 255, count: packet.bytes.count / 255) + [UInt8(packet.bytes.count % 255)]
      return summed(page + packet.bytes)
    }
  }

  /// The file as it is if it breaks off in the middle of the first page whose sound ends after so many samples, and how
  /// many samples come before that page.
  func brokenOff(after samples: Int) -> (bytes: [UInt8], samples: Int) {
    let count = pages.firstIndex { Self.position($0) > samples } ?? pages.count - 1
    let bytes = Array(pages[..<count].joined()) + pages[count].prefix(pages[count].count / 2)
    return (bytes, Self.position(pages[count - 1]))
  }

  /// The file without its first bytes, from the middle of the page that comes after so many others.
  func withoutBeginning(pages count: Int) -> [UInt8] {
    Array(pages[count].suffix(pages[count].count / 2)) + pages[(count + 1)...].joined()
  }

  /// The file without the pages whose sound ends within a range of samples; if `isRenumbered`, the numbers of the pages
  /// do not show it.
  func withGap(_ gap: Range<Int>, isRenumbered: Bool) -> [UInt8] {
    let kept = pages.filter { !gap.contains(Self.position($0)) }
    return kept.enumerated().flatMap { number, page in
      isRenumbered ? Self.summed(OddBytes.patched(page, at: 18, OddBytes.little(number, 4))) : page
    }
  }

  /// The headers alone, as of a song without sound.
  var headers: [UInt8] { Array(pages.prefix { Self.position($0) == 0 }.joined()) }

  /// The file without the page that begins the stream.
  var withoutFirstPage: [UInt8] { Array(pages.dropFirst().joined()) }

  private static func position(_ page: [UInt8]) -> Int { page[6..<14].reversed().reduce(0) { $0 << 8 | Int($1) } }

  /// The file as another stream, whose sound begins so many samples later.
  func file(serial: Int? = nil, later samples: Int = 0) -> [UInt8] {
    pages.flatMap { page in
      var page = page
      if let serial { page = OddBytes.patched(page, at: 14, OddBytes.little(serial, 4)) }
      let position = Self.position(page)
      if position > 0 { page = OddBytes.patched(page, at: 6, OddBytes.little(position + samples, 8)) }
      return Self.summed(page)
    }
  }

  /// A page with the checksum that it should have.
  private static func summed(_ page: [UInt8]) -> [UInt8] {
    let page = OddBytes.patched(page, at: 22, [0, 0, 0, 0])
    return OddBytes.patched(page, at: 22, OddBytes.little(Int(crc(page)), 4))
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    bytes.reduce(0) { crc, byte in table[Int(UInt8(crc >> 24) ^ byte)] ^ crc << 8 }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index) << 24) { crc, _ in crc << 1 ^ (crc & 0x8000_0000 != 0 ? 0x04C1_1DB7 : 0) }
  }
}

/// Files of 16-bit samples in formats that the encoder does not write, with any size in their headers.
enum PCMBytes: String, CaseIterable {
  case wav, rf64, w64, aiff, caf, au

  /// A stereo file whose header states a size for its samples; nil for the true one.
  func file(_ samples: [Int16], sampleRate: Int, stated: Int?) -> [UInt8] {
    func bytes(_ isBig: Bool) -> [UInt8] {
      samples.flatMap { isBig ? OddBytes.big(Int($0), 2) : OddBytes.little(Int($0), 2) }
    }
    let size = stated ?? 2 * samples.count
    func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }
    let format =
      OddBytes.little(1, 2) + OddBytes.little(2, 2) + OddBytes.little(sampleRate, 4)
      + OddBytes.little(4 * sampleRate, 4) + OddBytes.little(4, 2) + OddBytes.little(16, 2)
    switch self {
    case .wav:
      return ascii("RIFF") + OddBytes.little(size, 4) + ascii("WAVEfmt ") + OddBytes.little(16, 4) + format
        + ascii("data") + OddBytes.little(size, 4) + bytes(false)
    case .rf64:
      return ascii("RF64") + OddBytes.little(-1, 4) + ascii("WAVEds64") + OddBytes.little(28, 4)
        + OddBytes.little(size, 8) + OddBytes.little(size, 8) + OddBytes.little(0, 12) + ascii("fmt ")
        + OddBytes.little(16, 4) + format + ascii("data") + OddBytes.little(-1, 4) + bytes(false)
    case .w64:
      func name(_ text: String) -> [UInt8] { ascii(text) + Self.guid }
      let riff: [UInt8] = ascii("riff") + [0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 4, 0xC1, 0, 0]
      return riff + OddBytes.little(size, 8) + name("wave") + name("fmt ") + OddBytes.little(40, 8) + format
        + name("data") + OddBytes.little(stated ?? size + 24, 8) + bytes(false)
    case .aiff:
      let frames = stated ?? samples.count / 2
      // 44,100 Hz as a number of 80 bits.
      let rate: [UInt8] = [0x40, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0]
      return ascii("FORM") + OddBytes.big(stated ?? size + 46, 4) + ascii("AIFFCOMM") + OddBytes.big(18, 4)
        + OddBytes.big(2, 2) + OddBytes.big(frames, 4) + OddBytes.big(16, 2) + rate + ascii("SSND")
        + OddBytes.big(stated ?? size + 8, 4) + OddBytes.big(0, 8) + bytes(true)
    case .caf:
      let rate = OddBytes.big(Int(Double(sampleRate).bitPattern), 8)
      return ascii("caff") + [0, 1, 0, 0] + ascii("desc") + OddBytes.big(32, 8) + rate + ascii("lpcm")
        + OddBytes.big(0, 4) + OddBytes.big(4, 4) + OddBytes.big(1, 4) + OddBytes.big(2, 4) + OddBytes.big(16, 4)
        + ascii("data") + OddBytes.big(stated ?? size + 4, 8) + OddBytes.big(0, 4) + bytes(true)
    case .au:
      return ascii(".snd") + OddBytes.big(24, 4) + OddBytes.big(size, 4) + OddBytes.big(3, 4)
        + OddBytes.big(sampleRate, 4) + OddBytes.big(2, 4) + bytes(true)
    }
  }

  private static let guid: [UInt8] = [0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A]

  /// What programs write that do not know the size yet.
  var placeholders: [Int] {
    switch self {
    case .wav, .au, .aiff: [0, 0xFFFF_FFFF, 0x7FFF_FFFF, 0x8000_0000]
    case .rf64, .w64, .caf: [0, -1, .max]
    }
  }
}
