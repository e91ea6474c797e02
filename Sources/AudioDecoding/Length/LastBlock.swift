/// The last block of a FLAC or WavPack file, which says where it lies in the sound: the end of a file without a look at
/// what comes before.
struct LastBlock {
  /// The number of samples of each channel from the beginning of the sound to the end of the block.
  let end: Int
  /// Whether the file has all of the block.
  let isComplete: Bool

  private init(end: Int, isComplete: Bool) {
    self.end = end
    self.isComplete = isComplete
  }

  /// The block must begin among the last bytes; the largest in practice are 64 KiB.
  private static let reach = 1 << 17
  private static let tagBytes = 128

  /// The last frame of a FLAC file; nil if none is found. Source: RFC 9639, section 9.
  static func ofFLAC(_ source: FileSource, fixedBlockSize: Int) -> LastBlock? {
    let begin = max(0, source.byteCount - reach)
    var bytes = source.bytes(at: begin, count: reach)
    if bytes.count > tagBytes && bytes.suffix(tagBytes).starts(with: "TAG".utf8) { bytes.removeLast(tagBytes) }
    var last: LastBlock?
    for place in bytes.indices.dropLast(5).reversed() where bytes[place] == 0xFF && bytes[place + 1] & 0xFE == 0xF8 {
      guard let end = endOfFLACFrame(bytes[place...], fixedBlockSize: fixedBlockSize) else { continue }
      let isComplete = crc16(bytes[place...]) == 0
      if last == nil || isComplete { last = LastBlock(end: end, isComplete: isComplete) }
      // What follows a whole frame was sound that looked like a header. A frame that was cut cannot be told from that.
      if isComplete || bytes.endIndex - place > reach / 2 { break }
    }
    return last
  }

  /// At how many places inside a file frames are looked for, and in how many bytes.
  private static let looks = (places: 7, bytes: 1 << 14)

  /// Whether frames spread over a FLAC file come in their order; they do not if it is several files one after another.
  static func areInOrder(_ source: FileSource, fixedBlockSize: Int) -> Bool {
    var (latest, kind): (Int, [UInt8]?) = (0, nil)
    for place in 1...looks.places {
      let bytes = source.bytes(at: source.byteCount / (looks.places + 1) * place, count: looks.bytes)
      for place in bytes.indices.dropLast(16) where bytes[place] == 0xFF && bytes[place + 1] & 0xFE == 0xF8 {
        // What all frames of nearly every file share: whether their size varies, their rate and their depth.
        let found = [bytes[place + 1], bytes[place + 2] & 0x0F, bytes[place + 3] & 0x0F]
        guard kind == nil || kind == found,
          let end = endOfFLACFrame(bytes[place...], fixedBlockSize: fixedBlockSize)
        else { continue }
        guard end >= latest else { return false }
        (latest, kind) = (end, found)
        break
      }
    }
    return true
  }

  /// Where the first whole frame of FLAC begins among the first 2 MiB of a file, whatever comes before it; nil if there
  /// is none.
  static func beginningOfFLAC(in source: FileSource) -> Int? {
    let bytes = source.bytes(at: 0, count: 16 * reach)
    let places = bytes.indices.dropLast(5).filter { place in
      bytes[place] == 0xFF && bytes[place + 1] & 0xFE == 0xF8
        && endOfFLACFrame(bytes[place...], fixedBlockSize: 0) != nil
    }
    for (index, place) in places.enumerated() {
      // A frame ends where the next begins, and with its checksum. Between them, sound may look like a header.
      for next in places[(index + 1)...].prefix(3) where crc16(bytes[place..<next]) == 0 { return place }
    }
    return nil
  }

  /// The position behind the frame with this header; nil if it is none.
  private static func endOfFLACFrame(_ bytes: ArraySlice<UInt8>, fixedBlockSize: Int) -> Int? {
    let start = bytes.startIndex
    let head = bytes.prefix(16)
    guard head.count > 6, head[start + 3] & 1 == 0 else { return nil }
    let (sizeCode, rateCode) = (head[start + 2] >> 4, head[start + 2] & 15)
    guard sizeCode != 0, rateCode != 15, head[start + 3] >> 4 < 11 else { return nil }
    var place = start + 4
    let ones = (~head[place]).leadingZeroBitCount
    guard ones != 1, ones < 8 else { return nil }
    var number = Int(head[place]) & (0x7F >> ones)
    place += 1
    for _ in 0..<max(0, ones - 1) {
      guard place < head.endIndex, head[place] >> 6 == 2 else { return nil }
      number = number << 6 | Int(head[place] & 0x3F)
      place += 1
    }
    var size =
      sizeCode == 1 ? 192 : sizeCode < 6 ? 576 << (Int(sizeCode) - 2) : sizeCode > 7 ? 256 << (Int(sizeCode) - 8) : 0
    if sizeCode == 6 || sizeCode == 7 {
      let count = Int(sizeCode) - 5
      guard place + count <= head.endIndex else { return nil }
      size = Int(big: head[place..<place + count]) + 1
      place += count
    }
    place += rateCode == 12 ? 1 : rateCode > 12 ? 2 : 0
    guard place < head.endIndex, crc8(head[start...place]) == 0 else { return nil }
    let isVariable = head[start + 1] & 1 == 1
    return isVariable ? number + size : number * fixedBlockSize + size
  }

  /// The last block of a WavPack file; nil if none is found. Source: the WavPack 4 and 5 file formats.
  static func ofWavPack(_ source: FileSource) -> LastBlock? {
    let begin = max(0, source.byteCount - 8 * reach)
    let bytes = source.bytes(at: begin, count: 8 * reach)
    for place in bytes.indices.dropLast(31).reversed()
    where bytes[place] == UInt8(ascii: "w") && bytes[place...].starts(with: "wvpk".utf8) {
      let samples = Int(little: bytes[place + 20..<place + 24])
      // Some blocks hold no sound.
      guard samples > 0 else { continue }
      let index = Int(little: bytes[place + 16..<place + 20]) | Int(bytes[place + 10]) << 32
      let size = Int(little: bytes[place + 4..<place + 8]) + 8
      return LastBlock(end: index + samples, isComplete: place + size <= bytes.count)
    }
    return nil
  }

  /// The remainder by x⁸ + x² + x + 1; 0 for bytes that end with their own.
  private static func crc8(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    bytes.reduce(0) { crc, byte in
      (0..<8).reduce(crc ^ byte) { crc, _ in crc << 1 ^ (crc & 0x80 != 0 ? 0x07 : 0) }
    }
  }

  /// The remainder by x¹⁶ + x¹⁵ + x² + 1; 0 for bytes that end with their own.
  private static func crc16(_ bytes: ArraySlice<UInt8>) -> UInt16 {
    bytes.reduce(0) { crc, byte in
      (0..<8).reduce(crc ^ UInt16(byte) << 8) { crc, _ in crc << 1 ^ (crc & 0x8000 != 0 ? 0x8005 : 0) }
    }
  }
}
