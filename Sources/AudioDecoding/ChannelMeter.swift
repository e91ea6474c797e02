import CFFmpeg

/// Measures how much of the channels' sound is left in their mean, second by second, of all of it and of what lies above
/// the bass: channels may be opposite for a while only, or in all but the bass.
///
/// Only one sample of many is taken, which is as good for this and costs next to nothing.
struct ChannelMeter {
  /// The energies of some sound, in each of the bands.
  private struct Energies {
    /// The sums of squares of each channel, band by band, and those of the mean.
    var channels = [[Double]](repeating: [], count: bandCount)
    var mean = [Double](repeating: 0, count: bandCount)
    /// How many samples of each channel were taken, and how long they last in seconds.
    var (count, seconds) = (0, 0.0)

    mutating func reserve(_ channelCount: Int) {
      for band in channels.indices where channels[band].count < channelCount {
        channels[band] += [Double](repeating: 0, count: channelCount - channels[band].count)
      }
    }

    var total: Double { channels[0].reduce(0, +) }
    var isSilent: Bool { (channels[0].max() ?? 0) <= silence * Double(count) }

    /// What the mean would have in a band if the channels were unrelated.
    func unrelated(_ band: Int) -> Double {
      channels[band].reduce(0, +) / Double(max(1, channels[band].count * channels[band].count))
    }

    /// Whether the channels cancel each other in a band that matters.
    var cancels: Bool {
      (0..<bandCount).contains { band in
        let unrelated = unrelated(band)
        return unrelated > leastShare * self.unrelated(0) && mean[band] < cancelled * unrelated
      }
    }
  }

  /// The second that is being measured, and those before it that were more than silence.
  private var current = Energies()
  private var seconds: [(energy: Double, length: Double, cancels: Bool)] = []
  /// The energy of each channel in all seconds before.
  private var channels: [Double] = []
  /// How many seconds were more than silence.
  private(set) var soundingSeconds = 0.0

  /// All of the sound, what is above about 200 Hz, and what is above about 1 kHz.
  private static let bandCount = 3
  /// About so many samples a second are taken, an eighth of what most music has. The second difference of neighbours
  /// among them passes what is above a fifth of that rate, and less below by 12 dB an octave; that of every fourth does
  /// the same two octaves lower.
  private static let measuredRate = 5512
  private static let decimation = 4
  /// Channels cancel each other if their mean has less than this share of the energy that it would have if they were
  /// unrelated, which means that they correlate at less than -0.9.
  private static let cancelled = 0.1
  /// A band with less than this share of the energy does not matter.
  private static let leastShare = 0.01
  /// Energies per sample below this are silence: 80 dB below full scale.
  private static let silence = 1e-8
  /// Seconds with less than this share of the mean energy do not count.
  private static let leastEnergy = 0.01
  /// For so long channels may cancel before one of them is heard instead, in seconds and as a share of all; the shorter
  /// counts. Of 250 pieces in stereo, none has a second that cancels.
  private static let tolerated = (seconds: 3.0, share: 0.1)

  /// Measures the samples of a frame from `first` on.
  mutating func add(_ frame: UnsafeMutablePointer<AVFrame>, from first: Int) {
    let channelCount = Int(frame.pointee.ch_layout.nb_channels)
    guard channelCount > 1, let data = frame.pointee.extended_data, first < Int(frame.pointee.nb_samples) else {
      return
    }
    current.reserve(channelCount)
    let rate = Int(frame.pointee.sample_rate)
    let range = first..<Int(frame.pointee.nb_samples)
    let format = AVSampleFormat(rawValue: frame.pointee.format)
    let planes = Planes(
      data: data, channelCount: channelCount, isPlanar: av_sample_fmt_is_planar(format) != 0, range: range,
      step: max(1, rate / Self.measuredRate))
    let before = current.channels[0].max() ?? 0
    switch av_get_packed_sample_fmt(format) {
    case AV_SAMPLE_FMT_U8: add(planes) { (sample: UInt8) in (Float(sample) - 128) / 128 }
    case AV_SAMPLE_FMT_S16: add(planes) { (sample: Int16) in Float(sample) / 32_768 }
    case AV_SAMPLE_FMT_S32: add(planes) { (sample: Int32) in Float(sample) / 2_147_483_648 }
    case AV_SAMPLE_FMT_S64: add(planes) { (sample: Int64) in Float(sample) / 9_223_372_036_854_775_808 }
    case AV_SAMPLE_FMT_FLT: add(planes) { (sample: Float) in sample }
    case AV_SAMPLE_FMT_DBL: add(planes) { (sample: Double) in Float(sample) }
    default: return
    }
    let length = Double(range.count) / Double(rate)
    current.count += planes.count
    current.seconds += length
    if (current.channels[0].max() ?? 0) - before > Self.silence * Double(planes.count) { soundingSeconds += length }
    if current.seconds >= 1 { endSecond() }
  }

  /// Where the samples of a frame are, and which of them are taken.
  private struct Planes {
    var data: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>
    var channelCount: Int
    var isPlanar: Bool
    var range: Range<Int>
    var step: Int

    /// How many samples of each channel are taken.
    var count: Int { (range.count + step - 1) / step }

    /// The samples of a channel, and how far they lie apart.
    func samples<Sample>(_ channel: Int) -> (UnsafePointer<Sample>, Int)? {
      guard let plane = UnsafeRawPointer(data[isPlanar ? channel : 0]) else { return nil }
      let stride = isPlanar ? 1 : channelCount
      let first = plane.assumingMemoryBound(to: Sample.self) + (isPlanar ? 0 : channel)
      return (first + range.lowerBound * stride, step * stride)
    }
  }

  @inline(__always)
  private mutating func add<Sample>(_ planes: Planes, _ value: (Sample) -> Float) {
    func sound(_ sample: Sample) -> Float {
      let sample = value(sample)
      return abs(sample) <= MonoResampler.loudest ? sample : 0
    }
    let sources: [(UnsafePointer<Sample>, Int)] = (0..<planes.channelCount).compactMap { planes.samples($0) }
    guard sources.count == planes.channelCount else { return }
    if sources.count == 2 {
      // Nearly all music; in registers.
      let ((left, stride), (right, _)) = (sources[0], sources[1])
      measure(planes) { index -> SIMD4<Float> in
        let (one, other) = (sound(left[index * stride]), sound(right[index * stride]))
        return SIMD4(one, other, (one + other) / 2, 0)
      }
    } else {
      measure(planes) { index -> SIMD64<Float> in
        var lanes = SIMD64<Float>()
        var total: Float = 0
        for (channel, (samples, stride)) in sources.enumerated() {
          lanes[channel] = sound(samples[index * stride])
          total += lanes[channel]
        }
        lanes[sources.count] = total / Float(sources.count)
        return lanes
      }
    }
  }

  /// Adds the energies of samples, each given as its channels and their mean.
  @inline(__always)
  private mutating func measure<Lanes: SIMD>(_ planes: Planes, _ sample: (Int) -> Lanes) where Lanes.Scalar == Float {
    var (all, middle, high) = (Lanes(), Lanes(), Lanes())
    var (last, beforeLast, coarseLast, coarseBeforeLast) = (Lanes(), Lanes(), Lanes(), Lanes())
    for index in 0..<planes.count {
      let lanes = sample(index)
      all += lanes * lanes
      if index > 1 {
        let difference = lanes - 2 * last + beforeLast
        high += difference * difference
      }
      (last, beforeLast) = (lanes, last)
      guard index % Self.decimation == 0 else { continue }
      if index > Self.decimation {
        let difference = lanes - 2 * coarseLast + coarseBeforeLast
        middle += difference * difference
      }
      (coarseLast, coarseBeforeLast) = (lanes, coarseLast)
    }
    for (band, sums) in [all, middle, high].enumerated() {
      for channel in 0..<planes.channelCount { current.channels[band][channel] += Double(sums[channel]) }
      current.mean[band] += Double(sums[planes.channelCount])
    }
  }

  private mutating func endSecond() {
    if !current.isSilent {
      seconds.append((current.total, current.seconds, current.cancels))
      for (channel, energy) in current.channels[0].enumerated() {
        if channel < channels.count { channels[channel] += energy } else { channels.append(energy) }
      }
    }
    current = Energies()
  }

  /// The loudest channel, if the channels cancel each other for too long; nil if their mean is fine.
  var cancelledChannel: Int? {
    var all = self
    if all.current.count > 0 { all.endSecond() }
    return all.loudest { length, cancelled in
      cancelled > min(Self.tolerated.seconds, Self.tolerated.share * length)
    }
  }

  /// The same as soon as it is sure, whatever comes.
  var surelyCancelledChannel: Int? {
    guard current.count == 0, seconds.last?.cancels == true else { return nil }
    return loudest { _, cancelled in cancelled > Self.tolerated.seconds }
  }

  /// The loudest channel if the length of what was heard, and for how long it cancels, are as wanted.
  private func loudest(_ isWanted: (_ length: Double, _ cancelled: Double) -> Bool) -> Int? {
    let energy = seconds.reduce(0) { $0 + $1.energy } / Double(max(1, seconds.count))
    let heard = seconds.lazy.filter { $0.energy > Self.leastEnergy * energy }
    let length = heard.reduce(0) { $0 + $1.length }
    let cancelled = heard.reduce(0) { $0 + ($1.cancels ? $1.length : 0) }
    guard isWanted(length, cancelled), let loudest = channels.max() else { return nil }
    return channels.firstIndex(of: loudest)
  }
}
