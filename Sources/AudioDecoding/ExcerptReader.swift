import CFFmpeg

/// Decodes one excerpt of one file, block by block.
///
/// Positions are counted in samples from the beginning of the sound, which is the first frame out of the decoder. After
/// a seek, the first frame's timestamp gives its position; from there on samples are counted, since timestamps are
/// often rounded.
final class ExcerptReader {
  typealias Block = UnsafeBufferPointer<Float>

  let info: AudioFileInfo
  /// The rate in Hz of what is delivered.
  let sampleRate: Int
  /// What is to be delivered, in samples at that rate.
  let wanted: Range<Int>

  private var decoder: FrameDecoder
  private var resampler: MonoResampler?
  /// The position of the next sample from the resampler.
  private var position = 0
  private var deliveredCount = 0
  /// Where the last frame ends by its timestamp, in samples at `sampleRate`: farther than what was delivered if there
  /// are gaps.
  private var lastTime = 0.0
  /// The timestamp of the beginning.
  private var origin = akin_no_timestamp
  private var hasSought = false
  /// Whether the receiver wants no more.
  private var isStopped = false

  /// How long lossy codecs need to settle, in seconds: for MP3's bit reservoir, and for the overlap of all others.
  private static let preRoll = 0.5
  /// How far the resampler's filters look back, in seconds.
  private static let filterReach = 0.1

  /// A position that no file reaches, small enough to be converted to any other rate.
  private static let farthest = 0x1p40

  /// Opens a file; `sampleRate` nil for its own.
  init(path: String, excerpt: Excerpt, sampleRate: Int?) throws(AudioDecodingError) {
    let demuxer = try Demuxer(path: path)
    info = try AudioFileInfo(demuxer)
    self.sampleRate = sampleRate ?? info.sampleRate
    let rate = Double(self.sampleRate)
    func sample(at time: Double) -> Int { Int(min(time * rate, Self.farthest).rounded()) }
    let bounds = excerpt.bounds(in: info.duration)
    let start = sample(at: bounds.start)
    wanted = start..<max(start, bounds.end.map(sample(at:)) ?? .max)
    decoder = try FrameDecoder(demuxer)
  }

  /// Calls `body` with one block after the other until the excerpt ends or `body` returns false.
  func forEachBlock(_ body: (Block) -> Bool) throws(AudioDecodingError) {
    var goesOn = true
    if let start = try startFrame() {
      var (frame, frameStart, feedStart) = start
      while goesOn {
        note(frame)
        goesOn = try feed(frame, from: max(0, feedStart - frameStart), body)
        frameStart += Int(frame.pointee.nb_samples)
        guard goesOn, let next = try decoder.nextFrame() else { break }
        frame = next
      }
      if goesOn { goesOn = try finishResampler(body) }
    }
    if !isStopped { try judge() }
  }

  /// The first frame to decode, its position, and the first sample to give to the resampler, both at the frame's own
  /// rate; nil if nothing can be decoded.
  private func startFrame() throws(AudioDecodingError)
    -> (frame: UnsafeMutablePointer<AVFrame>, start: Int, feedStart: Int)?
  {
    guard let first = try decoder.nextFrame() else { return nil }
    let nativeRate = Int(first.pointee.sample_rate)
    let feedStart = feedStart(nativeRate: nativeRate)
    position = feedStart / nativeRate * sampleRate + feedStart % nativeRate * sampleRate / nativeRate
    origin = first.pointee.best_effort_timestamp
    let target = feedStart - Int(Self.preRoll * Double(nativeRate))
    guard target > Int(first.pointee.nb_samples) else { return (first, 0, feedStart) }
    if let (frame, start) = try seek(to: target, before: feedStart, rate: nativeRate) {
      hasSought = true
      return (frame, start, feedStart)
    }
    // The file does not allow seeking, or its index is wrong: decode everything before the excerpt.
    decoder = try FrameDecoder(Demuxer(path: decoder.demuxer.path))
    return try decoder.nextFrame().map { ($0, 0, feedStart) }
  }

  /// The first sample at the native rate to resample for the excerpt: early enough for the filters, and one that
  /// coincides with a sample of the output, so that an excerpt has exactly the samples of the whole.
  private func feedStart(nativeRate: Int) -> Int {
    let divisor = greatestCommonDivisor(nativeRate, sampleRate)
    let (nativePeriod, period) = (nativeRate / divisor, sampleRate / divisor)
    guard nativeRate != sampleRate else { return wanted.lowerBound }
    let reach = Int(Self.filterReach * Double(sampleRate))
    return max(0, wanted.lowerBound - reach) / period * nativePeriod
  }

  /// Seeks and returns the first frame whose position is known, if that is not too late.
  private func seek(
    to target: Int, before limit: Int, rate: Int
  ) throws(AudioDecodingError) -> (UnsafeMutablePointer<AVFrame>, start: Int)? {
    let timeBase = decoder.demuxer.stream.pointee.time_base
    let sampleBase = AVRational(num: 1, den: Int32(rate))
    guard origin != akin_no_timestamp else { return nil }
    let (timestamp, overflow) = origin.addingReportingOverflow(av_rescale_q(Int64(target), sampleBase, timeBase))
    guard !overflow, decoder.demuxer.seek(to: timestamp) else { return nil }
    decoder.flush()
    while let frame = try decoder.nextFrame() {
      let timestamp = frame.pointee.best_effort_timestamp
      guard timestamp != akin_no_timestamp else { continue }
      let start = Int(av_rescale_q(timestamp &- origin, timeBase, sampleBase))
      // A position far before the beginning is not to be trusted.
      return (-rate...limit).contains(start) ? (frame, start) : nil
    }
    return nil
  }

  private func note(_ frame: UnsafeMutablePointer<AVFrame>) {
    let timestamp = frame.pointee.best_effort_timestamp
    guard timestamp != akin_no_timestamp, origin != akin_no_timestamp else { return }
    let base = decoder.demuxer.stream.pointee.time_base
    let time = av_rescale_q(timestamp &- origin, base, AVRational(num: 1, den: Int32(sampleRate)))
    lastTime = Double(time) + Double(frame.pointee.nb_samples) * Double(sampleRate) / Double(frame.pointee.sample_rate)
  }

  /// Resamples a frame from its sample `first` on and delivers the result; false when no more is wanted.
  private func feed(
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

  /// Delivers the part of a block that belongs to the excerpt; false when no more is wanted.
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
    try AudioDecodingError.on(decoder.demuxer.path, body)
  }
}

extension ExcerptReader {
  /// How much may be missing at the end, as a share of the whole and in seconds: headers round, and encoders lose a
  /// little there.
  private static let toleratedLoss = (part: 0.1, seconds: 0.1)

  /// How many samples there should be by the length of the file; 0 if that is unknown.
  var expectedCount: Int {
    let end = info.duration.flatMap { Int(exactly: ($0 * Double(sampleRate)).rounded()) }
    return max(0, min(wanted.upperBound, end ?? 0) - wanted.lowerBound)
  }

  /// Decides, after the last block, whether enough was delivered.
  ///
  /// A few broken packets are tolerated, as by players; if they are the majority, the file is corrupted.
  private func judge() throws(AudioDecodingError) {
    let path = decoder.demuxer.path
    if decoder.brokenPackets > decoder.goodFrames {
      var error = lastFailureError
      if error.kind != .unsupportedCodec {
        let counts = "\(decoder.brokenPackets) of \(decoder.brokenPackets + decoder.goodFrames)"
        error = AudioDecodingError(
          path: path, kind: decoder.demuxer.isDoubtful ? .notAudio : .corrupted,
          reason: "\(counts) of its packets cannot be decoded (\(error.reason))")
      }
      throw error
    }
    let expected = expectedCount
    if decoder.goodFrames == 0 && expected == 0 {
      throw decoder.demuxer.isDoubtful
        ? AudioDecodingError(path: path, kind: .notAudio, reason: "its content is in no known audio format")
        : AudioDecodingError(path: path, kind: .empty, reason: "there is not a single sample in it")
    }
    let tolerated = max(
      Self.toleratedLoss.part * Double(expected), Self.toleratedLoss.seconds * Double(sampleRate))
    guard decoder.goodFrames == 0 || Double(expected - deliveredCount) > tolerated else { return }
    // Gaps in the middle are tolerated as long as there is more sound than gaps.
    let reachesEnd = Double(wanted.lowerBound + expected) - lastTime <= tolerated
    if reachesEnd && deliveredCount > expected / 2 { return }
    func seconds(_ count: Int) -> String { "\((Double(count) / Double(sampleRate) * 100).rounded() / 100)" }
    let isMostlyNoise = !hasSought && decoder.demuxer.packetBytes - decoder.brokenBytes < decoder.demuxer.soundBytes / 2
    throw AudioDecodingError(
      path: path, kind: reachesEnd || isMostlyNoise ? .corrupted : .truncated,
      reason: "\(seconds(deliveredCount)) of the \(seconds(expected)) seconds that its header promises are there")
  }

  private var lastFailureError: AudioDecodingError {
    AudioDecodingError(
      path: decoder.demuxer.path,
      decoder.lastFailure ?? FFmpegFailure(code: akin_averror_invalid_data, attempt: "decode it"))
  }
}
