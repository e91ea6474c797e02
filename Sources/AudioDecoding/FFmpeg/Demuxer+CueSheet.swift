import CFFmpeg
import Tags

extension Demuxer {
  /// The songs of a CUE sheet in the file, two or more, or why there are none; empty if it has no sheet.
  ///
  /// - Parameters:
  ///   - fields: the file's tags.
  ///   - duration: the file's length in seconds, if it is known.
  func cueSheetSongs(_ fields: TagFields, duration: Double?) -> Result<[CueSheet.Song], CueSheetError> {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let block = formatName == "flac" ? Self.cueSheetBlock(in: source) : nil
    do throws(CueSheetError) {
      let songs = try EmbeddedCueSheet.songs(
        in: fields, name: name, flacBlock: block, sampleRate: Int(stream.pointee.codecpar.pointee.sample_rate))
      if let last = songs.last {
        try CueSheet.check(last: "song \(last.ordinal)", beginningAt: last.bounds.start, inFileOf: duration)
      }
      return .success(songs)
    } catch {
      return .failure(error)
    }
  }

  private static let mostBlocks = 128

  /// The block CUESHEET of a FLAC file (RFC 9639, 8.7), without its header.
  private static func cueSheetBlock(in source: FileSource) -> [UInt8]? {
    var offset = MPEGFrames.endOfTags(in: source)
    guard source.bytes(at: offset, count: 4).elementsEqual("fLaC".utf8) else { return nil }
    offset += 4
    for _ in 0..<mostBlocks {
      let header = source.bytes(at: offset, count: 4)
      guard header.count == 4 else { return nil }
      let size = header[1...].reduce(0) { $0 << 8 | Int($1) }
      if header[0] & 0x7F == 5 { return source.bytes(at: offset + 4, count: min(size, CueSheet.mostBytes)) }
      guard header[0] & 0x80 == 0 else { return nil }
      offset += 4 + size
    }
    return nil
  }
}
