import CFFmpeg
import Foundation

/// Mixes frames of one format to their plain mean, and resamples them.
final class MonoResampler {
  /// What a codec's frames look like.
  struct Input: Equatable {
    var format: AVSampleFormat
    var sampleRate: Int
    var channelCount: Int

    init(_ frame: UnsafeMutablePointer<AVFrame>) {
      format = AVSampleFormat(rawValue: frame.pointee.format)
      sampleRate = Int(frame.pointee.sample_rate)
      channelCount = Int(frame.pointee.ch_layout.nb_channels)
    }
  }

  let input: Input
  private var context: OpaquePointer?
  private var output: UnsafeMutableBufferPointer<Float>

  /// Beyond this a number in a float file is no sound; it would only overflow in what is computed from it.
  static let loudest: Float = 1e10

  /// Creates a resampler from one kind of frames to a rate in Hz.
  init(_ input: Input, outputRate: Int) throws(FFmpegFailure) {
    self.input = input
    output = .allocate(capacity: 8192)
    var opened: OpaquePointer?
    do throws(FFmpegFailure) {
      try Self.open(&opened, input, outputRate)
    } catch {
      swr_free(&opened)
      output.deallocate()
      throw error
    }
    context = opened
  }

  deinit {
    swr_free(&context)
    output.deallocate()
  }

  private static func open(_ context: inout OpaquePointer?, _ input: Input, _ outputRate: Int) throws(FFmpegFailure) {
    // The layouts only carry the number of channels: what the speakers are does not matter for their mean, and files
    // often do not say.
    var inputLayout = AVChannelLayout()
    var outputLayout = AVChannelLayout()
    av_channel_layout_from_mask(&inputLayout, (1 << UInt64(input.channelCount)) - 1)
    av_channel_layout_from_mask(&outputLayout, 1)
    try FFmpegFailure.check(
      swr_alloc_set_opts2(
        &context, &outputLayout, AV_SAMPLE_FMT_FLT, Int32(outputRate), &inputLayout, input.format,
        Int32(input.sampleRate), 0, nil), to: "set up the resampler")
    guard let context else { return }
    let options = UnsafeMutableRawPointer(context)
    // Also for integers: their mean has more digits than they have.
    av_opt_set_sample_fmt(options, "internal_sample_fmt", AV_SAMPLE_FMT_FLTP, 0)
    av_opt_set_int(options, "filter_size", 64, 0)
    av_opt_set_double(options, "cutoff", 0.95, 0)
    // swresample keeps at most 1024 filters; between them it has to interpolate.
    let filters = outputRate / greatestCommonDivisor(outputRate, input.sampleRate)
    av_opt_set_int(options, "linear_interp", filters > 1024 ? 1 : 0, 0)
    let mean = [Double](repeating: 1 / Double(input.channelCount), count: input.channelCount)
    try FFmpegFailure.check(swr_set_matrix(context, mean, Int32(input.channelCount)), to: "mix to one channel")
    try FFmpegFailure.check(swr_init(context), to: "start the resampler")
  }

  /// Converts a frame's samples from number `first` on; the result lives until the next call.
  func convert(
    _ frame: UnsafeMutablePointer<AVFrame>, from first: Int
  ) throws(FFmpegFailure) -> UnsafeBufferPointer<Float> {
    let count = Int(frame.pointee.nb_samples) - first
    guard count > 0, let data = frame.pointee.extended_data else { return .init(rebasing: output[..<0]) }
    try FFmpegFailure.check(av_frame_make_writable(frame), to: "copy a frame")
    let isPlanar = av_sample_fmt_is_planar(input.format) != 0
    let stride = Int(av_get_bytes_per_sample(input.format)) * (isPlanar ? 1 : input.channelCount)
    var planes = (0..<(isPlanar ? input.channelCount : 1)).map { plane in data[plane].map { $0 + first * stride } }
    for plane in planes { silenceNonsense(plane, byteCount: count * stride) }
    let capacity = try FFmpegFailure.check(swr_get_out_samples(context, Int32(count)), to: "resample")
    return try collect(capacity) { target, room in
      planes.withUnsafeMutableBufferPointer { planes in
        planes.withMemoryRebound(to: UnsafePointer<UInt8>?.self) { planes in
          swr_convert(context, target, room, planes.baseAddress, Int32(count))
        }
      }
    }
  }

  /// What the resampler still holds after the last frame.
  func finish() throws(FFmpegFailure) -> UnsafeBufferPointer<Float> {
    let capacity = try FFmpegFailure.check(swr_get_out_samples(context, 0), to: "resample")
    return try collect(capacity + 1024) { target, room in swr_convert(context, target, room, nil, 0) }
  }

  private func collect(
    _ capacity: Int32, _ convert: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, Int32) -> Int32
  ) throws(FFmpegFailure) -> UnsafeBufferPointer<Float> {
    if Int(capacity) > output.count {
      output.deallocate()
      output = .allocate(capacity: Int(capacity))
    }
    var target = UnsafeMutableRawPointer(output.baseAddress)?.assumingMemoryBound(to: UInt8.self)
    let count = try FFmpegFailure.check(convert(&target, Int32(output.count)), to: "resample")
    return UnsafeBufferPointer(rebasing: output[..<Int(count)])
  }

  /// Replaces what is no number, infinite or absurdly loud in a plane of a float format by 0.
  ///
  /// Before resampling, where one such sample would spoil its whole neighbourhood.
  private func silenceNonsense(_ plane: UnsafeMutablePointer<UInt8>?, byteCount: Int) {
    guard let plane else { return }
    let raw = UnsafeMutableRawBufferPointer(start: plane, count: byteCount)
    switch input.format {
    case AV_SAMPLE_FMT_FLT, AV_SAMPLE_FMT_FLTP:
      let samples = raw.bindMemory(to: Float.self)
      for index in samples.indices where !(abs(samples[index]) <= Self.loudest) { samples[index] = 0 }
    case AV_SAMPLE_FMT_DBL, AV_SAMPLE_FMT_DBLP:
      let samples = raw.bindMemory(to: Double.self)
      for index in samples.indices where !(abs(samples[index]) <= Double(Self.loudest)) { samples[index] = 0 }
    default: break
    }
  }
}

/// The largest number that divides both, which are more than 0.
func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  b == 0 ? a : greatestCommonDivisor(b, a % b)
}
