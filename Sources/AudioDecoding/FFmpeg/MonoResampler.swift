import CFFmpeg

/// Mixes frames of one format to their plain mean, or takes one of their channels, and resamples that.
///
/// In two steps, since swresample alone would resample every channel before it mixes them.
final class MonoResampler {
  /// The format of a codec's frames.
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
  private var mixer: SampleConverter
  private let resampling: Resampling

  private enum Resampling {
    case none
    /// For integer factors, as from the 44,100 Hz of most music to 22,050: takes half as long as swresample.
    case decimating(Decimator)
    case converting(SampleConverter)
  }

  /// Larger magnitudes in a file of floats are not sound, and would make later computations overflow.
  static let loudest: Float = 1e10
  /// The largest factor in practice: from 192,000 Hz to 8,000.
  private static let largestFactor = 24

  /// Creates a resampler from frames of one format to a rate in Hz, of the mean or of one channel.
  init(_ input: Input, outputRate: Int, channel: Int? = nil) throws(FFmpegFailure) {
    self.input = input
    mixer = try SampleConverter(mixing: input, channel: channel)
    if input.sampleRate == outputRate {
      resampling = .none
    } else if input.sampleRate % outputRate == 0 && input.sampleRate / outputRate <= Self.largestFactor {
      resampling = .decimating(Decimator(factor: input.sampleRate / outputRate))
    } else {
      resampling = .converting(try SampleConverter(resampling: input.sampleRate, to: outputRate))
    }
  }

  /// Takes one of the channels from here on.
  func hear(channel: Int) throws(FFmpegFailure) { mixer = try SampleConverter(mixing: input, channel: channel) }

  /// Converts a frame's samples from index `first` on; the result is valid until the next call.
  func convert(
    _ frame: UnsafeMutablePointer<AVFrame>, from first: Int
  ) throws(FFmpegFailure) -> UnsafeBufferPointer<Float> {
    let count = Int(frame.pointee.nb_samples) - first
    guard count > 0, let data = frame.pointee.extended_data else { return .init(start: nil, count: 0) }
    let isPlanar = av_sample_fmt_is_planar(input.format) != 0
    let stride = Int(av_get_bytes_per_sample(input.format)) * (isPlanar ? 1 : input.channelCount)
    let planes = (0..<(isPlanar ? input.channelCount : 1)).map { plane in
      data[plane].map { UnsafePointer($0 + first * stride) }
    }
    let mono = try mixer.convert(planes, count: count)
    silenceNonsense(mono)
    switch resampling {
    case .none: return UnsafeBufferPointer(mono)
    case .decimating(let decimator): return UnsafeBufferPointer(decimator.convert(mono))
    case .converting(let resampler):
      let plane = UnsafeRawPointer(mono.baseAddress)?.assumingMemoryBound(to: UInt8.self)
      return UnsafeBufferPointer(try resampler.convert([plane], count: mono.count))
    }
  }

  /// The remaining samples after the last frame.
  func finish() throws(FFmpegFailure) -> UnsafeBufferPointer<Float> {
    switch resampling {
    case .none: return .init(start: nil, count: 0)
    case .decimating(let decimator): return UnsafeBufferPointer(decimator.finish())
    case .converting(let resampler): return UnsafeBufferPointer(try resampler.finish())
    }
  }

  /// Replaces samples that are not a number, infinite or absurdly loud by 0.
  ///
  /// This comes before resampling, which would spread such a sample over its whole neighbourhood.
  private func silenceNonsense(_ samples: UnsafeMutableBufferPointer<Float>) {
    for index in samples.indices {
      let sample = samples[index]
      samples[index] = abs(sample) <= Self.loudest ? sample : 0
    }
  }
}
