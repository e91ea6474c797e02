import CFFmpeg

/// One part that is wanted of a file: takes the decoder's frames, resamples them, and delivers what belongs to the
/// part.
final class PartReader {
  typealias Block = UnsafeBufferPointer<Float>

  /// The rate in Hz of what is delivered.
  let sampleRate: Int
  /// What is to be delivered, in samples at that rate.
  let wanted: Range<Int>
  /// How many samples there should be by the length of the file; 0 if that is unknown.
  let expectedCount: Int
  /// How many were delivered.
  private(set) var deliveredCount = 0
  /// Where the last frame ends by its timestamp, in samples at `sampleRate`: farther than what was delivered if there
  /// are gaps.
  private(set) var lastTime = 0.0
  /// The first sample to resample, at the frames' own rate.
  private(set) var feedStart = 0
  /// Whether the part has ended, or the receiver wants no more of it.
  private(set) var isFinished = false
  /// Whether the receiver wants no more.
  private(set) var isStopped = false

  private let path: String
  private var resampler: MonoResampler?
  /// The position of the next sample from the resampler.
  private var position = 0

  /// How far the resampler's filters look back, in seconds.
  private static let filterReach = 0.1
  /// A position that no file reaches, small enough to be converted to any other rate.
  private static let farthest = 0x1p40

  /// A part of a file of which this is known.
  init(_ part: AudioPart, of info: AudioFileInfo, path: String) {
    let rate = part.sampleRate ?? info.sampleRate
    func sample(at time: Double) -> Int { Int(min(time * Double(rate), Self.farthest).rounded()) }
    let bounds = part.excerpt.bounds(in: info.duration)
    let start = sample(at: bounds.start)
    wanted = start..<max(start, bounds.end.map(sample(at:)) ?? .max)
    let end = info.duration.flatMap { Int(exactly: ($0 * Double(rate)).rounded()) }
    expectedCount = max(0, min(wanted.upperBound, end ?? 0) - wanted.lowerBound)
    sampleRate = rate
    self.path = path
  }

  /// Makes ready for frames of a rate.
  ///
  /// The first sample to resample is early enough for the filters, and one on which a sample of the output falls, so
  /// that an excerpt has the very samples of the whole.
  func prepare(nativeRate: Int) {
    if nativeRate == sampleRate {
      feedStart = wanted.lowerBound
    } else {
      let divisor = greatestCommonDivisor(nativeRate, sampleRate)
      let (nativePeriod, period) = (nativeRate / divisor, sampleRate / divisor)
      let reach = Int(Self.filterReach * Double(sampleRate))
      feedStart = max(0, wanted.lowerBound - reach) / period * nativePeriod
    }
    position = feedStart / nativeRate * sampleRate + feedStart % nativeRate * sampleRate / nativeRate
  }

  /// Takes the frame whose first sample has the position `start`; `time` is when it begins by its timestamp, in seconds
  /// of `timeBase`, nil if it has none.
  func take(
    _ frame: UnsafeMutablePointer<AVFrame>, at start: Int, time: Int64?, timeBase: AVRational, _ body: (Block) -> Bool
  ) throws(AudioDecodingError) {
    if let time {
      let begin = av_rescale_q(time, timeBase, AVRational(num: 1, den: Int32(sampleRate)))
      lastTime =
        Double(begin) + Double(frame.pointee.nb_samples) * Double(sampleRate) / Double(frame.pointee.sample_rate)
    }
    isFinished = try !resample(frame, from: max(0, feedStart - start), body)
  }

  /// Delivers what the resampler still holds, after the last frame.
  func finish(_ body: (Block) -> Bool) throws(AudioDecodingError) {
    _ = try finishResampler(body)
    isFinished = true
  }

  /// Resamples a frame from its sample `first` on and delivers the result; false if no more is wanted.
  private func resample(
    _ frame: UnsafeMutablePointer<AVFrame>, from first: Int, _ body: (Block) -> Bool
  ) throws(AudioDecodingError) -> Bool {
    guard first < Int(frame.pointee.nb_samples) else { return true }
    let input = MonoResampler.Input(frame)
    if resampler?.input != input {
      guard try finishResampler(body) else { return false }
      resampler = try onFile { () throws(FFmpegFailure) in try MonoResampler(input, outputRate: sampleRate) }
    }
    guard let resampler else { return false }
    return try deliver(onFile { () throws(FFmpegFailure) in try resampler.convert(frame, from: first) }, body)
  }

  private func finishResampler(_ body: (Block) -> Bool) throws(AudioDecodingError) -> Bool {
    guard let resampler else { return true }
    return try deliver(onFile { () throws(FFmpegFailure) in try resampler.finish() }, body)
  }

  /// Delivers what of a block belongs to the part; false if no more is wanted.
  private func deliver(_ block: Block, _ body: (Block) -> Bool) throws(AudioDecodingError) -> Bool {
    let part = wanted.clamped(to: position..<position + block.count)
    let offset = position
    position += block.count
    guard !part.isEmpty else { return position < wanted.upperBound }
    deliveredCount += part.count
    isStopped = !body(Block(rebasing: block[part.lowerBound - offset..<part.upperBound - offset]))
    return !isStopped && position < wanted.upperBound
  }

  private func onFile<Result>(_ body: () throws(FFmpegFailure) -> Result) throws(AudioDecodingError) -> Result {
    try AudioDecodingError.on(path, body)
  }
}
