import CFFmpeg
import Tags

extension Demuxer {
  /// The tags of the file and its stream: our own reader's of ID3v2, else TagLib's, else FFmpeg's
  /// (docs/decisions/tags.md).
  var tagFields: TagFields {
    var fields = TagFields()
    let format = context.map { String(cString: $0.pointee.iformat.pointee.name) } ?? ""
    let codec = String(cString: avcodec_get_name(stream.pointee.codecpar.pointee.codec_id))
    // The tags in front are not in the part of the file that is read.
    let whole = range == nil ? source : (try? FileSource(path: path)) ?? source
    let reader = ID3v2Reader { whole.bytes(at: $0, count: $1) }
    // In other formats ID3v2 is a guest, and their own tags are to be believed.
    let leads = Self.formatsOfID3.contains(format)
    if leads { reader.add(to: &fields) }
    fields.add(file: path, format: format, codec: codec)
    if !leads { reader.add(from: Self.offsetOfID3(in: whole, format: format), to: &fields) }
    fields.add([context?.pointee.metadata, stream.pointee.metadata])
    return fields
  }

  /// Where a file of direct-stream digital has its ID3v2 tag; 0 for other formats. TagLib 1.13 knows neither of them.
  private static func offsetOfID3(in source: FileSource, format: String) -> Int {
    func number(_ bytes: some Sequence<UInt8>) -> Int { bytes.reduce(0) { ($0 & Int.max >> 8) << 8 | Int($1) } }
    switch format {
    case "dsf":
      return number(source.bytes(at: 20, count: 8).reversed())
    case "iff":
      var offset = 16
      for _ in 0..<mostChunks {
        let header = source.bytes(at: offset, count: 12)
        guard header.count == 12 else { return 0 }
        if header.starts(with: "ID3 ".utf8) { return offset + 12 }
        let size = number(header[4...])
        guard size < Int.max / 2 - offset else { return 0 }
        offset += 12 + size + size % 2
      }
      return 0
    default: return 0
    }
  }

  private static let mostChunks = 64

  /// FFmpeg's names of formats whose own tags are ID3v2.
  private static let formatsOfID3: Set = ["mp3", "aac", "tta"]
}
