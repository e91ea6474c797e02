import CFFmpeg

/// An audio file that is being written.
final class Muxer {
  private var context: UnsafeMutablePointer<AVFormatContext>?
  private let encoder: FrameEncoder
  private let audio: UnsafeMutablePointer<AVStream>
  private let cover: UnsafeMutablePointer<AVStream>?

  /// Creates the file at `path` and writes its header.
  init(
    path: String, _ plan: EncodingPlan, channelCount: Int, tags: AudioTags, hasCover coverCodec: AVCodecID?
  ) throws(FFmpegFailure) {
    var opened: UnsafeMutablePointer<AVFormatContext>?
    do throws(FFmpegFailure) {
      try FFmpegFailure.check(
        avformat_alloc_output_context2(&opened, nil, plan.muxer, nil), to: "find the writer \(plan.muxer)")
      let fresh = try FFmpegFailure.check(allocated: opened, for: "a file")
      fresh.pointee.flags |= AVFMT_FLAG_BITEXACT
      let globalHeader = fresh.pointee.oformat.pointee.flags & AVFMT_GLOBALHEADER != 0
      encoder = try FrameEncoder(plan, channelCount: channelCount, globalHeader: globalHeader)
      audio = try FFmpegFailure.check(allocated: avformat_new_stream(fresh, nil), for: "a stream")
      audio.pointee.time_base = AVRational(num: 1, den: Int32(plan.sampleRate))
      try FFmpegFailure.check(
        avcodec_parameters_from_context(audio.pointee.codecpar, encoder.context), to: "describe the stream")
      cover = try coverCodec.map { codec throws(FFmpegFailure) in try Self.addCover(codec, to: fresh) }
      for (key, value) in tags.entries {
        let code =
          plan.tagsOnStream
          ? av_dict_set(&audio.pointee.metadata, key, value, 0) : av_dict_set(&fresh.pointee.metadata, key, value, 0)
        try FFmpegFailure.check(code, to: "set a tag")
      }
      try Self.start(fresh, path, plan)
    } catch {
      if let opened { avio_closep(&opened.pointee.pb) }
      avformat_free_context(opened)
      throw error
    }
    context = opened
  }

  deinit {
    if let context { avio_closep(&context.pointee.pb) }
    avformat_free_context(context)
  }

  private static func start(
    _ context: UnsafeMutablePointer<AVFormatContext>, _ path: String, _ plan: EncodingPlan
  ) throws(FFmpegFailure) {
    // With the protocol as a prefix, no path can be taken for a URL.
    try FFmpegFailure.check(avio_open(&context.pointee.pb, "file:\(path)", AVIO_FLAG_WRITE), to: "create the file")
    var options: OpaquePointer?
    defer { av_dict_free(&options) }
    for (key, value) in plan.muxerOptions { av_dict_set(&options, key, value, 0) }
    try FFmpegFailure.check(avformat_write_header(context, &options), to: "write the header")
  }

  private static func addCover(
    _ codec: AVCodecID, to context: UnsafeMutablePointer<AVFormatContext>
  ) throws(FFmpegFailure) -> UnsafeMutablePointer<AVStream> {
    let stream = try FFmpegFailure.check(allocated: avformat_new_stream(context, nil), for: "a stream")
    stream.pointee.disposition = AV_DISPOSITION_ATTACHED_PIC
    stream.pointee.codecpar.pointee.codec_type = AVMEDIA_TYPE_VIDEO
    stream.pointee.codecpar.pointee.codec_id = codec
    // Containers demand the size of a picture; players read it from the picture itself.
    stream.pointee.codecpar.pointee.width = 1
    stream.pointee.codecpar.pointee.height = 1
    stream.pointee.time_base = AVRational(num: 1, den: 90_000)
    return stream
  }

  /// Writes the cover and all samples, and closes the file.
  func write(_ channels: [[Float]], sampleRate: Int, cover bytes: [UInt8]?) throws(FFmpegFailure) {
    if let bytes, let cover { try write(cover: bytes, to: cover) }
    let timeBase = encoder.context?.pointee.time_base ?? audio.pointee.time_base
    try encoder.encode(channels, sampleRate: sampleRate) { packet throws(FFmpegFailure) in
      packet.pointee.stream_index = audio.pointee.index
      av_packet_rescale_ts(packet, timeBase, audio.pointee.time_base)
      try FFmpegFailure.check(av_interleaved_write_frame(context, packet), to: "write")
    }
    try FFmpegFailure.check(av_write_trailer(context), to: "finish the file")
    guard let context else { return }
    try FFmpegFailure.check(avio_closep(&context.pointee.pb), to: "close the file")
  }

  private func write(cover bytes: [UInt8], to stream: UnsafeMutablePointer<AVStream>) throws(FFmpegFailure) {
    var packet = av_packet_alloc()
    defer { av_packet_free(&packet) }
    let fresh = try FFmpegFailure.check(allocated: packet, for: "a packet")
    try FFmpegFailure.check(av_new_packet(fresh, Int32(clamping: bytes.count)), to: "allocate the cover")
    fresh.pointee.data.update(from: bytes, count: Int(fresh.pointee.size))
    fresh.pointee.stream_index = stream.pointee.index
    fresh.pointee.flags |= AV_PKT_FLAG_KEY
    try FFmpegFailure.check(av_interleaved_write_frame(context, fresh), to: "write the cover")
  }
}
