import CFFmpeg
import Foundation

extension Demuxer {
  /// Why the content could not be opened as the format that it seems to be in.
  enum Refusal: Error {
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

  /// FFmpeg recognises a format in the first 1 MiB, which longer tags, with large pictures, leave nothing of.
  private static let longTags = 900 << 10

  /// All that comes after ID3v2 tags that are too long for FFmpeg to look behind them, or in front of an MP4 file, whose
  /// index counts from its own beginning, or of an Ogg file, whose pages are looked at; nil if there are none.
  static func beginningBehindTags(in source: FileSource) -> Range<Int>? {
    let end = MPEGFrames.endOfTags(in: source)
    guard end > 0, end < source.byteCount else { return nil }
    let head = source.bytes(at: end, count: 8)
    let isCounted = head.starts(with: "OggS".utf8) || head.dropFirst(4).elementsEqual("ftyp".utf8)
    return end > longTags || isCounted ? end..<source.byteCount : nil
  }

  /// Where sound begins behind something else; nil if there is none.
  static func beginningOfSound(in source: FileSource) -> Int? {
    // The rest of an Ogg file has frames too, but its pages cut through them.
    let begin =
      source.bytes(at: 0, count: 4).elementsEqual("OggS".utf8)
      ? OggChain.beginning(in: source)
      : SampleChunk.beginning(in: source) ?? MPEGFrames.beginning(in: source) ?? SyncFrames.beginning(in: source)
        ?? OggChain.beginning(in: source) ?? LastBlock.beginningOfFLAC(in: source)
    return begin.flatMap { $0 > 0 ? $0 : nil }
  }

  static func failedProbe(_ path: String, _ source: FileSource) -> Refusal {
    source.readError != 0 ? .because(AudioDecodingError(path: path, errno: source.readError)) : .unrecognised
  }

  static func open(
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

  static func bestStream(
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
}
