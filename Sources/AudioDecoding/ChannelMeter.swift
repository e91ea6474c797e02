import CFFmpeg

/// Measures how much of the channels' sound is left in their mean.
///
/// Only every eighth sample is taken, which is as good for this and costs next to nothing.
struct ChannelMeter {
  /// The sums of squares of each channel and of the mean.
  private var channels: [Double] = []
  private var mean = 0.0
  /// How many samples were taken.
  private var count = 0
  /// How many seconds of these were more than silence.
  private(set) var soundingSeconds = 0.0

  private static let step = 8
  /// Channels cancel each other if their mean has less than this share of the energy that it would have if they were
  /// unrelated, which means that they correlate at less than -0.9. Of 453 pieces, none has less than 0.65.
  private static let cancelled = 0.1
  /// Energies per sample below this are silence: 80 dB below full scale.
  private static let silence = 1e-8

  /// Measures the samples of a frame from `first` on.
  mutating func add(_ frame: UnsafeMutablePointer<AVFrame>, from first: Int) {
    let channelCount = Int(frame.pointee.ch_layout.nb_channels)
    guard channelCount > 1, let data = frame.pointee.extended_data, first < Int(frame.pointee.nb_samples) else {
      return
    }
    if channels.count < channelCount {
      channels += [Double](repeating: 0, count: channelCount - channels.count)
    }
    let range = first..<Int(frame.pointee.nb_samples)
    let before = (energy: channels.max() ?? 0, count: count)
    let format = AVSampleFormat(rawValue: frame.pointee.format)
    let planes = Planes(data: data, channelCount: channelCount, isPlanar: av_sample_fmt_is_planar(format) != 0)
    switch av_get_packed_sample_fmt(format) {
    case AV_SAMPLE_FMT_U8: add(planes, range) { (sample: UInt8) in (Float(sample) - 128) / 128 }
    case AV_SAMPLE_FMT_S16: add(planes, range) { (sample: Int16) in Float(sample) / 32_768 }
    case AV_SAMPLE_FMT_S32: add(planes, range) { (sample: Int32) in Float(sample) / 2_147_483_648 }
    case AV_SAMPLE_FMT_S64: add(planes, range) { (sample: Int64) in Float(sample) / 9_223_372_036_854_775_808 }
    case AV_SAMPLE_FMT_FLT: add(planes, range) { (sample: Float) in sample }
    case AV_SAMPLE_FMT_DBL: add(planes, range) { (sample: Double) in Float(sample) }
    default: return
    }
    let added = count - before.count
    if (channels.max() ?? 0) - before.energy > Self.silence * Double(added) {
      soundingSeconds += Double(range.count) / Double(frame.pointee.sample_rate)
    }
  }

  /// Where the samples of a frame are.
  private struct Planes {
    var data: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>
    var channelCount: Int
    var isPlanar: Bool
  }

  @inline(__always)
  private mutating func add<Sample>(_ planes: Planes, _ range: Range<Int>, _ value: (Sample) -> Float) {
    let channelCount = planes.channelCount
    // Without a check of every access, which would take as long as all else.
    channels.withUnsafeMutableBufferPointer { sums in
      for index in stride(from: range.lowerBound, to: range.upperBound, by: Self.step) {
        var total: Float = 0
        for channel in 0..<channelCount {
          let plane = UnsafeRawPointer(planes.data[planes.isPlanar ? channel : 0])
          let place = planes.isPlanar ? index : index * channelCount + channel
          guard let plane else { continue }
          let sample = value(plane.assumingMemoryBound(to: Sample.self)[place])
          let sound = abs(sample) <= MonoResampler.loudest ? sample : 0
          sums[channel] += Double(sound * sound)
          total += sound
        }
        let mixed = Double(total) / Double(channelCount)
        mean += mixed * mixed
        count += 1
      }
    }
  }

  /// The loudest channel, if the channels are more than silence and cancel each other; nil if their mean is fine.
  var cancelledChannel: Int? {
    guard count > 0, let loudest = channels.max(), loudest > Self.silence * Double(count) else { return nil }
    let unrelated = channels.reduce(0, +) / Double(channels.count * channels.count)
    return mean < Self.cancelled * unrelated ? channels.firstIndex(of: loudest) : nil
  }
}
