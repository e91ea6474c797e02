import CFFmpeg

/// An open encoder.
final class FrameEncoder {
  private(set) var context: UnsafeMutablePointer<AVCodecContext>?
  private var packet: UnsafeMutablePointer<AVPacket>?
  /// Samples of each channel in a frame if the encoder takes any number.
  private static let defaultFrameSize = 4096

  /// Opens an encoder.
  init(_ plan: EncodingPlan, channelCount: Int, globalHeader: Bool) throws(FFmpegFailure) {
    let codec = avcodec_find_encoder_by_name(plan.encoder)
    guard let codec else {
      throw FFmpegFailure(code: akin_averror_encoder_not_found, attempt: "find the encoder \(plan.encoder)")
    }
    var opened = avcodec_alloc_context3(codec)
    do throws(FFmpegFailure) {
      let fresh = try FFmpegFailure.check(allocated: opened, for: "an encoder")
      fresh.pointee.sample_fmt = plan.sampleFormat
      fresh.pointee.sample_rate = Int32(plan.sampleRate)
      fresh.pointee.time_base = AVRational(num: 1, den: Int32(plan.sampleRate))
      fresh.pointee.bits_per_raw_sample = plan.bitsPerSample
      fresh.pointee.thread_count = 1
      av_channel_layout_default(&fresh.pointee.ch_layout, Int32(channelCount))
      fresh.pointee.flags |= AV_CODEC_FLAG_BITEXACT | (globalHeader ? AV_CODEC_FLAG_GLOBAL_HEADER : 0)
      if let bitRate = plan.bitRate {
        fresh.pointee.bit_rate = Int64(bitRate)
      } else {
        // For encoders with quality levels: this is Vorbis's 5 of 10.
        fresh.pointee.flags |= AV_CODEC_FLAG_QSCALE
        fresh.pointee.global_quality = 5 * FF_QP2LAMBDA
      }
      try FFmpegFailure.check(avcodec_open2(fresh, codec, nil), to: "open the encoder \(plan.encoder)")
      packet = try FFmpegFailure.check(allocated: av_packet_alloc(), for: "a packet")
    } catch {
      avcodec_free_context(&opened)
      throw error
    }
    context = opened
  }

  deinit {
    av_packet_free(&packet)
    avcodec_free_context(&context)
  }

  /// Encodes channels of equal length at `sampleRate` Hz and hands each packet to `write`.
  func encode(
    _ channels: [[Float]], sampleRate: Int, _ write: (UnsafeMutablePointer<AVPacket>) throws(FFmpegFailure) -> Void
  ) throws(FFmpegFailure) {
    guard let context else { return }
    var all: UnsafeMutablePointer<AVFrame>?
    defer { av_frame_free(&all) }
    all = try convert(channels, sampleRate: sampleRate)
    guard let samples = all else { return }
    let total = Int(samples.pointee.nb_samples)
    let size = context.pointee.frame_size > 0 ? Int(context.pointee.frame_size) : Self.defaultFrameSize
    for start in stride(from: 0, to: total, by: size) {
      var slice: UnsafeMutablePointer<AVFrame>?
      defer { av_frame_free(&slice) }
      let count = min(size, total - start)
      slice = try emptyFrame(sampleCount: count)
      guard let frame = slice else { return }
      frame.pointee.pts = Int64(start)
      try FFmpegFailure.check(
        av_samples_copy(
          frame.pointee.extended_data, samples.pointee.extended_data, 0, Int32(start), Int32(count),
          context.pointee.ch_layout.nb_channels, context.pointee.sample_fmt), to: "copy samples")
      try send(frame, write)
    }
    try send(nil, write)
  }

  private func send(
    _ frame: UnsafeMutablePointer<AVFrame>?, _ write: (UnsafeMutablePointer<AVPacket>) throws(FFmpegFailure) -> Void
  ) throws(FFmpegFailure) {
    guard let packet else { return }
    try FFmpegFailure.check(avcodec_send_frame(context, frame), to: "encode")
    while true {
      let code = avcodec_receive_packet(context, packet)
      if code == akin_averror(EAGAIN) || code == akin_averror_eof { return }
      try FFmpegFailure.check(code, to: "encode")
      try write(packet)
    }
  }

  private func emptyFrame(sampleCount: Int) throws(FFmpegFailure) -> UnsafeMutablePointer<AVFrame> {
    var frame = av_frame_alloc()
    do throws(FFmpegFailure) {
      let fresh = try FFmpegFailure.check(allocated: frame, for: "a frame")
      let context = try FFmpegFailure.check(allocated: context, for: "an encoder")
      fresh.pointee.nb_samples = Int32(sampleCount)
      fresh.pointee.format = context.pointee.sample_fmt.rawValue
      fresh.pointee.sample_rate = context.pointee.sample_rate
      try FFmpegFailure.check(
        av_channel_layout_copy(&fresh.pointee.ch_layout, &context.pointee.ch_layout), to: "copy a layout")
      if sampleCount > 0 { try FFmpegFailure.check(av_frame_get_buffer(fresh, 0), to: "allocate samples") }
      return fresh
    } catch {
      av_frame_free(&frame)
      throw error
    }
  }

  /// All samples in the encoder's format and at its rate, in one frame.
  private func convert(
    _ channels: [[Float]], sampleRate: Int
  ) throws(FFmpegFailure) -> UnsafeMutablePointer<AVFrame>? {
    guard let context else { return nil }
    var converter: OpaquePointer?
    defer { swr_free(&converter) }
    try FFmpegFailure.check(
      swr_alloc_set_opts2(
        &converter, &context.pointee.ch_layout, context.pointee.sample_fmt, context.pointee.sample_rate,
        &context.pointee.ch_layout, AV_SAMPLE_FMT_FLTP, Int32(sampleRate), 0, nil), to: "set up the converter")
    try FFmpegFailure.check(swr_init(converter), to: "start the converter")
    let count = channels[0].count
    let rate = Int(context.pointee.sample_rate)
    let room = sampleRate == rate ? count : count * rate / sampleRate + 1024
    guard let room = Int32(exactly: room) else {
      throw FFmpegFailure(code: akin_averror(EINVAL), attempt: "encode \(room) samples at once")
    }
    var frame: UnsafeMutablePointer<AVFrame>? = try emptyFrame(sampleCount: Int(room))
    guard count > 0, let samples = frame else { return frame }
    do throws(FFmpegFailure) {
      var converted = try FFmpegFailure.check(
        withPlanes(channels) { planes in
          var planes = planes
          return swr_convert(converter, samples.pointee.extended_data, room, &planes, Int32(count))
        }, to: "convert samples")
      if sampleRate != rate {
        converted += try finish(converter, samples, from: converted, room: room)
      }
      samples.pointee.nb_samples = converted
    } catch {
      av_frame_free(&frame)
      throw error
    }
    return frame
  }

  /// Writes the converter's remaining samples behind the first `offset` samples of a frame; returns their number.
  private func finish(
    _ converter: OpaquePointer?, _ frame: UnsafeMutablePointer<AVFrame>, from offset: Int32, room: Int32
  ) throws(FFmpegFailure) -> Int32 {
    let format = AVSampleFormat(rawValue: frame.pointee.format)
    let channelCount = Int(frame.pointee.ch_layout.nb_channels)
    let isPlanar = av_sample_fmt_is_planar(format) != 0
    let stride = Int(av_get_bytes_per_sample(format)) * (isPlanar ? 1 : channelCount)
    var rest = (0..<(isPlanar ? channelCount : 1)).map {
      frame.pointee.extended_data[$0].map { $0 + Int(offset) * stride }
    }
    return try FFmpegFailure.check(swr_convert(converter, &rest, room - offset, nil, 0), to: "convert samples")
  }

  /// Runs `body` with a pointer to each channel's samples.
  private func withPlanes(_ channels: [[Float]], _ body: ([UnsafePointer<UInt8>?]) -> Int32) -> Int32 {
    func collect(_ planes: [UnsafePointer<UInt8>?]) -> Int32 {
      guard planes.count < channels.count else { return body(planes) }
      return channels[planes.count].withUnsafeBytes { collect(planes + [$0.bindMemory(to: UInt8.self).baseAddress]) }
    }
    return collect([])
  }
}
