import CFFmpeg

/// Mixes frames of one format to their plain mean, and resamples that.
///
/// In two steps, since swresample by itself would resample every channel before it mixes them.
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
  private let mixer: SampleConverter
  private let resampling: Resampling

  private enum Resampling {
    case none
    /// For whole fractions of the rate, as of the 44,100 Hz of most music: in half of the time that swresample takes.
    case decimating(Decimator)
    case converting(SampleConverter)
  }

  /// Beyond this a number in a float file is no sound; it would only overflow in what is computed from it.
  static let loudest: Float = 1e10
  /// As far as music goes: from 192,000 Hz to 8,000.
  private static let largestFactor = 24

  /// Creates a resampler from one kind of frames to a rate in Hz.
  init(_ input: Input, outputRate: Int) throws(FFmpegFailure) {
    self.input = input
    mixer = try SampleConverter(mixing: input)
    if input.sampleRate == outputRate {
      resampling = .none
    } else if input.sampleRate % outputRate == 0 && input.sampleRate / outputRate <= Self.largestFactor {
      resampling = .decimating(Decimator(factor: input.sampleRate / outputRate))
    } else {
      resampling = .converting(try SampleConverter(resampling: input.sampleRate, to: outputRate))
    }
  }

  /// Converts a frame's samples from number `first` on; the result lives until the next call.
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

  /// What is still held after the last frame.
  func finish() throws(FFmpegFailure) -> UnsafeBufferPointer<Float> {
    switch resampling {
    case .none: return .init(start: nil, count: 0)
    case .decimating(let decimator): return UnsafeBufferPointer(decimator.finish())
    case .converting(let resampler): return UnsafeBufferPointer(try resampler.finish())
    }
  }

  /// Replaces what is no number, infinite or absurdly loud by 0.
  ///
  /// Before resampling, where one such sample would spoil its whole neighbourhood.
  private func silenceNonsense(_ samples: UnsafeMutableBufferPointer<Float>) {
    for index in samples.indices {
      let sample = samples[index]
      samples[index] = abs(sample) <= Self.loudest ? sample : 0
    }
  }
}
