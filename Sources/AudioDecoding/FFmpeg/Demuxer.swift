import CFFmpeg
import Foundation

/// An open audio file and its best audio stream; yields that stream's packets.
final class Demuxer {
  let path: String
  /// The stream that is read; all others, such as cover art, are skipped by FFmpeg.
  let stream: UnsafeMutablePointer<AVStream>
  let decoder: UnsafePointer<AVCodec>
  /// Whether the content only vaguely resembles the format that it is read as.
  let isDoubtful: Bool
  let source: FileSource
  private(set) var context: UnsafeMutablePointer<AVFormatContext>?
  private var packet: UnsafeMutablePointer<AVPacket>?

  /// Other rates are taken for a broken header: nobody records them, and the resampler's tables would be huge.
  static let plausibleSampleRates = 100...768_000
  /// As many as fit into the mask of a channel layout with one bit to spare.
  static let plausibleChannelCounts = 1...63

  /// The part of the file that is read; nil for all of it.
  let range: Range<Int>?
  /// Where the samples lie in a WAV file and its like.
  let sampleChunk: SampleChunk?
  /// When the sound of an Ogg file begins and ends.
  let oggTimes: OggTimes?
  /// The pages of an Ogg file that were looked at.
  private(set) lazy var oggChain = OggChain(in: source)
  /// Whether the edit list of an MP4 file is left out of account.
  let ignoresEdits: Bool

  /// Opens a file, or a part of it, and reads as much as is needed to know its streams.
  ///
  /// WAV, MPEG audio, AAC, AC-3, DTS, FLAC and Ogg are found behind junk too, such as a web page, in a file that is in no
  /// other format.
  convenience init(path: String, range: Range<Int>? = nil, ignoresEdits: Bool = false) throws(AudioDecodingError) {
    let whole = try FileSource(path: path, range: range)
    let behindTags = range == nil ? Self.beginningBehindTags(in: whole) : nil
    let source = try behindTags.map { behind throws(AudioDecodingError) in
      try FileSource(path: path, range: behind)
    }
    do throws(Refusal) {
      try self.init(path, source ?? whole, behindTags ?? range, ignoresEdits: ignoresEdits)
    } catch {
      guard error.isUncertain, range == nil, let begin = Self.beginningOfSound(in: whole) else {
        throw error.error(path)
      }
      let rest = begin..<whole.byteCount
      let restSource = try FileSource(path: path, range: rest)
      do throws(Refusal) {
        try self.init(path, restSource, rest, ignoresEdits: ignoresEdits)
      } catch {
        throw error.error(path)
      }
    }
  }

  private init(
    _ path: String, _ source: FileSource, _ range: Range<Int>?, ignoresEdits: Bool
  ) throws(Refusal) {
    (self.path, self.source, self.range, self.ignoresEdits) = (path, source, range, ignoresEdits)
    sampleChunk = SampleChunk(in: source)
    oggTimes = OggTimes(in: source)
    source.patches = sampleChunk?.patches.sorted { $0.offset < $1.offset } ?? oggTimes?.patches() ?? []
    var format: UnsafePointer<AVInputFormat>?
    // No name is given: the content decides, whatever a file is called.
    let score = av_probe_input_buffer2(source.io, &format, "", nil, 0, 0)
    guard score >= 0, let format else { throw Self.failedProbe(path, source) }
    isDoubtful = score < AVPROBE_SCORE_RETRY
    var opened = try Self.open(path, source, format, isDoubtful: isDoubtful, ignoresEdits: ignoresEdits)
    do throws(Refusal) {
      (stream, decoder) = try Self.bestStream(of: opened, path, isDoubtful: isDoubtful)
      packet = av_packet_alloc()
      guard packet != nil else { throw .because(AudioDecodingError(path: path, errno: ENOMEM)) }
    } catch {
      avformat_close_input(&opened)
      throw error
    }
    context = opened
  }

  /// FFmpeg's short name of the format, such as `mp3`.
  var formatName: String { context.map { String(cString: $0.pointee.iformat.pointee.name) } ?? "" }

  deinit {
    av_packet_free(&packet)
    avformat_close_input(&context)
  }

  /// Is shown all packets as they are read, and told where reading goes on.
  var packetDigest: PacketDigest?

  /// The bytes of all packets so far.
  private(set) var packetBytes = 0

  /// The bytes of the file without its pictures.
  var soundBytes: Int {
    guard let context, let io = source.io else { return 0 }
    let pictures = (0..<Int(context.pointee.nb_streams)).reduce(0) { total, index in
      total + Int(context.pointee.streams[index]?.pointee.attached_pic.size ?? 0)
    }
    return Int(avio_size(io)) - pictures
  }

  /// How many consecutive errors of the demuxer are taken for gaps before they are taken for the end.
  private static let toleratedReadErrors = 16

  /// Whether the last packet is to be returned once more.
  private var isHeld = false

  /// The stream's next packet, valid until the next call; nil at the end.
  func nextPacket() throws(AudioDecodingError) -> UnsafeMutablePointer<AVPacket>? {
    guard let packet else { return nil }
    if isHeld {
      isHeld = false
      return packet
    }
    var errors = 0
    while errors < Self.toleratedReadErrors {
      av_packet_unref(packet)
      let code = av_read_frame(context, packet)
      if code >= 0 && packet.pointee.stream_index == stream.pointee.index {
        packetBytes += Int(packet.pointee.size)
        packetDigest?.take(packet)
        return packet
      }
      if code == akin_averror_eof { break }
      if code < 0 { errors += 1 }
      if code == akin_averror(ENOMEM) {
        throw AudioDecodingError(path: path, FFmpegFailure(code: code, attempt: "read it"))
      }
    }
    if source.readError != 0 { throw AudioDecodingError(path: path, errno: source.readError) }
    packetDigest?.noteEnd()
    return nil
  }

  /// Moves to the last point at or before a time in the stream's time base; false if the file does not allow it.
  func seek(to timestamp: Int64) -> Bool {
    packetDigest?.noteSeek()
    return avformat_seek_file(context, stream.pointee.index, .min, timestamp, timestamp, 0) >= 0
  }

  /// Passes over packets without decoding them as long as they end before so many seconds. The next packet is the first
  /// one after them. Returns how many seconds were passed over.
  func skip(seconds limit: Double) throws(AudioDecodingError) -> Double {
    var passed: Int64 = 0
    while let packet = try nextPacket() {
      let after = passed.addingReportingOverflow(max(0, packet.pointee.duration)).partialValue
      guard seconds(after) <= limit else {
        isHeld = true
        break
      }
      passed = after
    }
    return seconds(passed)
  }
}
