import CFFmpeg

/// How long a file plays, as cheap evidence or a look at all its packets has it, beside what its header promises.
///
/// A header is believed if nothing contradicts it: where the sound begins, the size of the file, an index of its
/// packets, its last block, the bytes that a second takes. Otherwise all packets are read, without decoding them.
struct SoundLength {
  /// How a file ends.
  enum Ending {
    /// With a whole block, or as its header says.
    case complete
    /// In the middle of what its header describes.
    case brokenOff
    case unknown
  }

  /// The length in seconds of what can be played; nil if nothing states it.
  private(set) var duration: Double?
  /// What the header promises, in seconds; nil if it promises nothing.
  private(set) var promised: Double?
  private(set) var ending = Ending.unknown
  /// Whether the file can be sought by its time stamps.
  private(set) var isEven = true
  /// Whether all packets were read.
  private(set) var isMeasured = false
  /// Whether most of the file turned out to be neither sound nor pictures.
  private(set) var isMostlyNoise = false

  /// A difference of less than this, in seconds or as a share of the length, is a matter of rounding and padding.
  private static let negligible = (seconds: 0.5, share: 0.01)
  /// The sound of a file begins at most so late, in seconds, unless it was cut out of something longer.
  private static let latestBeginning = 1.0
  /// How far the length of an MP3 may be from what a sample of its frames says, as a share, if all of these have one bit
  /// rate, and if they have not. A good file that is farther off only takes longer.
  private static let toleratedEstimate = (constant: 0.02, variable: 0.05)
  /// At how many places such a file is sampled, and at how many if its bit rate varies and these say something else.
  private static let sampledPlaces = (few: 24, many: 96)

  /// The length of a file, or of a link of a chain, of which nothing was read yet but its header.
  init(_ demuxer: Demuxer) throws(AudioDecodingError) {
    promised = demuxer.promisedDuration ?? demuxer.statedDuration
    duration = promised
    guard let promised, let stated = demuxer.statedDuration, !Self.differ(promised, stated) else {
      if demuxer.isBrokenOff { ending = .brokenOff }
      try measure(demuxer)
      return
    }
    switch Evidence(demuxer, stated: stated) {
    case .agrees: break
    case .complete: ending = .complete
    case .ends(let seconds, let whole, let ending):
      (duration, self.promised, self.ending) = (seconds, whole, ending)
    case .contradicts(let ending):
      self.ending = ending
      try measure(demuxer)
    }
  }

  /// Reads all packets of the file, through a demuxer of its own.
  mutating func measure(_ demuxer: Demuxer) throws(AudioDecodingError) {
    guard !isMeasured else { return }
    isMeasured = true
    let fresh = try Demuxer(path: demuxer.path, range: demuxer.range, ignoresEdits: demuxer.ignoresEdits)
    let scan = try fresh.scan()
    isEven = scan.isEven
    if scan.endsBrokenOff { ending = .brokenOff }
    isMostlyNoise = scan.soundBytes < fresh.soundBytes / 2
    guard let found = scan.duration, found.isFinite else { return }
    // Some formats state when the sound ends rather than how long it lasts.
    if let begin = demuxer.startTime, begin > Self.latestBeginning, demuxer.formatName != "flac",
      let end = promised, !Self.differ(found, end - begin)
    {
      promised = found
    }
    // A header that is right is more exact than the sum of rounded packets.
    if let promised, !Self.differ(found, promised) {
      duration = promised
    } else {
      duration = found
    }
  }

  /// Takes what was decoded for the length in seconds.
  mutating func settle(duration: Double) { self.duration = duration }

  /// Whether two lengths in seconds are more different than rounding and padding make them.
  static func differ(_ one: Double, _ other: Double) -> Bool {
    abs(one - other) > max(negligible.seconds, negligible.share * max(one, other))
  }

  /// What is at hand without reading the packets.
  private enum Evidence {
    /// Nothing contradicts the header.
    case agrees
    /// The end of the file is where the header promises it.
    case complete
    /// The file plays for so many seconds, while its header states another length.
    case ends(after: Double, of: Double, Ending)
    /// The header is wrong.
    case contradicts(Ending)

    init(_ demuxer: Demuxer, stated: Double) {
      if let chunk = demuxer.sampleChunk {
        self = Self.ofSamples(chunk, demuxer)
      } else if abs(demuxer.startTime ?? 0) > SoundLength.latestBeginning {
        let block = Self.lastBlock(of: demuxer)
        self = .contradicts(block.map { $0.isComplete ? .complete : .brokenOff } ?? .unknown)
      } else if let block = Self.lastBlock(of: demuxer) {
        let end = Double(block.end) / Double(max(1, demuxer.stream.pointee.codecpar.pointee.sample_rate))
        let isAsPromised =
          !SoundLength.differ(end - (demuxer.startTime ?? 0), stated)
          && (demuxer.formatName != "flac"
            || LastBlock.areInOrder(demuxer.source, fixedBlockSize: demuxer.fixedBlockSize))
        self =
          isAsPromised && block.isComplete
          ? .complete : isAsPromised ? .agrees : .contradicts(block.isComplete ? .complete : .brokenOff)
      } else if demuxer.formatName == "ogg" {
        self =
          demuxer.isBrokenOff
          ? .contradicts(.brokenOff) : demuxer.oggChain?.hasGap() ?? false ? .contradicts(.unknown) : .agrees
      } else if demuxer.formatName == "mp3" {
        self = Self.ofFrames(demuxer.source, stated: stated)
      } else if let end = demuxer.endByIndex(), end.isBrokenOff || end.seconds > stated {
        self =
          !SoundLength.differ(end.seconds, stated)
          ? .agrees : end.isBrokenOff ? .ends(after: end.seconds, of: stated, .brokenOff) : .contradicts(.unknown)
      } else if demuxer.isBrokenOff {
        self = .contradicts(.brokenOff)
      } else {
        self = .agrees
      }
    }

    private static func ofSamples(_ chunk: SampleChunk, _ demuxer: Demuxer) -> Evidence {
      guard let stated = chunk.statedBytes, stated > chunk.availableBytes || chunk.isMore else { return .agrees }
      let ending: Ending = chunk.isMore ? .complete : .brokenOff
      guard let rate = demuxer.bytesPerSecond else { return .contradicts(ending) }
      let (whole, end) = (Double(stated) / rate, Double(chunk.availableBytes) / rate)
      return SoundLength.differ(end, whole) ? .ends(after: end, of: whole, ending) : .agrees
    }

    private static func lastBlock(of demuxer: Demuxer) -> LastBlock? {
      switch demuxer.formatName {
      case "flac": .ofFLAC(demuxer.source, fixedBlockSize: demuxer.fixedBlockSize)
      case "wv": .ofWavPack(demuxer.source)
      default: nil
      }
    }

    private static func ofFrames(_ source: FileSource, stated: Double) -> Evidence {
      guard let (begin, bytes) = MPEGFrames.statement(in: source) else { return .agrees }
      let room = source.byteCount - begin
      let isShort = bytes.map { $0 > room + room / 50 } ?? false
      let isWhole = bytes.map { $0 > 0 && $0 <= room } ?? false
      func isNear(_ sample: MPEGFrames.Sample) -> Bool {
        let estimate = sample.secondsPerByte * Double(room)
        let tolerated = sample.isConstant ? toleratedEstimate.constant : toleratedEstimate.variable
        return abs(estimate - stated) < max(negligible.seconds, tolerated * max(estimate, stated))
      }
      guard var sample = MPEGFrames.sample(of: source, from: begin, places: sampledPlaces.few) else {
        return isShort ? .contradicts(.brokenOff) : .agrees
      }
      if !isShort, !isNear(sample), !sample.isConstant {
        sample = MPEGFrames.sample(of: source, from: begin, places: sampledPlaces.many) ?? sample
      }
      guard isShort || !isNear(sample) else { return isWhole ? .complete : .agrees }
      return .contradicts(isShort ? .brokenOff : isWhole ? .complete : .unknown)
    }
  }
}
