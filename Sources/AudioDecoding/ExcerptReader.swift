import CFFmpeg
import Tags

/// Decodes parts of one file in as few passes as leave each what it is alone, block by block.
///
/// Positions are counted in samples from the beginning of the sound, which is the first frame out of the decoder. After
/// a seek, the first frame's timestamp gives its position; from there on samples are counted, since timestamps are
/// often rounded.
final class ExcerptReader {
  typealias Block = PartReader.Block

  /// What is known of the file; after a pass that went to its end, perhaps more.
  private(set) var info: AudioFileInfo
  /// What is wanted, in the order in which it was named.
  private(set) var parts: [PartReader]

  /// The digest of the sound, if all packets that it is made of were read on the way.
  var soundDigest: SoundDigest? { decoder.demuxer.packetDigest?.digest ?? earlierDigest }

  private var sound: Sound
  private var decoder: FrameDecoder
  /// The digest of the sound, if one of the passes before has read all of it.
  private var earlierDigest: SoundDigest?
  /// The link of the sound that the decoder reads.
  private var link = 0
  /// The timestamp of the beginning.
  private var origin = akin_no_timestamp
  private var hasSought = false
  private var isFresh = true
  /// Whether blocks may be called back, so that a part can be heard anew after all of it was delivered.
  private let canTakeBack: Bool
  private let firstHearing: PartReader.Hearing
  /// The song whose sound is digested: that of the first part.
  private let bounds: SongBounds?

  /// How long lossy codecs need to settle, in seconds: for MP3's bit reservoir, and for the overlap of all others.
  private static let preRoll = 0.5

  /// Opens a file. If `canTakeBack`, `forEachBlock` may begin a part anew.
  init(path: String, parts: [AudioPart], canTakeBack: Bool) throws(AudioDecodingError) {
    let demuxer = try Demuxer(path: path)
    sound = try Sound(demuxer)
    let info = AudioFileInfo(demuxer, sound)
    self.info = info
    self.canTakeBack = canTakeBack
    let hearing: PartReader.Hearing = canTakeBack ? .mean : .meanOnTrial
    firstHearing = hearing
    bounds = parts.first?.bounds
    self.parts = parts.map { PartReader($0, of: info, path: path, hearing: hearing) }
    demuxer.packetDigest = PacketDigest(sound, demuxer, of: bounds)
    // The links of a chain are opened one by one.
    decoder = try FrameDecoder(sound.links.count == 1 ? demuxer : sound.demuxer(ofLink: 0))
  }

  /// Calls `body` with one block after the other, until all parts end or it returned false for each that goes on;
  /// `part` is an index of ``parts``. If blocks may be called back, `restart` says for which part all before are void.
  ///
  /// Parts that begin to be decoded at the same place share a pass, such as all that need no seeking: each has the very
  /// samples, and the very errors, that it would have alone.
  func forEachBlock(
    restart: (_ part: Int) -> Void = { _ in }, _ body: (_ part: Int, Block) -> Bool
  ) throws(AudioDecodingError) {
    try refuseTooShort()
    var waiting = existing
    while !waiting.isEmpty {
      let pass = try begin(waiting)
      try read(pass.parts, from: pass.start, body)
      waiting.removeAll(where: pass.parts.contains)
      if isRefuted {
        try measure()
        for index in parts.indices {
          renew(index, hearing: firstHearing)
          restart(index)
        }
        waiting = existing
      }
      for index in pass.parts where !waiting.contains(index) {
        guard !parts[index].isStopped, let other = parts[index].otherHearing(canTakeBack: canTakeBack) else { continue }
        renew(index, hearing: other)
        restart(index)
        waiting.append(index)
      }
    }
  }

  /// The parts that the file is long enough for, of those that are spread over it.
  private var existing: [Int] {
    parts.indices.filter { index in
      if case .spread = parts[index].part.excerpt { !parts[index].wanted.isEmpty } else { true }
    }
  }

  /// What is known of the file, with what there is to say of one part.
  func info(ofPart index: Int) -> AudioFileInfo {
    var info = info
    if case .channel(let heard) = parts[index].hearing { info.notes.append(.cancellingChannels(heard: heard)) }
    if let bounds = parts[index].part.bounds {
      info.duration = bounds.duration(inFileOf: info.duration)
      // Another sheet was used.
      info.notes.removeAll { if case .unusableCueSheet = $0 { true } else { false } }
    }
    return info
  }

  private func renew(_ index: Int, hearing: PartReader.Hearing) {
    parts[index] = PartReader(
      parts[index].part, of: info, path: sound.path, hearing: hearing,
      deliveredCount: canTakeBack ? 0 : parts[index].deliveredCount)
  }

  // MARK: - Reading

  /// Reads frames until the parts end; stops earlier if they show that the header lied.
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
        guard !isRefuted, !group.allSatisfy({ parts[$0].isFinished }) else { return }
        let rate = Int(frame.pointee.sample_rate)
        guard let (next, isInNextLink) = try nextFrame() else { break }
        if isInNextLink {
          for index in group { parts[index].moveOn(after: start, from: rate, to: Int(next.pointee.sample_rate)) }
          start = 0
        }
        frame = next
      }
    }
    for index in group where !parts[index].isFinished {
      try parts[index].finish { body(index, $0) }
      try judge(parts[index])
    }
  }

  /// The next frame of this link, or the first of the next that has any; nil at the end.
  private func nextFrame() throws(AudioDecodingError) -> (UnsafeMutablePointer<AVFrame>, isInNextLink: Bool)? {
    if let frame = try decoder.nextFrame() { return (frame, false) }
    while link + 1 < sound.links.count {
      try open(link: link + 1, continuing: decoder.tally)
      if let frame = try decoder.nextFrame() {
        origin = frame.pointee.best_effort_timestamp
        return (frame, true)
      }
    }
    return nil
  }

  private func open(link index: Int, continuing tally: FrameDecoder.Tally = .init()) throws(AudioDecodingError) {
    link = index
    earlierDigest = soundDigest
    let demuxer = try sound.demuxer(ofLink: index)
    demuxer.packetDigest = PacketDigest(sound, demuxer, of: bounds)
    decoder = try FrameDecoder(demuxer, continuing: tally)
  }

  /// Which of the parts that wait are decoded next, and the first frame to decode with its position at its own rate; nil
  /// if nothing can be decoded.
  private func begin(
    _ waiting: [Int]
  ) throws(AudioDecodingError) -> (parts: [Int], start: (frame: UnsafeMutablePointer<AVFrame>, start: Int)?) {
    func firstLink(_ part: Int) -> Int {
      sound.link(at: Double(parts[part].wanted.lowerBound) / Double(parts[part].sampleRate) - Self.preRoll)
    }
    let here = firstLink(waiting[0])
    if !isFresh || here != link { try open(link: here) }
    isFresh = false
    let waiting = waiting.filter { firstLink($0) == here }
    guard let first = try firstFrame() else { return (waiting, nil) }
    let nativeRate = Int(first.pointee.sample_rate)
    for index in waiting { parts[index].prepare(nativeRate: nativeRate, linkStart: sound.links[link].start) }
    (origin, hasSought) = (first.pointee.best_effort_timestamp, false)
    func target(_ part: Int) -> Int { parts[part].feedStart - Int(Self.preRoll * Double(nativeRate)) }
    let atTheBeginning = waiting.filter { target($0) <= Int(first.pointee.nb_samples) }
    guard atTheBeginning.isEmpty else { return (atTheBeginning, (first, 0)) }
    let group = waiting.filter { target($0) == target(waiting[0]) }
    let limit = parts[group[0]].feedStart
    if sound.links[link].length.isEven {
      if let found = try seek(to: target(group[0]), before: limit, rate: nativeRate) {
        hasSought = true
        return (group, found)
      }
    } else if let found = try skip(to: target(group[0]), rate: nativeRate) {
      hasSought = true
      return (group, found)
    }
    // The file does not allow seeking, or its index is wrong: decode all that comes before.
    try open(link: link)
    return (group, try decoder.nextFrame().map { ($0, 0) })
  }

  /// The first frame of the link. If its edit list plays nothing, it is left out of account.
  private func firstFrame() throws(AudioDecodingError) -> UnsafeMutablePointer<AVFrame>? {
    if let frame = try decoder.nextFrame() { return frame }
    guard !sound.ignoresEdits, decoder.demuxer.formatName.hasPrefix("mov"), decoder.tally.brokenPackets == 0 else {
      return nil
    }
    sound.ignoresEdits = true
    try open(link: link)
    return try decoder.nextFrame()
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

  /// Passes over packets whose time stamps lead nowhere, and returns the first frame after them.
  private func skip(
    to target: Int, rate: Int
  ) throws(AudioDecodingError) -> (frame: UnsafeMutablePointer<AVFrame>, start: Int)? {
    try open(link: link)
    let seconds = try decoder.demuxer.skip(seconds: Double(target) / Double(rate))
    return try decoder.nextFrame().map { ($0, Int((seconds * Double(rate)).rounded())) }
  }

  /// When a frame begins after the beginning of the sound, by its timestamp; nil if it has none.
  private func time(of frame: UnsafeMutablePointer<AVFrame>) -> Int64? {
    let timestamp = frame.pointee.best_effort_timestamp
    return timestamp == akin_no_timestamp || origin == akin_no_timestamp ? nil : timestamp &- origin
  }

  // MARK: - Judging

  /// How much may be missing at the end, as a share of the whole and in seconds: headers round, and encoders lose a
  /// little there.
  private static let toleratedLoss = (part: 0.1, seconds: 0.25)

  /// Whether what was decoded contradicts the length that the header states, which was believed so far.
  private var isRefuted = false

  private func tolerated(_ part: PartReader) -> Double {
    max(
      Self.toleratedLoss.part * Double(part.expectedCount), Self.toleratedLoss.seconds * Double(part.sampleRate))
  }

  /// Reads all packets, and takes what they say for the length.
  private func measure() throws(AudioDecodingError) {
    isRefuted = false
    // Another length has another middle.
    (decoder.demuxer.packetDigest, earlierDigest) = (nil, nil)
    try sound.measure()
    info.duration = sound.duration
    info.notes = sound.notes
    try refuseTooShort()
  }

  /// Refuses a file that is broken off so early that what is there is no song.
  private func refuseTooShort() throws(AudioDecodingError) {
    guard sound.isTooShort else { return }
    // Who names a range knows what there is, unless it goes beyond that.
    let isInside = parts.allSatisfy { part in
      guard part.part.isNamedByTime, let duration = sound.duration else { return false }
      return Double(part.wanted.upperBound) <= duration * Double(part.sampleRate)
    }
    if !isInside { throw sound.truncationError }
  }

  /// Decides, after the last block, whether enough was delivered.
  ///
  /// A few broken packets are tolerated, as by players; if they are the majority, the file is corrupted.
  private func judge(_ part: PartReader) throws(AudioDecodingError) {
    guard !part.isStopped else { return }
    let (expected, tolerated) = (part.expectedCount, tolerated(part))
    if !sound.isMeasured && sound.duration != nil {
      let isShort = Double(expected - part.madeCount) > tolerated
      // A part to the end of the file shows where that is.
      let isLong = part.wanted.upperBound == .max && Double(part.madeCount - expected) > tolerated
      if isShort || isLong {
        // What was delivered stays delivered: then only the length is put right.
        if canTakeBack || part.deliveredCount == 0 {
          isRefuted = true
          return
        }
        try measure()
      }
    }
    try refuseBroken(part)
    let tally = decoder.tally
    guard tally.goodFrames == 0 || Double(part.expectedCount - part.madeCount) > tolerated else { return }
    let isMostlyNoise =
      !hasSought && decoder.demuxer.packetBytes - tally.brokenBytes < decoder.demuxer.soundBytes / 2
    if sound.isMeasured && !hasSought && !isMostlyNoise && part.madeCount > 0 && tally.brokenPackets == 0 {
      // All was decoded, and nothing was wrong with it: some codecs' packets last less than they say.
      sound.settle(duration: Double(part.wanted.lowerBound + part.madeCount) / Double(part.sampleRate))
      (info.duration, info.notes) = (sound.duration, sound.notes)
      return
    }
    // Gaps in the middle are tolerated as long as there is more sound than gaps.
    let reachesEnd = Double(part.wanted.lowerBound + expected) - part.lastTime <= tolerated
    if reachesEnd && part.madeCount > expected / 2 { return }
    throw AudioDecodingError(
      path: sound.path, kind: reachesEnd || isMostlyNoise || sound.isMeasured ? .corrupted : .truncated,
      reason: tally.goodFrames == 0 ? "nothing of its sound can be decoded" : Self.words(onLossOf: part))
  }

  /// Says how little of a part can be decoded.
  private static func words(onLossOf part: PartReader) -> String {
    let made = Double(part.madeCount) / Double(part.sampleRate)
    let wanted = AudioFileNote.clock(Double(part.expectedCount) / Double(part.sampleRate))
    guard made >= Sound.leastSound else { return "less than \(Sound.leastSound) s of its sound can be decoded" }
    let isAll = part.wanted.lowerBound == 0 && part.wanted.upperBound == .max
    return "only \(AudioFileNote.clock(made)) of \(isAll ? "its" : "a part of") \(wanted) can be decoded"
  }

  private func refuseBroken(_ part: PartReader) throws(AudioDecodingError) {
    let (tally, demuxer) = (decoder.tally, decoder.demuxer)
    if tally.goodFrames == 0, let reason = demuxer.unsupportedFeature {
      throw AudioDecodingError(path: sound.path, unsupported: reason)
    }
    if tally.brokenPackets > tally.goodFrames {
      let failure = tally.lastFailure ?? FFmpegFailure(code: akin_averror_invalid_data, attempt: "decode it")
      let error = AudioDecodingError(path: sound.path, failure)
      if error.kind == .unsupportedCodec { throw error }
      let counts = "\(tally.brokenPackets) of \(tally.brokenPackets + tally.goodFrames)"
      if demuxer.isDoubtful { throw AudioDecodingError(unrecognised: sound.path) }
      throw AudioDecodingError(
        path: sound.path, kind: .corrupted,
        reason: "it is broken where the sound should be: \(counts) packets cannot be decoded (FFmpeg: \(failure.words))"
      )
    }
    if tally.goodFrames == 0 && part.expectedCount == 0 {
      throw demuxer.isDoubtful
        ? AudioDecodingError(unrecognised: sound.path)
        : AudioDecodingError(path: sound.path, kind: .empty, reason: "there is not a single sample in it")
    }
  }
}
