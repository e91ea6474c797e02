import CFFmpeg

/// One part that is wanted of a file: takes the decoder's frames, resamples them, and delivers what belongs to the
/// part.
final class PartReader {
  typealias Block = UnsafeBufferPointer<Float>

  /// What is heard of the channels.
  enum Hearing {
    /// Their mean, delivered as it comes.
    case mean
    /// Their mean, held back until it shows that the channels do not cancel each other.
    case meanOnTrial
    /// Their mean, since they have not cancelled so far; if they do, one channel from there on.
    case meanSoFar
    /// Nothing, since the beginning cancels: only whether all of it does is measured.
    case nothing
    /// One channel, since their mean cancels.
    case channel(Int)
  }

  /// The part as it was named.
  let part: AudioPart
  /// The rate in Hz of what is delivered.
  let sampleRate: Int
  /// What is to be delivered, in samples at that rate.
  let wanted: Range<Int>
  /// How many samples there should be by the length of the file; 0 if that is unknown.
  let expectedCount: Int
  /// How many were made, whether delivered or not.
  private(set) var madeCount = 0
  /// How many the receiver has got, before this reading too.
  private(set) var deliveredCount: Int
  /// Where the last frame ends by its timestamp, in samples at `sampleRate`: farther than what was delivered if there
  /// are gaps.
  private(set) var lastTime = 0.0
  /// The first sample to resample, at the frames' own rate, counted from the beginning of the link that is read.
  private(set) var feedStart = 0
  /// Whether the part has ended, or the receiver wants no more of it.
  private(set) var isFinished = false
  /// Whether the receiver wants no more.
  private(set) var isStopped = false
  /// Whether the channels cancel each other, and how they are heard.
  private(set) var meter = ChannelMeter()
  private(set) var hearing: Hearing

  private let path: String
  private var resampler: MonoResampler?
  /// The position of the next sample from the resampler.
  private var position = 0
  /// Blocks that are held back.
  private var held: [[Float]] = []
  /// How many were handed on, or passed over since the receiver has got them already.
  private var handedOnCount = 0

  /// How far the resampler's filters look back, in seconds.
  private static let filterReach = 0.1
  /// A position that no file reaches, small enough to be converted to any other rate.
  private static let farthest = 0x1p40
  /// So many seconds of sound are held back on trial.
  private static let trialSeconds = 10.0

  /// A part of a file of which this is known. The receiver has already got so many of its samples.
  init(_ part: AudioPart, of info: AudioFileInfo, path: String, hearing: Hearing, deliveredCount: Int = 0) {
    let rate = part.sampleRate ?? info.sampleRate
    func sample(at time: Double) -> Int { Int(min(time * Double(rate), Self.farthest).rounded()) }
    let bounds = part.times(in: info.duration)
    let start = sample(at: bounds.start)
    wanted = start..<max(start, bounds.end.map(sample(at:)) ?? .max)
    let end = info.duration.flatMap { Int(exactly: ($0 * Double(rate)).rounded()) }
    expectedCount = max(0, min(wanted.upperBound, end ?? 0) - wanted.lowerBound)
    sampleRate = rate
    self.part = part
    self.path = path
    self.hearing = hearing
    self.deliveredCount = deliveredCount
  }

  /// Makes ready for frames of a rate, of a link that begins at `linkStart` seconds.
  ///
  /// The first sample to resample is early enough for the filters, and one on which a sample of the output falls, so
  /// that an excerpt has the very samples of the whole.
  func prepare(nativeRate: Int, linkStart: Double) {
    let offset = Int(min(linkStart * Double(sampleRate), Self.farthest).rounded())
    let begin = max(0, wanted.lowerBound - offset)
    if nativeRate == sampleRate {
      feedStart = begin
    } else {
      let divisor = greatestCommonDivisor(nativeRate, sampleRate)
      let (nativePeriod, period) = (nativeRate / divisor, sampleRate / divisor)
      let reach = Int(Self.filterReach * Double(sampleRate))
      feedStart = max(0, begin - reach) / period * nativePeriod
    }
    position = offset + feedStart / nativeRate * sampleRate + feedStart % nativeRate * sampleRate / nativeRate
  }

  /// Makes ready for the frames of the next link, after `count` samples of a link at another rate.
  func moveOn(after count: Int, from oldRate: Int, to newRate: Int) {
    feedStart = max(0, feedStart - count) * newRate / max(1, oldRate)
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
    let first = max(0, feedStart - start)
    if case .channel = hearing {} else { meter.add(frame, from: first) }
    if case .meanSoFar = hearing, let channel = meter.surelyCancelledChannel {
      hearing = .channel(channel)
      try onFile { () throws(FFmpegFailure) in try resampler?.hear(channel: channel) }
    }
    isFinished = try !resample(frame, from: first, body)
    if isFinished { endTrial(body) }
  }

  /// Delivers what the resampler still holds, after the last frame.
  func finish(_ body: (Block) -> Bool) throws(AudioDecodingError) {
    _ = try finishResampler(body)
    isFinished = true
    endTrial(body)
  }

  /// How the part must be heard instead, now that it has ended; nil if it was heard rightly, or if it is too late.
  func otherHearing(canTakeBack: Bool) -> Hearing? {
    switch hearing {
    case .nothing: meter.cancelledChannel.map { .channel($0) } ?? .mean
    case .mean where canTakeBack: meter.cancelledChannel.map { .channel($0) }
    default: nil
    }
  }

  /// Resamples a frame from its sample `first` on and delivers the result; false if no more is wanted.
  private func resample(
    _ frame: UnsafeMutablePointer<AVFrame>, from first: Int, _ body: (Block) -> Bool
  ) throws(AudioDecodingError) -> Bool {
    guard first < Int(frame.pointee.nb_samples) else { return true }
    let input = MonoResampler.Input(frame)
    if resampler?.input != input {
      guard try finishResampler(body) else { return false }
      var channel: Int?
      if case .channel(let heard) = hearing { channel = heard }
      resampler = try onFile { () throws(FFmpegFailure) in
        try MonoResampler(input, outputRate: sampleRate, channel: channel)
      }
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
    madeCount += part.count
    handOn(Block(rebasing: block[part.lowerBound - offset..<part.upperBound - offset]), body)
    return !isStopped && position < wanted.upperBound
  }

  private func handOn(_ block: Block, _ body: (Block) -> Bool) {
    switch hearing {
    case .mean, .meanSoFar, .channel: give(block, body)
    case .nothing: break
    case .meanOnTrial where meter.soundingSeconds == 0:
      // Of silence nothing can cancel, and nobody hears which channel it is from.
      give(block, body)
    case .meanOnTrial:
      held.append(Array(block))
      if meter.soundingSeconds >= Self.trialSeconds { endTrial(body) }
    }
  }

  private func give(_ block: Block, _ body: (Block) -> Bool) {
    let fresh = block.dropFirst(deliveredCount - handedOnCount)
    handedOnCount += block.count
    guard !fresh.isEmpty else { return }
    deliveredCount += fresh.count
    isStopped = !body(Block(rebasing: fresh))
  }

  /// Delivers what was held back, unless the channels cancel each other.
  private func endTrial(_ body: (Block) -> Bool) {
    guard case .meanOnTrial = hearing else { return }
    hearing = meter.cancelledChannel == nil ? .meanSoFar : .nothing
    defer { held = [] }
    guard case .meanSoFar = hearing else { return }
    for block in held where !isStopped { block.withUnsafeBufferPointer { give($0, body) } }
  }

  private func onFile<Result>(_ body: () throws(FFmpegFailure) -> Result) throws(AudioDecodingError) -> Result {
    try AudioDecodingError.on(path, body)
  }
}
