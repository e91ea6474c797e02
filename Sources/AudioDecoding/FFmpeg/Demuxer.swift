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

  /// FFmpeg recognises a format in the first 1 MiB, which longer tags, with large pictures, leave nothing of.
  private static let longTags = 900 << 10

  /// All that comes after ID3v2 tags that are too long for FFmpeg to look behind them, or in front of an MP4 file, whose
  /// index counts from its own beginning, or of an Ogg file, whose pages are looked at; nil if there are none.
  private static func beginningBehindTags(in source: FileSource) -> Range<Int>? {
    let end = MPEGFrames.endOfTags(in: source)
    guard end > 0, end < source.byteCount else { return nil }
    let head = source.bytes(at: end, count: 8)
    let isCounted = head.starts(with: "OggS".utf8) || head.dropFirst(4).elementsEqual("ftyp".utf8)
    return end > longTags || isCounted ? end..<source.byteCount : nil
  }

  /// Where sound begins behind something else; nil if there is none.
  private static func beginningOfSound(in source: FileSource) -> Int? {
    // The rest of an Ogg file has frames too, but its pages cut through them.
    let begin =
      source.bytes(at: 0, count: 4).elementsEqual("OggS".utf8)
      ? OggChain.beginning(in: source)
      : SampleChunk.beginning(in: source) ?? MPEGFrames.beginning(in: source) ?? SyncFrames.beginning(in: source)
        ?? OggChain.beginning(in: source) ?? LastBlock.beginningOfFLAC(in: source)
    return begin.flatMap { $0 > 0 ? $0 : nil }
  }

  /// Why the content could not be opened as the format that it seems to be in.
  private enum Refusal: Error {
    /// It resembles no format enough; what it seems to be is found out only for the message.
    case unrecognised
    case because(AudioDecodingError)
    /// It only vaguely resembles the format of which this is said.
    case doubtful(AudioDecodingError)

    /// Whether the content may still be something else.
    var isUncertain: Bool {
      switch self {
      case .unrecognised, .doubtful: true
      case .because(let error): error.kind == .notAudio
      }
    }

    func error(_ path: String) -> AudioDecodingError {
      switch self {
      case .unrecognised: AudioDecodingError(unrecognised: path)
      case .because(let error), .doubtful(let error): error
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

  private static func failedProbe(_ path: String, _ source: FileSource) -> Refusal {
    source.readError != 0 ? .because(AudioDecodingError(path: path, errno: source.readError)) : .unrecognised
  }

  private static func open(
    _ path: String, _ source: FileSource, _ format: UnsafePointer<AVInputFormat>, isDoubtful: Bool,
    ignoresEdits: Bool
  ) throws(Refusal) -> UnsafeMutablePointer<AVFormatContext>? {
    var context = avformat_alloc_context()
    guard let fresh = context else { throw .because(AudioDecodingError(path: path, errno: ENOMEM)) }
    fresh.pointee.pb = source.io
    fresh.pointee.opaque = Unmanaged.passUnretained(source).toOpaque()
    fresh.pointee.io_open = { context, _, _, _, _ in
      // Playlists open their entries through contexts of their own, which have no such pointer.
      if let source = context?.pointee.opaque {
        Unmanaged<FileSource>.fromOpaque(source).takeUnretainedValue().namedOthers = true
      }
      return akin_averror(EPERM)
    }
    var options: OpaquePointer?
    defer { av_dict_free(&options) }
    av_dict_set(&options, "protocol_whitelist", "none", 0)
    if ignoresEdits { av_dict_set(&options, "ignore_editlist", "1", 0) }
    let code = avformat_open_input(&context, "", format, &options)
    guard code >= 0 else {
      throw refusal(path, source, format, FFmpegFailure(code: code, attempt: "open it"), isDoubtful: isDoubtful)
    }
    // If this fails, a stream may still be known well enough.
    avformat_find_stream_info(context, nil)
    return context
  }

  /// FFmpeg's names for formats that only name other files.
  private static let lists: Set = ["hls", "concat", "dash", "imf", "sdp"]

  /// Why a file whose format was recognised could not be opened.
  private static func refusal(
    _ path: String, _ source: FileSource, _ format: UnsafePointer<AVInputFormat>, _ failure: FFmpegFailure,
    isDoubtful: Bool
  ) -> Refusal {
    let name = String(cString: format.pointee.long_name ?? format.pointee.name)
    if source.readError != 0 { return .because(AudioDecodingError(path: path, errno: source.readError)) }
    if source.namedOthers || lists.contains(String(cString: format.pointee.name)) {
      return .because(AudioDecodingError(path: path, kind: .notAudio, reason: "it is a list of other files (\(name))"))
    }
    if isDoubtful { return .unrecognised }
    if String(cString: format.pointee.name) == "ogg", OggPages(source: source).page(at: 0)?.beginsStream == false {
      return .unrecognised
    }
    // In an MP4 file the index usually comes last.
    if failure.words.contains("moov atom not found") {
      return .because(
        AudioDecodingError(
          path: path, kind: .truncated,
          reason: "it is broken off before the index at its end, without which nothing can be played (\(name))"))
    }
    let error = AudioDecodingError(path: path, failure)
    guard error.kind == .corrupted || error.kind == .failed else { return .because(error) }
    // A lack of memory means here that a broken header asked for too much.
    let broken = AudioDecodingError(
      path: path, kind: .corrupted,
      reason: "its header is broken, or it is not the \(name) file that it seems (FFmpeg: \(failure.words))")
    // An ID3v2 tag, which may be in front of anything, is enough to be taken for MP3.
    return String(cString: format.pointee.name) == "mp3" ? .doubtful(broken) : .because(broken)
  }

  private static func bestStream(
    of context: UnsafeMutablePointer<AVFormatContext>?, _ path: String, isDoubtful: Bool
  ) throws(Refusal) -> (UnsafeMutablePointer<AVStream>, UnsafePointer<AVCodec>) {
    guard let context else { throw .because(AudioDecodingError(path: path, errno: ENOMEM)) }
    let streams = context.pointee.streams
    let all = (0..<Int(context.pointee.nb_streams)).compactMap { streams?[$0] }
    var decoder: UnsafePointer<AVCodec>?
    let index = av_find_best_stream(context, AVMEDIA_TYPE_AUDIO, -1, -1, &decoder, 0)
    guard index >= 0, let decoder, let stream = streams?[Int(index)] else {
      throw noStream(path, index, all, isDoubtful: isDoubtful)
    }
    for other in all where other != stream { other.pointee.discard = AVDISCARD_ALL }
    let parameters = stream.pointee.codecpar.pointee
    guard
      plausibleSampleRates.contains(Int(parameters.sample_rate)),
      plausibleChannelCounts.contains(Int(parameters.ch_layout.nb_channels))
    else {
      if isDoubtful { throw .unrecognised }
      throw .because(
        AudioDecodingError(
          path: path, kind: .corrupted,
          reason: "its header makes no sense: channels \(parameters.ch_layout.nb_channels), "
            + "rate \(parameters.sample_rate) Hz"))
    }
    return (stream, decoder)
  }

  private static func noStream(
    _ path: String, _ code: Int32, _ streams: [UnsafeMutablePointer<AVStream>], isDoubtful: Bool
  ) -> Refusal {
    func has(_ type: AVMediaType) -> UnsafeMutablePointer<AVStream>? {
      streams.first { $0.pointee.codecpar.pointee.codec_type == type }
    }
    if code == akin_averror_decoder_not_found, let audio = has(AVMEDIA_TYPE_AUDIO) {
      let name = String(cString: avcodec_get_name(audio.pointee.codecpar.pointee.codec_id))
      let error = AudioDecodingError(
        path: path, kind: .unsupportedCodec,
        reason: "this version of FFmpeg (\(FFmpegFailure.version)) has no decoder for its codec, \(name)")
      return isDoubtful ? .doubtful(error) : .because(error)
    }
    if isDoubtful { return .unrecognised }
    if has(AVMEDIA_TYPE_AUDIO) != nil {
      return .because(
        AudioDecodingError(
          path: path, kind: .corrupted, reason: "its header describes no sound that could be played"))
    }
    if has(AVMEDIA_TYPE_VIDEO) != nil || streams.isEmpty {
      return .because(
        AudioDecodingError(path: path, kind: .noAudioStream, reason: "it has no sound, at most pictures"))
    }
    return .because(AudioDecodingError(path: path, kind: .notAudio, reason: "it holds text or data, no sound"))
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
}

extension Demuxer {
  /// Whether a stream holds moving pictures.
  var hasVideo: Bool {
    guard let context else { return false }
    return (0..<Int(context.pointee.nb_streams)).contains { index in
      guard let stream = context.pointee.streams[index]?.pointee else { return false }
      return stream.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
        && stream.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
    }
  }

  /// The length in seconds that the header states in formats in which FFmpeg goes by what is there; nil in all others.
  var promisedDuration: Double? {
    oggTimes?.promised ?? ContainerEnd.promisedDuration(source, format: formatName)
  }

  /// Whether the file ends before its header says, in formats in which FFmpeg goes by what is there.
  var isBrokenOff: Bool {
    oggTimes?.isBrokenOff() ?? ContainerEnd.isBrokenOff(source, format: formatName)
  }

  /// The length in seconds as the header states it; nil if FFmpeg only guesses it from the bit rate.
  var statedDuration: Double? {
    guard let context else { return nil }
    guard context.pointee.duration_estimation_method != AVFMT_DURATION_FROM_BITRATE else { return sampleDuration }
    let duration = stream.pointee.duration
    if duration != akin_no_timestamp && duration > 0 { return seconds(duration) }
    guard context.pointee.duration > 0 else { return nil }
    return Double(context.pointee.duration) / Double(AV_TIME_BASE)
  }

  /// The length of the samples that a WAV file or its like states, where FFmpeg goes by the file's size.
  private var sampleDuration: Double? {
    let parameters = stream.pointee.codecpar.pointee
    // Compressed samples of a few bits, as of ADPCM, have an even rate too.
    let isEven = av_get_bits_per_sample(parameters.codec_id) > 0 && parameters.bit_rate > 0
    guard let bytes = sampleChunk?.statedBytes,
      let rate = bytesPerSecond ?? (isEven ? Double(parameters.bit_rate) / 8 : nil)
    else { return nil }
    return Double(bytes) / rate
  }

  /// The bytes of a second of samples that are not compressed; nil for all others.
  var bytesPerSecond: Double? {
    let parameters = stream.pointee.codecpar.pointee
    let bits = Int(av_get_bits_per_sample(parameters.codec_id)) * Int(parameters.ch_layout.nb_channels)
    guard bits > 0, bits == 8 * Int(parameters.block_align) else { return nil }
    return Double(parameters.block_align) * Double(parameters.sample_rate)
  }

  /// When the sound begins, in seconds; nil if its first packets do not say so.
  var startTime: Double? { stream.pointee.start_time == akin_no_timestamp ? nil : seconds(stream.pointee.start_time) }

  /// The number of samples in the blocks of a FLAC file whose blocks all have the same; 0 for other codecs.
  var fixedBlockSize: Int {
    let parameters = stream.pointee.codecpar.pointee
    guard parameters.codec_id == AV_CODEC_ID_FLAC, parameters.extradata_size >= 4, let header = parameters.extradata
    else { return 0 }
    return Int(header[0]) << 8 | Int(header[1])
  }

  /// What a sound file may have that FFmpeg passes over without a word; nil if there is nothing of that kind.
  var unsupportedFeature: String? {
    let parameters = stream.pointee.codecpar.pointee
    // FFmpeg before 6.1 takes no frame of such a file for a frame.
    return parameters.codec_id == AV_CODEC_ID_FLAC && parameters.bits_per_raw_sample > 24
      ? "FLAC of \(parameters.bits_per_raw_sample) bits a sample" : nil
  }

  /// What the index at the beginning of a file says of its end: when the last packet ends whose bytes are all there, in
  /// seconds after the first, and whether packets are missing after it; nil if there is no such index.
  func endByIndex() -> (seconds: Double, isBrokenOff: Bool)? {
    let count = avformat_index_get_entries_count(stream)
    guard count > 1, let first = avformat_index_get_entry(stream, 0)?.pointee.timestamp else { return nil }
    var next: Int64?
    for place in (0..<count).reversed() {
      guard let entry = avformat_index_get_entry(stream, place)?.pointee else { return nil }
      // Where the last packet ends is not in the index; packets are about as long as the one before.
      if Int(entry.pos) + Int(entry.size) <= source.byteCount && Int(entry.pos) < source.byteCount {
        let before = place > 0 ? avformat_index_get_entry(stream, place - 1)?.pointee.timestamp : nil
        let end = next ?? before.map { 2 &* entry.timestamp &- $0 } ?? entry.timestamp
        return (seconds(end &- first), place < count - 1)
      }
      next = entry.timestamp
    }
    return (0, true)
  }

  private func seconds(_ timestamp: Int64) -> Double { Double(timestamp) * av_q2d(stream.pointee.time_base) }

  /// What all packets from here to the end say of the length; they are read but not decoded.
  struct Scan {
    /// The length in seconds; nil if the packets do not state theirs.
    var duration: Double?
    /// Whether their time stamps run on without a gap or a jump back, as far as they have any.
    var isEven = true
    /// Whether bytes of the last one are missing.
    var endsBrokenOff = false
    /// The bytes of those that look like sound.
    var soundBytes = 0
  }

  /// How far a time stamp may be from where the packet before ends, in seconds: containers round.
  private static let toleratedDrift = 0.25
  /// Clocks of containers that tick no faster, in seconds, as Matroska's and ASF's, round the length of each packet.
  private static let coarseTick = 0.000_5

  /// Reads all packets from here to the end.
  func scan() throws(AudioDecodingError) -> Scan {
    var scan = Scan()
    var (total, first, next): (Int64, Int64?, Int64?) = (0, nil, nil)
    let tick = av_q2d(stream.pointee.time_base)
    let (tolerated, isRounded) = (Self.toleratedDrift / tick, tick >= Self.coarseTick)
    while let packet = try nextPacket() {
      scan.endsBrokenOff = packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0
      if looksLikeSound(packet) { scan.soundBytes += Int(packet.pointee.size) }
      let length = max(0, packet.pointee.duration)
      let time = packet.pointee.pts == akin_no_timestamp ? packet.pointee.dts : packet.pointee.pts
      if time != akin_no_timestamp {
        let begin = first ?? time &- total
        first = begin
        // Rounded lengths add up to something else than the times, which do not drift.
        let expected = isRounded ? next ?? time : begin &+ total
        if abs(Double(time) - Double(expected)) > tolerated { scan.isEven = false }
        next = time &+ length
      } else if let end = next {
        next = end &+ length
      }
      total = total.addingReportingOverflow(length).partialValue
    }
    guard total > 0 else { return scan }
    let span = first.flatMap { first in next.map { $0 &- first } } ?? total
    let isDrift = isRounded && scan.isEven && abs(Double(span) - Double(total)) > tolerated
    scan.duration = seconds(isDrift ? span : total)
    return scan
  }

  /// Whether a packet has the size that its header states, if it is one of MPEG audio: FFmpeg makes packets of noise too.
  private func looksLikeSound(_ packet: UnsafeMutablePointer<AVPacket>) -> Bool {
    guard stream.pointee.codecpar.pointee.codec_id == AV_CODEC_ID_MP3, let data = packet.pointee.data else {
      return true
    }
    let size = Int(packet.pointee.size)
    return size >= 4 && MPEGFrameHeader(UnsafeBufferPointer(start: data, count: 4))?.byteCount == size
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
