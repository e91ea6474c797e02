import CFFmpeg

/// Decodes parts of one file in as few passes as leave each what it is alone, block by block.
///
/// Positions are counted in samples from the beginning of the sound, which is the first frame out of the decoder. After
/// a seek, the first frame's timestamp gives its position; from there on samples are counted, since timestamps are
/// often rounded.
final class ExcerptReader {
  typealias Block = PartReader.Block

  let info: AudioFileInfo
  /// What is wanted, in the order in which it was named.
  let parts: [PartReader]

  private var decoder: FrameDecoder
  /// The timestamp of the beginning.
  private var origin = akin_no_timestamp
  private var hasSought = false

  /// How long lossy codecs need to settle, in seconds: for MP3's bit reservoir, and for the overlap of all others.
  private static let preRoll = 0.5

  /// Opens a file.
  init(path: String, parts: [AudioPart]) throws(AudioDecodingError) {
    let demuxer = try Demuxer(path: path)
    let info = try AudioFileInfo(demuxer)
    self.info = info
    self.parts = parts.map { PartReader($0, of: info, path: path) }
    decoder = try FrameDecoder(demuxer)
  }

  /// Calls `body` with one block after the other, until all parts end or it returned false for each that goes on;
  /// `part` is an index of ``parts``.
  ///
  /// Parts that begin to be decoded at the same place share a pass, such as all that need no seeking: each has the very
  /// samples, and the very errors, that it would have alone.
  func forEachBlock(_ body: (_ part: Int, Block) -> Bool) throws(AudioDecodingError) {
    var waiting = Array(parts.indices)
    while !waiting.isEmpty {
      let pass = try begin(waiting)
      try read(pass.parts, from: pass.start, body)
      waiting.removeAll(where: pass.parts.contains)
      if !waiting.isEmpty { decoder = try FrameDecoder(Demuxer(path: decoder.demuxer.path)) }
    }
  }

  private func read(
    _ group: [Int], from first: (frame: UnsafeMutablePointer<AVFrame>, start: Int)?,
    _ body: (_ part: Int, Block) -> Bool
  ) throws(AudioDecodingError) {
    if var (frame, start) = first {
      while true {
        let (time, timeBase) = (time(of: frame), decoder.demuxer.stream.pointee.time_base)
        for index in group where !parts[index].isFinished {
          try parts[index].take(frame, at: start, time: time, timeBase: timeBase) { body(index, $0) }
          // Now, since what comes later would not have been decoded for this part alone.
          if parts[index].isFinished { try judge(parts[index]) }
        }
        start += Int(frame.pointee.nb_samples)
        guard !group.allSatisfy({ parts[$0].isFinished }), let next = try decoder.nextFrame() else { break }
        frame = next
      }
    }
    for index in group where !parts[index].isFinished {
      try parts[index].finish { body(index, $0) }
      try judge(parts[index])
    }
  }

  /// Which of the parts that wait are decoded next, and the first frame to decode with its position at its own rate; nil
  /// if nothing can be decoded.
  private func begin(
    _ waiting: [Int]
  ) throws(AudioDecodingError) -> (parts: [Int], start: (frame: UnsafeMutablePointer<AVFrame>, start: Int)?) {
    guard let first = try decoder.nextFrame() else { return (waiting, nil) }
    let nativeRate = Int(first.pointee.sample_rate)
    for index in waiting { parts[index].prepare(nativeRate: nativeRate) }
    (origin, hasSought) = (first.pointee.best_effort_timestamp, false)
    func target(_ part: Int) -> Int { parts[part].feedStart - Int(Self.preRoll * Double(nativeRate)) }
    let atTheBeginning = waiting.filter { target($0) <= Int(first.pointee.nb_samples) }
    guard atTheBeginning.isEmpty else { return (atTheBeginning, (first, 0)) }
    let group = waiting.filter { target($0) == target(waiting[0]) }
    if let found = try seek(to: target(group[0]), before: parts[group[0]].feedStart, rate: nativeRate) {
      hasSought = true
      return (group, found)
    }
    // The file does not allow seeking, or its index is wrong: decode all that comes before.
    decoder = try FrameDecoder(Demuxer(path: decoder.demuxer.path))
    return (group, try decoder.nextFrame().map { ($0, 0) })
  }

  /// Seeks and returns the first frame whose position is known, if that is not too late.
  private func seek(
    to target: Int, before limit: Int, rate: Int
  ) throws(AudioDecodingError) -> (frame: UnsafeMutablePointer<AVFrame>, start: Int)? {
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

  /// When a frame begins after the beginning of the sound, by its timestamp; nil if it has none.
  private func time(of frame: UnsafeMutablePointer<AVFrame>) -> Int64? {
    let timestamp = frame.pointee.best_effort_timestamp
    return timestamp == akin_no_timestamp || origin == akin_no_timestamp ? nil : timestamp &- origin
  }
}

extension ExcerptReader {
  /// How much may be missing at the end, as a share of the whole and in seconds: headers round, and encoders lose a
  /// little there.
  private static let toleratedLoss = (part: 0.1, seconds: 0.1)

  /// Decides, after the last block, whether enough was delivered.
  ///
  /// A few broken packets are tolerated, as by players; if they are the majority, the file is corrupted.
  private func judge(_ part: PartReader) throws(AudioDecodingError) {
    guard !part.isStopped else { return }
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
    let expected = part.expectedCount
    if decoder.goodFrames == 0 && expected == 0 {
      throw decoder.demuxer.isDoubtful
        ? AudioDecodingError(path: path, kind: .notAudio, reason: "its content is in no known audio format")
        : AudioDecodingError(path: path, kind: .empty, reason: "there is not a single sample in it")
    }
    let tolerated = max(
      Self.toleratedLoss.part * Double(expected), Self.toleratedLoss.seconds * Double(part.sampleRate))
    guard decoder.goodFrames == 0 || Double(expected - part.deliveredCount) > tolerated else { return }
    // Gaps in the middle are tolerated as long as there is more sound than gaps.
    let reachesEnd = Double(part.wanted.lowerBound + expected) - part.lastTime <= tolerated
    if reachesEnd && part.deliveredCount > expected / 2 { return }
    func seconds(_ count: Int) -> String { "\((Double(count) / Double(part.sampleRate) * 100).rounded() / 100)" }
    let isMostlyNoise = !hasSought && decoder.demuxer.packetBytes - decoder.brokenBytes < decoder.demuxer.soundBytes / 2
    throw AudioDecodingError(
      path: path, kind: reachesEnd || isMostlyNoise ? .corrupted : .truncated,
      reason: "\(seconds(part.deliveredCount)) of the \(seconds(expected)) seconds that its header promises are there")
  }

  private var lastFailureError: AudioDecodingError {
    AudioDecodingError(
      path: decoder.demuxer.path,
      decoder.lastFailure ?? FFmpegFailure(code: akin_averror_invalid_data, attempt: "decode it"))
  }
}
