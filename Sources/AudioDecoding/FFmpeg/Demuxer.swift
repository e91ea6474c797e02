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
  private let source: FileSource
  private var context: UnsafeMutablePointer<AVFormatContext>?
  private var packet: UnsafeMutablePointer<AVPacket>?

  /// Other rates are taken for a broken header: nobody records them, and the resampler's tables would be huge.
  static let plausibleSampleRates = 100...768_000
  /// As many as fit into the mask of a channel layout with one bit to spare.
  static let plausibleChannelCounts = 1...63

  /// Opens a file and reads as much of it as is needed to know its streams.
  init(path: String) throws(AudioDecodingError) {
    self.path = path
    source = try FileSource(path: path)
    var format: UnsafePointer<AVInputFormat>?
    // No name is given: the content decides, whatever a file is called.
    let score = av_probe_input_buffer2(source.io, &format, "", nil, 0, 0)
    guard score >= 0, let format else { throw Self.unrecognised(path, source) }
    isDoubtful = score < AVPROBE_SCORE_RETRY
    var opened = try Self.open(path, source, format, isDoubtful: isDoubtful)
    do throws(AudioDecodingError) {
      (stream, decoder) = try Self.bestStream(of: opened, path, isDoubtful: isDoubtful)
      packet = try AudioDecodingError.on(path) { () throws(FFmpegFailure) in
        try FFmpegFailure.check(allocated: av_packet_alloc(), for: "a packet")
      }
    } catch {
      avformat_close_input(&opened)
      throw error
    }
    context = opened
  }

  deinit {
    av_packet_free(&packet)
    avformat_close_input(&context)
  }

  private static func unrecognised(_ path: String, _ source: FileSource) -> AudioDecodingError {
    if source.readError != 0 { return AudioDecodingError(path: path, errno: source.readError) }
    return AudioDecodingError(path: path, kind: .notAudio, reason: "its content is in no known audio format")
  }

  private static func open(
    _ path: String, _ source: FileSource, _ format: UnsafePointer<AVInputFormat>, isDoubtful: Bool
  ) throws(AudioDecodingError) -> UnsafeMutablePointer<AVFormatContext>? {
    var context = avformat_alloc_context()
    guard let fresh = context else { throw AudioDecodingError(path: path, errno: ENOMEM) }
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
  ) -> AudioDecodingError {
    let error = AudioDecodingError(path: path, failure)
    let name = String(cString: format.pointee.long_name ?? format.pointee.name)
    if source.readError != 0 { return AudioDecodingError(path: path, errno: source.readError) }
    if source.namedOthers || lists.contains(String(cString: format.pointee.name)) {
      return AudioDecodingError(path: path, kind: .notAudio, reason: "it is a list of other files (\(name))")
    }
    if isDoubtful { return AudioDecodingError(path: path, kind: .notAudio, reason: error.reason) }
    // In an MP4 file the index usually comes last.
    if error.kind == .corrupted && error.reason.contains("moov atom not found") {
      return AudioDecodingError(path: path, kind: .truncated, reason: "\(error.reason) (\(name))")
    }
    // A lack of memory means here that a broken header asked for too much.
    let kind = error.kind == .failed ? .corrupted : error.kind
    return AudioDecodingError(path: path, kind: kind, reason: "\(error.reason) (\(name))")
  }

  private static func bestStream(
    of context: UnsafeMutablePointer<AVFormatContext>?, _ path: String, isDoubtful: Bool
  ) throws(AudioDecodingError) -> (UnsafeMutablePointer<AVStream>, UnsafePointer<AVCodec>) {
    guard let context else { throw AudioDecodingError(path: path, errno: ENOMEM) }
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
      throw AudioDecodingError(
        path: path, kind: isDoubtful ? .notAudio : .corrupted,
        reason: "its header claims \(parameters.ch_layout.nb_channels) channels at \(parameters.sample_rate) Hz")
    }
    return (stream, decoder)
  }

  private static func noStream(
    _ path: String, _ code: Int32, _ streams: [UnsafeMutablePointer<AVStream>], isDoubtful: Bool
  ) -> AudioDecodingError {
    func has(_ type: AVMediaType) -> UnsafeMutablePointer<AVStream>? {
      streams.first { $0.pointee.codecpar.pointee.codec_type == type }
    }
    if code == akin_averror_decoder_not_found, let audio = has(AVMEDIA_TYPE_AUDIO) {
      let name = String(cString: avcodec_get_name(audio.pointee.codecpar.pointee.codec_id))
      return AudioDecodingError(
        path: path, kind: .unsupportedCodec, reason: "this build of FFmpeg has no decoder for its codec (\(name))")
    }
    if isDoubtful {
      return AudioDecodingError(path: path, kind: .notAudio, reason: "its content is in no known audio format")
    }
    if has(AVMEDIA_TYPE_AUDIO) != nil {
      return AudioDecodingError(
        path: path, kind: .corrupted, reason: "its header describes no sound that could be played")
    }
    if has(AVMEDIA_TYPE_VIDEO) != nil || streams.isEmpty {
      return AudioDecodingError(path: path, kind: .noAudioStream, reason: "it has no sound, at most pictures")
    }
    return AudioDecodingError(path: path, kind: .notAudio, reason: "it holds text or data, no sound")
  }

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

  /// The stream's next packet, valid until the next call; nil at the end.
  func nextPacket() throws(AudioDecodingError) -> UnsafeMutablePointer<AVPacket>? {
    guard let packet else { return nil }
    var errors = 0
    while errors < Self.toleratedReadErrors {
      av_packet_unref(packet)
      let code = av_read_frame(context, packet)
      if code >= 0 && packet.pointee.stream_index == stream.pointee.index {
        packetBytes += Int(packet.pointee.size)
        return packet
      }
      if code == akin_averror_eof { break }
      if code < 0 { errors += 1 }
      if code == akin_averror(ENOMEM) {
        throw AudioDecodingError(path: path, FFmpegFailure(code: code, attempt: "read it"))
      }
    }
    if source.readError != 0 { throw AudioDecodingError(path: path, errno: source.readError) }
    return nil
  }

  /// Moves to the last point at or before a time in the stream's time base; false if the file does not allow it.
  func seek(to timestamp: Int64) -> Bool {
    avformat_seek_file(context, stream.pointee.index, .min, timestamp, timestamp, 0) >= 0
  }
}

extension Demuxer {
  /// The tags of the file and its stream: our own reader's of ID3v2, else TagLib's, else FFmpeg's
  /// (docs/decisions/tags.md).
  var tags: AudioTags {
    var fields = TagFields()
    let format = context.map { String(cString: $0.pointee.iformat.pointee.name) } ?? ""
    let codec = String(cString: avcodec_get_name(stream.pointee.codecpar.pointee.codec_id))
    let reader = ID3v2Reader { [source] in source.bytes(at: $0, count: $1) }
    // In other formats ID3v2 is a guest, and their own tags are to be believed.
    if Self.formatsOfID3.contains(format) { reader.add(to: &fields) }
    fields.add(file: path, format: format, codec: codec)
    reader.add(to: &fields)
    fields.add([context?.pointee.metadata, stream.pointee.metadata])
    return AudioTags(fields, genreName: TagFields.genreName)
  }

  /// FFmpeg's names of formats whose own tags are ID3v2.
  private static let formatsOfID3: Set = ["mp3", "aac", "tta"]

  /// Whether a stream holds moving pictures.
  var hasVideo: Bool {
    guard let context else { return false }
    return (0..<Int(context.pointee.nb_streams)).contains { index in
      guard let stream = context.pointee.streams[index]?.pointee else { return false }
      return stream.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
        && stream.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
    }
  }

  /// The length in seconds as the header states it; nil if FFmpeg only guesses it from the bit rate.
  var statedDuration: Double? {
    guard let context else { return nil }
    guard context.pointee.duration_estimation_method != AVFMT_DURATION_FROM_BITRATE else { return lostDuration }
    let duration = stream.pointee.duration
    if duration != akin_no_timestamp && duration > 0 { return seconds(duration) }
    guard context.pointee.duration > 0 else { return nil }
    return Double(context.pointee.duration) / Double(AV_TIME_BASE)
  }

  /// The length that the header of a truncated WAV file states; FFmpeg itself goes by the file's size.
  private var lostDuration: Double? {
    guard let context, String(cString: context.pointee.iformat.pointee.name) == "wav" else { return nil }
    let parameters = stream.pointee.codecpar.pointee
    let bytesPerSecond = Double(parameters.block_align) * Double(parameters.sample_rate)
    guard av_get_bits_per_sample(parameters.codec_id) > 0, bytesPerSecond > 0 else { return nil }
    return source.statedWAVDataSize.map { Double($0) / bytesPerSecond }
  }

  private func seconds(_ timestamp: Int64) -> Double { Double(timestamp) * av_q2d(stream.pointee.time_base) }

  /// The length in seconds of all packets from here to the end, which are read but not decoded; nil if the packets do
  /// not state theirs.
  func scannedDuration() throws(AudioDecodingError) -> Double? {
    var total: Int64 = 0
    while let packet = try nextPacket() {
      total = total.addingReportingOverflow(max(0, packet.pointee.duration)).partialValue
    }
    return total > 0 ? seconds(total) : nil
  }
}

extension AudioFileInfo {
  /// What an open file states; if it does not state its length, the file is read to its end once more.
  init(_ demuxer: Demuxer) throws(AudioDecodingError) {
    let parameters = demuxer.stream.pointee.codecpar.pointee
    var duration = demuxer.statedDuration
    if duration == nil { duration = try Demuxer(path: demuxer.path).scannedDuration() }
    self.init(
      tags: demuxer.tags, duration: duration.flatMap { $0.isFinite ? $0 : nil },
      sampleRate: Int(parameters.sample_rate),
      channelCount: Int(parameters.ch_layout.nb_channels),
      codec: String(cString: avcodec_get_name(parameters.codec_id)))
  }
}
