import CFFmpeg

/// The sound of a file: one link, or those of a chained Ogg file, each with its length.
struct Sound {
  /// A song that is complete in itself.
  struct Link {
    /// Its bytes; nil for all of the file.
    var range: Range<Int>?
    var length: SoundLength
    /// Where it begins in the whole, in seconds.
    var start = 0.0
  }

  let path: String
  private(set) var links: [Link]
  /// How many links are left out since they are broken.
  private var brokenLinks = 0
  /// Whether the edit list of an MP4 file is left out of account, since it plays nothing.
  var ignoresEdits = false

  /// A file that the demuxer has just opened.
  init(_ demuxer: Demuxer) throws(AudioDecodingError) {
    path = demuxer.path
    guard demuxer.formatName == "ogg", let chain = demuxer.oggChain?.links() else {
      links = [Link(range: demuxer.range, length: try SoundLength(demuxer))]
      return
    }
    var found: [Link] = []
    let begin = demuxer.range?.lowerBound ?? 0
    for link in chain {
      let range = link.range.lowerBound + begin..<link.range.upperBound + begin
      do throws(AudioDecodingError) {
        let length = try SoundLength(Demuxer(path: path, range: range))
        if let duration = length.duration, duration > 0 {
          found.append(Link(range: range, length: length))
        } else if !link.isEmpty {
          brokenLinks += 1
        }
      } catch {
        // A link that is broken does not keep the others from being heard.
        guard error.kind != .unreadable && error.kind != .failed else { throw error }
        if !link.isEmpty { brokenLinks += 1 }
      }
    }
    links = found
    if links.isEmpty {
      links = [Link(range: demuxer.range, length: try SoundLength(demuxer))]
      brokenLinks = 0
    }
    placeLinks()
  }

  private mutating func placeLinks() {
    var start = 0.0
    for index in links.indices {
      links[index].start = start
      start += links[index].length.duration ?? 0
    }
  }

  /// Opens a link.
  func demuxer(ofLink index: Int) throws(AudioDecodingError) -> Demuxer {
    try Demuxer(path: path, range: links[index].range, ignoresEdits: ignoresEdits)
  }

  /// The length in seconds of what can be played; nil if it is not known.
  var duration: Double? { links.count == 1 ? links[0].length.duration : links.last.map(end(of:)) }

  private func end(of link: Link) -> Double { link.start + (link.length.duration ?? 0) }

  /// What the header promises; nil if it promises nothing. The links of a chain promise nothing together.
  var promised: Double? { links.count == 1 ? links[0].length.promised : nil }

  var isMeasured: Bool { links.allSatisfy(\.length.isMeasured) }

  /// Reads the packets of the whole file.
  mutating func measure() throws(AudioDecodingError) {
    for index in links.indices { try links[index].length.measure(demuxer(ofLink: index)) }
    placeLinks()
  }

  /// Takes what was decoded, from the beginning to the end, for the length in seconds.
  mutating func settle(duration: Double) {
    guard links.count == 1 else { return }
    links[0].length.settle(duration: duration)
  }

  /// The link in which a time in seconds lies.
  func link(at time: Double) -> Int { links.lastIndex { $0.start <= time } ?? 0 }
}

extension Sound {
  /// So much of a broken file is worth hearing, in seconds or as a share of what its header promises: a network hears
  /// 15 s, and other models 30 s, of which a third is still the same song.
  private static let enough = (seconds: 10.0, share: 0.5)
  /// Lengths that differ by less, in seconds or as a share, are not worth a note.
  private static let notable = (seconds: 1.0, share: 0.02)

  /// What lasts less than this, in seconds, nobody hears.
  static let leastSound = 0.1

  /// Whether the header promises a length notably different from what plays.
  private var isNotable: Bool {
    guard let duration, let promised else { return false }
    return abs(duration - promised) > max(Self.notable.seconds, Self.notable.share * promised)
  }

  /// What a listener should know of the length.
  var notes: [AudioFileNote] {
    var notes: [AudioFileNote] = []
    if isNotable, let duration, let promised {
      notes.append(
        duration < promised && links[0].length.ending == .brokenOff
          ? .truncated(endsAfter: duration, of: promised) : .headerLength(plays: duration, promised: promised))
    }
    if brokenLinks > 0 { notes.append(.brokenLinks(brokenLinks, of: links.count + brokenLinks)) }
    return notes
  }

  /// Whether so little of what the header promises is there that the song is not worth hearing. A file that ends with a
  /// whole block, as a piece cut out of another does, has all that it should have.
  var isTooShort: Bool {
    guard let duration, let promised, SoundLength.differ(duration, promised), duration < promised else { return false }
    guard links[0].length.ending != .complete else { return false }
    return duration < Self.enough.seconds && duration < Self.enough.share * promised
  }

  /// Why such a file is refused.
  var truncationError: AudioDecodingError {
    let (end, promised) = (AudioFileNote.clock(duration ?? 0), AudioFileNote.clock(promised ?? 0))
    let isSilent = (duration ?? 0) < Self.leastSound
    if links[0].length.isMostlyNoise && links[0].length.ending != .brokenOff {
      return AudioDecodingError(
        path: path, kind: .corrupted, reason: "only \(end) of the \(promised) that its header promises are sound")
    }
    return AudioDecodingError(
      path: path, kind: .truncated,
      reason: isSilent
        ? "it ends before its sound begins, of which its header promises \(promised)"
        : "it ends after \(end) of \(promised)")
  }
}

extension AudioFileInfo {
  /// What an open file states, and how long it plays.
  init(_ demuxer: Demuxer, _ sound: Sound) {
    let parameters = demuxer.stream.pointee.codecpar.pointee
    let fields = demuxer.tagFields
    self.init(
      tags: AudioTags(fields, genreName: TagFields.genreName),
      duration: sound.duration.flatMap { $0.isFinite ? $0 : nil },
      sampleRate: Int(parameters.sample_rate),
      channelCount: Int(parameters.ch_layout.nb_channels),
      codec: String(cString: avcodec_get_name(parameters.codec_id)), notes: sound.notes)
    switch demuxer.cueSheetSongs(fields, duration: duration) {
    case .success(let songs): cueSongs = songs
    case .failure(let error): notes.append(.unusableCueSheet(error.reason))
    }
  }
}
