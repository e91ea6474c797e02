import CFFmpeg

/// An swresample context that outputs one channel of floats, and the buffer for it.
final class SampleConverter {
  private var context: OpaquePointer?
  private let output = SampleBuffer(capacity: 8192)

  /// Mixes channels of any sample format to their plain mean, or takes one of them, if there is such a one.
  init(mixing input: MonoResampler.Input, channel: Int? = nil) throws(FFmpegFailure) {
    let rate = Int32(input.sampleRate)
    try open(input.format, input.channelCount, from: rate, to: rate) { context throws(FFmpegFailure) in
      var weights = [Double](repeating: 1 / Double(input.channelCount), count: input.channelCount)
      if let channel, channel < input.channelCount {
        weights = weights.indices.map { $0 == channel ? 1 : 0 }
      }
      try FFmpegFailure.check(swr_set_matrix(context, weights, Int32(input.channelCount)), to: "mix to one channel")
    }
  }

  /// Resamples one channel of floats; rates in Hz.
  init(resampling inputRate: Int, to outputRate: Int) throws(FFmpegFailure) {
    try open(AV_SAMPLE_FMT_FLT, 1, from: Int32(inputRate), to: Int32(outputRate)) { context in
      let options = UnsafeMutableRawPointer(context)
      av_opt_set_int(options, "filter_size", 64, 0)
      av_opt_set_double(options, "cutoff", 0.95, 0)
      // swresample keeps at most 1024 filters; between them it has to interpolate.
      let filterCount = outputRate / greatestCommonDivisor(outputRate, inputRate)
      av_opt_set_int(options, "linear_interp", filterCount > 1024 ? 1 : 0, 0)
    }
  }

  deinit {
    swr_free(&context)
  }

  private func open(
    _ format: AVSampleFormat, _ channelCount: Int, from inputRate: Int32, to outputRate: Int32,
    _ configure: (OpaquePointer) throws(FFmpegFailure) -> Void
  ) throws(FFmpegFailure) {
    // The layouts only carry the number of channels: which speakers they are for does not matter for their mean, and
    // files often do not state it.
    var inputLayout = AVChannelLayout()
    var outputLayout = AVChannelLayout()
    av_channel_layout_from_mask(&inputLayout, (1 << UInt64(channelCount)) - 1)
    av_channel_layout_from_mask(&outputLayout, 1)
    try FFmpegFailure.check(
      swr_alloc_set_opts2(
        &context, &outputLayout, AV_SAMPLE_FMT_FLT, outputRate, &inputLayout, format, inputRate, 0, nil),
      to: "set up the converter")
    let context = try FFmpegFailure.check(allocated: context, for: "a converter")
    // For integers too, since their mean needs more digits than they have.
    av_opt_set_sample_fmt(UnsafeMutableRawPointer(context), "internal_sample_fmt", AV_SAMPLE_FMT_FLTP, 0)
    try configure(context)
    try FFmpegFailure.check(swr_init(context), to: "start the converter")
  }

  /// Converts `count` samples of each channel, given as the planes of a frame; the result is valid until the next call.
  func convert(_ planes: [UnsafePointer<UInt8>?], count: Int) throws(FFmpegFailure) -> UnsafeMutableBufferPointer<Float>
  {
    guard let count = Int32(exactly: count) else {
      throw FFmpegFailure(code: akin_averror(EINVAL), attempt: "convert \(count) samples")
    }
    var planes = planes
    return try collect(count) { target, room in swr_convert(context, target, room, &planes, count) }
  }

  /// The remaining samples of a resampler after the last input.
  func finish() throws(FFmpegFailure) -> UnsafeMutableBufferPointer<Float> {
    try collect(0) { target, room in swr_convert(context, target, room, nil, 0) }
  }

  private func collect(
    _ count: Int32, _ convert: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, Int32) -> Int32
  ) throws(FFmpegFailure) -> UnsafeMutableBufferPointer<Float> {
    let needed = Int(try FFmpegFailure.check(swr_get_out_samples(context, count), to: "convert samples"))
    output.reserve(needed)
    var target: UnsafeMutablePointer<UInt8>? = UnsafeMutableRawPointer(output.samples).assumingMemoryBound(
      to: UInt8.self)
    let made = try FFmpegFailure.check(convert(&target, Int32(clamping: output.capacity)), to: "convert samples")
    return UnsafeMutableBufferPointer(start: output.samples, count: Int(made))
  }
}

/// The greatest common divisor of two numbers above 0.
func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  b == 0 ? a : greatestCommonDivisor(b, a % b)
}
