extension CueSheet {
  /// Reads the CUESHEET block of a FLAC file (RFC 9639, 8.7): places in samples, without titles.
  ///
  /// - Parameters:
  ///   - block: the block without its header.
  ///   - sampleRate: of the file, in Hz.
  /// - Throws: `CueSheetError` if the block is cut off, or has no song.
  package init(flacBlock block: [UInt8], sampleRate: Int) throws(CueSheetError) {
    precondition(sampleRate > 0, "a sample rate of \(sampleRate) Hz")
    var place = 395
    func bytes(_ count: Int) throws(CueSheetError) -> ArraySlice<UInt8> {
      guard place + count <= block.count else { throw CueSheetError("its CUESHEET block is cut off") }
      defer { place += count }
      return block[place..<place + count]
    }
    func number(_ count: Int) throws(CueSheetError) -> UInt64 { try bytes(count).reduce(0) { $0 << 8 | UInt64($1) } }

    self.init()
    files = [""]
    let count = try number(1)
    for _ in 0..<count {
      let offset = try number(8)
      var track = Track(number: Int(try number(1)))
      let isrc = try bytes(12).filter { $0 > 0x20 && $0 < 0x7F }
      if !isrc.isEmpty { track.fields["ISRC"] = String(decoding: isrc, as: UTF8.self) }
      track.isAudio = try number(1) & 0x80 == 0
      _ = try bytes(13)
      var first: [UInt64: UInt64] = [:]
      for _ in 0..<(try number(1)) {
        let (start, index) = (try number(8), try number(1))
        _ = try bytes(3)
        if first[index] == nil { first[index] = start }
      }
      func seconds(_ start: UInt64) -> Double { Double(offset &+ start) / Double(sampleRate) }
      track.start = seconds(first[1] ?? first.values.min() ?? 0)
      track.gapStart = first[0].map(seconds).flatMap { $0 < track.start ? $0 : nil }
      // The lead-out, which is no track, ends the last one where the file ends.
      if track.number != 170 && track.number != 255 { tracks.append(track) }
    }
    guard tracks.contains(where: \.isAudio) else { throw CueSheetError("its CUESHEET block has no track of music") }
  }
}
