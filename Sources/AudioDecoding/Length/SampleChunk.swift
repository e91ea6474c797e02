/// The chunk of a WAV, RF64, Wave64, AIFF, CAF or AU file that holds its samples.
///
/// A program that writes such a file while it does not know its length yet, as into a pipe, leaves a number in the
/// header that means nothing: 0, or the largest there is. FFmpeg takes some of these for lengths and refuses others, so
/// it is given what is there instead.
struct SampleChunk {
  /// The bytes of samples that the header states; nil if it states none that means anything.
  private(set) var statedBytes: Int?
  /// The bytes of samples that the file has room for.
  private(set) var availableBytes: Int
  /// Whether far more samples are there than the header states.
  private(set) var isMore = false
  /// What the header should say; empty if it is right, or if FFmpeg understands it.
  private(set) var patches: [FileSource.Patch] = []

  /// Sizes of 32 bits from here on are not meant; the highest are 2³¹ and 2³² less the length of some header.
  private static let largest = 0x7FFF_0000
  /// The same for sizes of 64 bits.
  private static let largestWide = 1 << 47
  /// The most chunks that are looked at.
  private static let mostChunks = 256

  /// Finds the samples; nil if the file is in none of these formats, or has no samples.
  init?(in source: FileSource) {
    let head = source.bytes(at: 0, count: 16)
    guard head.count == 16 else { return nil }
    let found: SampleChunk?
    switch String(decoding: head[..<4], as: UTF8.self) {
    case "RIFF": found = Self.riff(source, isWide: false)
    case "RF64", "BW64": found = Self.riff(source, isWide: true)
    case "riff": found = Self.wave64(source)
    case "FORM" where head[8...].starts(with: "AIF".utf8): found = Self.aiff(source)
    case "caff": found = Self.caf(source)
    case ".snd": found = Self.au(source)
    default: return nil
    }
    guard let found else { return nil }
    self = found
  }

  private init(stated: Int, at begin: Int, of source: FileSource, isWide: Bool = false) {
    availableBytes = max(0, source.byteCount - begin)
    let isMeant = stated > 0 && (isWide ? stated < Self.largestWide : stated < Self.largest || stated <= availableBytes)
    statedBytes = isMeant ? stated : nil
  }

  /// Calls `body` for one chunk after the other until it returns a result.
  private static func walk<Found>(
    _ source: FileSource, from offset: Int, header: Int, alignment: Int,
    size: ([UInt8]) -> Int, _ body: (_ name: ArraySlice<UInt8>, _ offset: Int, _ size: Int) -> Found?
  ) -> Found? {
    var offset = offset
    for _ in 0..<mostChunks {
      let bytes = source.bytes(at: offset, count: header)
      guard bytes.count == header else { return nil }
      let length = size(bytes)
      if let found = body(bytes[..<4], offset, length) { return found }
      guard length >= 0, length < source.byteCount else { return nil }
      offset += (header + length + alignment - 1) / alignment * alignment
    }
    return nil
  }

  private static func riff(_ source: FileSource, isWide: Bool) -> SampleChunk? {
    var wide: (offset: Int, size: Int)?
    return walk(source, from: 12, header: 8, alignment: 2, size: { Int(little: $0[4..<8]) }) { name, offset, size in
      if isWide && name.elementsEqual("ds64".utf8) {
        wide = (offset + 16, Int(little: source.bytes(at: offset + 16, count: 8)))
      }
      guard name.elementsEqual("data".utf8) else { return nil }
      guard let wide else {
        var chunk = SampleChunk(stated: size, at: offset + 8, of: source)
        chunk.isMore = isMore(chunk, at: offset + 8, of: source)
        if chunk.isMore {
          chunk.patches = [FileSource.Patch(offset: offset + 4, bytes: chunk.availableBytes.bigEndianWord.reversed())]
        }
        return chunk
      }
      var chunk = SampleChunk(stated: wide.size, at: offset + 8, of: source, isWide: true)
      if chunk.statedBytes == nil {
        let size = chunk.availableBytes.littleEndianBytes
        // The sizes of the file and of the samples, and their number, which FFmpeg does not need.
        chunk.patches = [FileSource.Patch(offset: wide.offset - 8, bytes: size + size + 0.littleEndianBytes)]
      }
      return chunk
    }
  }

  /// Whether a chunk states less than half of what is there, and neither another chunk nor a tag nor nothing follows.
  private static func isMore(_ chunk: SampleChunk, at begin: Int, of source: FileSource) -> Bool {
    guard let stated = chunk.statedBytes, stated < chunk.availableBytes / 2 else { return false }
    let end = begin + stated + stated % 2
    let next = source.bytes(at: end, count: 8)
    let isChunk =
      next.prefix(4).allSatisfy { (0x20..<0x7F).contains($0) }
      && Int(little: next.suffix(4)) <= source.byteCount - end - 8
    let isTag = ["ID3", "TAG", "APETAGEX"].contains { next.starts(with: $0.utf8) }
    return !isChunk && !isTag && source.bytes(at: end, count: 64).contains { $0 != 0 }
  }

  /// Where a WAV file begins behind something else that is in no known format; nil if none does in the first 16 MiB.
  static func beginning(in source: FileSource) -> Int? {
    let step = 1 << 20
    for offset in stride(from: 0, to: min(1 << 24, source.byteCount), by: step) {
      let bytes = source.bytes(at: offset, count: step + 15)
      let place = bytes.indices.dropLast(15).first { place in
        bytes[place] == UInt8(ascii: "R") && bytes[place...].starts(with: "RIFF".utf8)
          && bytes[(place + 8)...].starts(with: "WAVEfmt ".utf8)
      }
      if let place { return offset + place }
    }
    return nil
  }

  /// Its sizes include the 24 bytes of the chunk's own header.
  private static func wave64(_ source: FileSource) -> SampleChunk? {
    let header = 24
    return walk(
      source, from: 40, header: header, alignment: 8, size: { Int(little: $0[16..<24]) &- header }
    ) { name, offset, size in
      guard name.elementsEqual("data".utf8) else { return nil }
      var chunk = SampleChunk(stated: size, at: offset + header, of: source, isWide: true)
      if chunk.statedBytes == nil {
        chunk.patches = [
          FileSource.Patch(offset: 16, bytes: source.byteCount.littleEndianBytes),
          FileSource.Patch(offset: offset + 16, bytes: (chunk.availableBytes + header).littleEndianBytes),
        ]
      }
      return chunk
    }
  }

  private static func aiff(_ source: FileSource) -> SampleChunk? {
    var common: (offset: Int, frames: Int, frameBytes: Int)?
    let chunk = walk(
      source, from: 12, header: 8, alignment: 2, size: { Int(big: $0[4..<8]) }
    ) { name, offset, size -> SampleChunk? in
      if name.elementsEqual("COMM".utf8) {
        let body = source.bytes(at: offset + 8, count: 22)
        guard body.count >= 18 else { return nil }
        let isPlain = size < 22 || ["NONE", "sowt", "twos"].contains(String(decoding: body[18...], as: UTF8.self))
        let frameBytes = Int(big: body[0..<2]) * ((Int(big: body[6..<8]) + 7) / 8)
        common = (offset + 10, Int(big: body[2..<6]), isPlain ? frameBytes : 0)
      }
      guard name.elementsEqual("SSND".utf8) else { return nil }
      // Two numbers of 4 bytes come before the samples.
      var chunk = SampleChunk(stated: max(0, size - 8), at: offset + 16, of: source)
      if chunk.statedBytes == nil {
        chunk.patches = [FileSource.Patch(offset: offset + 4, bytes: (chunk.availableBytes + 8).bigEndianWord)]
      }
      return chunk
    }
    guard var chunk, let common, common.frameBytes > 0 else { return chunk }
    let bytes = chunk.statedBytes ?? chunk.availableBytes
    if chunk.statedBytes == nil || common.frames == 0 || common.frames >= largest {
      chunk.patches.append(FileSource.Patch(offset: common.offset, bytes: (bytes / common.frameBytes).bigEndianWord))
    }
    // FFmpeg looks at no chunk behind the end of the file that is stated here.
    let stated = Int(big: source.bytes(at: 4, count: 4)) + 8
    let isMeant = stated > source.byteCount - chunk.availableBytes && (stated < largest || stated <= source.byteCount)
    if !chunk.patches.isEmpty || !isMeant {
      chunk.patches.append(FileSource.Patch(offset: 4, bytes: (source.byteCount - 8).bigEndianWord))
    }
    return chunk
  }

  private static func caf(_ source: FileSource) -> SampleChunk? {
    walk(source, from: 8, header: 12, alignment: 1, size: { Int(big: $0[4..<12]) }) { name, offset, size in
      guard name.elementsEqual("data".utf8) else { return nil }
      // The number of edits, of 4 bytes, comes before the samples.
      var chunk = SampleChunk(stated: size > 4 ? size - 4 : 0, at: offset + 16, of: source, isWide: true)
      if chunk.statedBytes == nil {
        let size = (chunk.availableBytes + 4).littleEndianBytes
        chunk.patches = [FileSource.Patch(offset: offset + 4, bytes: size.reversed())]
      }
      return chunk
    }
  }

  private static func au(_ source: FileSource) -> SampleChunk? {
    let header = source.bytes(at: 4, count: 8)
    guard header.count == 8 else { return nil }
    var chunk = SampleChunk(stated: Int(big: header[4..<8]), at: Int(big: header[0..<4]), of: source)
    if chunk.statedBytes == nil {
      chunk.patches = [FileSource.Patch(offset: 8, bytes: chunk.availableBytes.bigEndianWord)]
    }
    return chunk
  }
}

extension Int {
  /// A number whose last byte is the most significant; of 8 bytes with a sign.
  init(little bytes: some BidirectionalCollection<UInt8>) { self.init(big: bytes.reversed()) }

  /// A number whose first byte is the most significant; of 8 bytes with a sign.
  init(big bytes: some Sequence<UInt8>) {
    self.init(truncatingIfNeeded: bytes.reduce(0) { $0 << 8 | UInt64($1) })
  }

  fileprivate var littleEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) } }

  /// Four bytes; the largest number that fits if it does not.
  fileprivate var bigEndianWord: [UInt8] {
    let word = UInt32(clamping: self)
    return (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) }
  }
}
