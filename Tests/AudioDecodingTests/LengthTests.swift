import AudioDecoding
import Foundation
import Testing

/// Length and excerpt are those of what can be played, whatever the header promises.
@Suite struct LengthTests {
  /// A file with the length that it plays, and the time that its tone says at its beginning.
  struct Odd: Sendable, CustomTestStringConvertible {
    var name: String
    var seconds: Double
    var begin = 0.0
    var note: Note? = nil
    var bytes: @Sendable () throws -> [UInt8]

    enum Note: Sendable { case headerLength, truncated, brokenLink }
    var testDescription: String { name }
  }

  private static let rate = 44_100
  private static let seconds = 24.0

  private static func encoded(
    _ format: AudioFileFormat, from begin: Double = 0, seconds: Double = seconds, rate: Int = rate, channels: Int = 2,
    sampleFormat: PCMSampleFormat = .int16
  ) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let tone = Signal.clock(from: begin, seconds: seconds, sampleRate: rate)
    try AudioEncoder.write(
      [[Float]](repeating: tone, count: channels), sampleRate: rate, to: folder.file("song"), format: format,
      sampleFormat: sampleFormat)
    return try AudioDecodingTests.bytes(ofFile: folder.file("song"))
  }

  private static func shortened(_ bytes: [UInt8], to share: Double) -> [UInt8] {
    Array(bytes.prefix(Int(Double(bytes.count) * share)))
  }

  // MARK: - FLAC

  /// Cut out of an album as `ffmpeg -ss -to -c copy` does it: the header and the numbers of the frames stay.
  private static func cut(_ begin: Int, _ end: Int) throws -> [UInt8] {
    var flac = try FLACBytes(encoded(.flac))
    let frames = flac.frames.count
    flac.frames = Array(flac.frames[begin * frames / 24..<end * frames / 24])
    return flac.file
  }

  private static let flacs: [Odd] = [
    Odd(name: "FLAC cut out of the middle", seconds: 12, begin: 6, note: .headerLength) { try cut(6, 18) },
    Odd(name: "FLAC cut from the beginning", seconds: 9, note: .headerLength) { try cut(0, 9) },
    Odd(name: "FLAC cut to the end", seconds: 4, begin: 20, note: .headerLength) { try cut(20, 24) },
    Odd(name: "FLAC of twice as many samples", seconds: 24, note: .headerLength) {
      try FLACBytes(encoded(.flac)).promising(samples: 48 * rate)
    },
    Odd(name: "FLAC of ten times as many samples", seconds: 24, note: .headerLength) {
      try FLACBytes(encoded(.flac)).promising(samples: 240 * rate)
    },
    Odd(name: "FLAC of half as many samples", seconds: 24, note: .headerLength) {
      try FLACBytes(encoded(.flac)).promising(samples: 12 * rate)
    },
    Odd(name: "FLAC of a tenth as many samples", seconds: 24, note: .headerLength) {
      try FLACBytes(encoded(.flac)).promising(samples: 2 * rate)
    },
    Odd(name: "FLAC whose depth changes", seconds: 24) {
      try FLACBytes(encoded(.flac, seconds: 12)).followed(
        by: FLACBytes(encoded(.flac, from: 12, seconds: 12, sampleFormat: .int24))
      ).promising(samples: 24 * rate)
    },
    Odd(name: "FLAC whose channels change", seconds: 24) {
      try FLACBytes(encoded(.flac, seconds: 12)).followed(
        by: FLACBytes(encoded(.flac, from: 12, seconds: 12, channels: 1))
      ).promising(samples: 24 * rate)
    },
    Odd(name: "two FLACs of the same length", seconds: 24, note: .headerLength) {
      try encoded(.flac, seconds: 12) + encoded(.flac, from: 12, seconds: 12)
    },
    Odd(name: "FLAC behind a web page", seconds: 24) {
      Array(String(repeating: "<p>Your download begins soon.</p>\n", count: 3000).utf8) + (try encoded(.flac))
    },
    Odd(name: "FLAC broken off", seconds: 14.4, note: .truncated) { shortened(try encoded(.flac), to: 0.6) },
  ]

  // MARK: - Ogg

  private static let oggs: [Odd] = [AudioFileFormat.ogg, .opus].flatMap { format in
    [
      Odd(name: "\(format) chained, of one serial number", seconds: 24) {
        try encoded(format, seconds: 4) + encoded(format, from: 4, seconds: 20)
      },
      Odd(name: "\(format) chained, the long link first", seconds: 24) {
        try encoded(format, seconds: 20) + encoded(format, from: 20, seconds: 4)
      },
      Odd(name: "\(format) chained, of three serial numbers, rates and numbers of channels", seconds: 24) {
        let links = [(0.0, 10.0, 48_000, 2), (10, 5, 24_000, 1), (15, 9, 48_000, 1)]
        return try links.enumerated().flatMap { index, link in
          try OggBytes(encoded(format, from: link.0, seconds: link.1, rate: link.2, channels: link.3))
            .file(serial: 1000 + index)
        }
      },
      Odd(name: "\(format) of 240 links", seconds: 240 * 0.25, begin: .nan) {
        let link = try OggBytes(encoded(format, seconds: 0.25))
        return (0..<240).flatMap { link.file(serial: $0) }
      },
      Odd(name: "\(format) with a tag between its links", seconds: 24) {
        try encoded(format, seconds: 12) + OddBytes.noise(1000) + encoded(format, from: 12, seconds: 12)
      },
      Odd(name: "\(format) with a mebibyte of junk between its links", seconds: 24) {
        try encoded(format, seconds: 12) + OddBytes.noise(mebibyte) + encoded(format, from: 12, seconds: 12)
      },
      Odd(
        name: "\(format) with a link between its links that is broken off in its header", seconds: 24,
        note: .brokenLink
      ) {
        try encoded(format, seconds: 12) + encoded(format, seconds: 4).prefix(120)
          + encoded(format, from: 12, seconds: 12)
      },
      Odd(name: "\(format) whose first link is broken off in the middle of a page", seconds: 24) {
        let clock = format == .opus ? 48_000 : rate
        let first = try OggBytes(encoded(format, seconds: 16)).brokenOff(after: 12 * clock)
        let end = Double(first.samples) / Double(clock)
        return first.bytes + (try encoded(format, from: end, seconds: 24 - end))
      },
      Odd(name: "\(format) that begins in the middle of a page", seconds: 24) {
        try OggBytes(encoded(format, seconds: 8)).withoutBeginning(pages: 4)
          + encoded(format, seconds: 12) + encoded(format, from: 12, seconds: 12)
      },
      Odd(name: "\(format) with a link without sound between its links", seconds: 24) {
        try encoded(format, seconds: 12) + OggBytes(encoded(format, seconds: 1)).headers
          + encoded(format, from: 12, seconds: 12)
      },
    ]
  }

  /// FLAC in Ogg, which the encoder does not write: a page for each frame. RFC 9639, section 10.1.
  private static func flacInOgg() throws -> [UInt8] {
    let flac = try FLACBytes(encoded(.flac))
    let size = Int(flac.header[8]) << 8 | Int(flac.header[9])
    return OggBytes.file(
      headers: [
        [0x7F] + Array("FLAC".utf8) + [1, 0, 0, 1] + flac.header.prefix(42),
        [0x84, 0, 0, 8] + OddBytes.little(0, 8),
      ],
      packets: flac.frames.enumerated().map { ($1, min(24 * rate, ($0 + 1) * size)) })
  }

  private static func ogg(_ codec: String) throws -> (file: OggBytes, rate: Int) {
    switch codec {
    case "opus": (OggBytes(try encoded(.opus)), 48_000)
    case "flac": (OggBytes(try flacInOgg()), rate)
    default: (OggBytes(try encoded(.ogg)), rate)
    }
  }

  private static func times(_ codec: String) -> [Odd] {
    let shifted: [Odd] = [-40.0, -8, -5, -0.4, 2, 60, 4000].map { later in
      Odd(name: "\(codec) in Ogg whose time begins at \(later) s", seconds: 24) {
        let (file, rate) = try ogg(codec)
        return file.file(later: Int(later * Double(rate)))
      }
    }
    let gaps: [Odd] = [false, true].map { isRenumbered in
      Odd(
        name: "\(codec) in Ogg with a gap, \(isRenumbered ? "numbered on" : "numbered as before")", seconds: 18,
        begin: .nan, note: .headerLength
      ) {
        let (file, rate) = try ogg(codec)
        return file.withGap(8 * rate..<14 * rate, isRenumbered: isRenumbered)
      }
    }
    return shifted + gaps
  }

  private static let times: [Odd] = ["vorbis", "opus", "flac"].flatMap { times($0) }

  private static let flacsInOgg: [Odd] = [
    Odd(name: "FLAC in Ogg", seconds: 24) { try flacInOgg() },
    Odd(name: "FLAC in Ogg broken off", seconds: 14.4, note: .truncated) { shortened(try flacInOgg(), to: 0.6) },
  ]

  // MARK: - MP3

  /// The Xing header's number of frames, times a factor.
  private static func lying(_ factor: Double) throws -> [UInt8] {
    let bytes = try encoded(.mp3)
    let place = try #require(OddBytes.place(of: "Info", in: bytes) ?? OddBytes.place(of: "Xing", in: bytes))
    let frames = bytes[place + 8..<place + 12].reduce(0) { $0 << 8 | Int($1) }
    return OddBytes.patched(bytes, at: place + 8, OddBytes.big(Int(Double(frames) * factor), 4))
  }

  /// Without the tag and the first frame, which is the Xing header.
  private static func bareMP3() throws -> [UInt8] {
    let bytes = try encoded(.mp3)
    let frames = bytes.indices.dropLast().filter { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xFB }
    return Array(bytes[frames[1]...])
  }

  private static let mebibyte = 1 << 20
  private static let hugeTag = Array("ID3".utf8) + [3, 0, 0, 0, 0x40, 0, 0]

  private static let mp3s: [Odd] =
    [10, 2, 1.1, 0.9, 0.5, 0.1, 1e5].map { factor in
      Odd(name: "MP3 of \(factor) times as many frames", seconds: 24, note: .headerLength) { try lying(factor) }
    } + [
      Odd(name: "MP3 behind zeros", seconds: 24) { [UInt8](repeating: 0, count: mebibyte) + (try bareMP3()) },
      Odd(name: "MP3 behind noise", seconds: 24) { OddBytes.noise(mebibyte) + (try bareMP3()) },
      Odd(name: "MP3 behind a web page", seconds: 24) {
        Array(String(repeating: "<p>Your download begins soon.</p>\n", count: 33_000).utf8) + (try bareMP3())
      },
      Odd(name: "MP3 behind a huge tag", seconds: 24) {
        hugeTag + [UInt8](repeating: 0, count: mebibyte) + (try bareMP3())
      },
      Odd(name: "MP3 broken off", seconds: 14.4, note: .truncated) { shortened(try encoded(.mp3), to: 0.6) },
      Odd(name: "two MP3s", seconds: 24) {
        try encoded(.mp3, seconds: 4) + encoded(.mp3, from: 4, seconds: 20)
      },
    ]

  private static let junk: [(name: String, bytes: [UInt8])] = [
    ("zeros", [UInt8](repeating: 0, count: mebibyte)), ("noise", OddBytes.noise(mebibyte)),
    ("a web page", Array(String(repeating: "<p>Your download begins soon.</p>\n", count: 33_000).utf8)),
  ]
  private static let id3v1 = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
  /// A tag without a frame, whose 2 KiB are padding.
  private static let id3v2 = Array("ID3".utf8) + [4, 0, 0, 0, 0, 0x10, 0] + [UInt8](repeating: 0, count: 2048)

  private static let tagged: [Odd] = junk.flatMap { junk in
    [
      Odd(name: "MP3 behind \(junk.name), with a tag behind", seconds: 24) { junk.bytes + (try bareMP3()) + id3v1 },
      Odd(name: "MP3 behind a tag and \(junk.name)", seconds: 24) { id3v2 + junk.bytes + (try bareMP3()) },
      Odd(name: "FLAC behind \(junk.name), with a tag behind", seconds: 24) {
        junk.bytes + (try encoded(.flac)) + id3v1
      },
      Odd(name: "FLAC behind a tag and \(junk.name)", seconds: 24) { id3v2 + junk.bytes + (try encoded(.flac)) },
    ]
  }

  /// A tag of 3 MiB with a title, as with a large picture.
  private static let longTag: [UInt8] = {
    let title = Array("TIT2".utf8) + OddBytes.big(5, 4) + [0, 0, 0] + Array("Long".utf8)
    return Array("ID3".utf8) + [3, 0, 0, 0x01, 0x40, 0, 0] + title
      + [UInt8](repeating: 0, count: 3 * mebibyte - title.count)
  }()

  private static let longTagged: [Odd] = [AudioFileFormat.mp3, .flac, .aac, .ogg, .opus, .wav].map { format in
    Odd(name: "\(format) behind a tag of 3 MiB", seconds: 24) { longTag + (try encoded(format)) }
  }

  @Test("Tags of 3 MiB are read", arguments: [AudioFileFormat.mp3, .flac, .aac, .ogg])
  func longTags(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("song", Self.longTag + Self.encoded(format, seconds: 2))
    #expect(try AudioDecoder.info(ofFile: path).tags.title == "Long")
  }

  // MARK: - MP4

  private static func box(_ name: String, at offset: Int, _ value: Int) throws -> [UInt8] {
    let bytes = try encoded(.m4a)
    let place = try #require(OddBytes.place(of: name, in: bytes))
    return OddBytes.patched(bytes, at: place + offset, OddBytes.big(value, 4))
  }

  private static let mp4s: [Odd] = [
    Odd(name: "MP4 whose media lasts a tenth", seconds: 24, note: .headerLength) {
      try box("mdhd", at: 20, Int(2.4 * Double(rate)))
    },
    Odd(name: "MP4 whose media lasts ten times as long", seconds: 24) { try box("mdhd", at: 20, 240 * rate) },
    Odd(name: "MP4 whose movie lasts a tenth", seconds: 24) { try box("mvhd", at: 20, 2400) },
    Odd(name: "MP4 whose edit lasts ten times as long", seconds: 24) { try box("elst", at: 12, 240_000) },
    Odd(name: "MP4 whose edit list plays nothing", seconds: 24) { try box("elst", at: 12, 0) },
  ]

  // MARK: - Samples

  private static func samples(_ seconds: Double) -> [Int16] {
    Signal.clock(seconds: seconds, sampleRate: rate).flatMap { sample in
      [Int16](repeating: Int16(sample * 32_767), count: 2)
    }
  }

  private static let wavsBehindJunk: [Odd] = junk.map { junk in
    Odd(name: "WAV behind \(junk.name)", seconds: 24) {
      junk.bytes + PCMBytes.wav.file(samples(24), sampleRate: rate, stated: nil)
    }
  }

  private static let othersBehindJunk: [Odd] = junk.map { junk in
    Odd(name: "AAC behind \(junk.name)", seconds: 24) { junk.bytes + (try encoded(.aac)) }
  }

  private static let behindOthers: [Odd] = [
    Odd(name: "MP3 behind the beginning of a RIFF and zeros", seconds: 24) {
      Array("RIFF".utf8) + [UInt8](repeating: 0, count: mebibyte) + (try bareMP3())
    },
    Odd(name: "M4A behind a tag", seconds: 24) { id3v2 + (try encoded(.m4a)) },
  ]

  private static let tooSmall: [Odd] = [1000, 100_000, 1_000_000].map { size in
    Odd(name: "WAV of \(size) bytes in its header", seconds: 24, note: .headerLength) {
      PCMBytes.wav.file(samples(24), sampleRate: rate, stated: size)
    }
  }

  private static let streamed: [Odd] = PCMBytes.allCases.flatMap { format in
    format.placeholders.map { size in
      Odd(name: "\(format) of \(size) bytes", seconds: 24) {
        format.file(samples(24), sampleRate: rate, stated: size)
      }
    } + [
      Odd(name: "\(format)", seconds: 24) { format.file(samples(24), sampleRate: rate, stated: nil) },
      Odd(name: "\(format) broken off", seconds: 14.4, note: .truncated) {
        shortened(format.file(samples(24), sampleRate: rate, stated: nil), to: 0.6)
      },
    ]
  }

  private static let aiffs: [Odd] = [0, 8, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF].map { size in
    Odd(name: "AIFF of which only the file's size, \(size), is wrong", seconds: 24) {
      OddBytes.patched(
        PCMBytes.aiff.file(samples(24), sampleRate: rate, stated: nil), at: 4, OddBytes.big(size, 4))
    }
  }

  private static let all: [Odd] = [
    flacs, oggs, times, flacsInOgg, mp3s, tagged, longTagged, mp4s, streamed, tooSmall, aiffs, wavsBehindJunk,
    othersBehindJunk, behindOthers,
  ].flatMap { $0 }

  @Test("What can be played", arguments: all)
  func lengths(_ odd: Odd) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("odd", odd.bytes())
    let info = try AudioDecoder.info(ofFile: path)
    let duration = try #require(info.duration)
    // Where a lossy file was broken off is not known to the second; 240 links each have their padding.
    let tolerance = odd.note == .truncated ? 1.5 : max(0.3, 0.03 * odd.seconds)
    #expect(abs(duration - odd.seconds) < tolerance)
    let whole = try AudioDecoder.decode(file: path, sampleRate: 22_050)
    #expect(abs(Double(whole.samples.count) / 22_050 - odd.seconds) < tolerance)
    let middle = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 2), sampleRate: 22_050)
    #expect(middle.samples.count == 44_100)
    #expect(abs(middle.startTime - (duration - 2) / 2) < 0.01)
    for heard in odd.begin.isNaN ? [] : [middle, whole] {
      let said = Signal.time(of: heard.samples, sampleRate: 22_050)
      let center = heard.startTime + Double(heard.samples.count) / 22_050 / 2
      #expect(abs(said - odd.begin - center) < 0.4, "\(said) is heard at \(center)")
    }
    #expect(middle.info.duration == duration && middle.info.notes == info.notes)
    switch (odd.note, info.notes.first) {
    case (.truncated, .truncated(let end, let promised)):
      #expect(end == duration && abs(promised - Self.seconds) < 0.1)
    case (.headerLength, .headerLength(let plays, let promised)):
      #expect(plays == duration && abs(promised - plays) > 1)
    case (.brokenLink, .brokenLinks(let count, let total)): #expect(count == 1 && total == 3)
    case (nil, nil): break
    default: Issue.record("\(info.notes)")
    }
  }

  @Test("Broken off so early that there is no song", arguments: [AudioFileFormat.wav, .aiff, .flac, .mp3])
  func tooShort(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("song", Self.shortened(Self.encoded(format), to: 0.25))
    let error = try #require(throws: AudioDecodingError.self) {
      try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 2))
    }
    #expect(error.kind == .truncated)
    #expect(error.reason.contains("it ends after ") && error.reason.hasSuffix(" of 0:24"), "\(error)")
    let notes = try AudioDecoder.info(ofFile: path).notes
    guard case .truncated? = notes.first else {
      Issue.record("\(notes)")
      return
    }
    #expect(try AudioDecoder.decode(file: path, excerpt: .range(start: 1, seconds: 2)).samples.count == 88_200)
  }

  @Test("An Ogg file without its beginning", arguments: ["vorbis", "opus", "flac"])
  func withoutBeginning(_ codec: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("song.ogg", Self.ogg(codec).file.withoutFirstPage)
    let error = try #require(throws: AudioDecodingError.self) { try AudioDecoder.decode(file: path) }
    #expect(error.kind == .truncated && error.reason.contains("without its beginning"), "\(error)")
  }

  @Test("A gibibyte of nothing is no song", arguments: ["zeros.mp3", "zeros.flac", "zeros.ogg"])
  func nothing(_ name: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(name, [0])
    #expect(truncate(path, 1 << 30) == 0)
    let error = try #require(throws: AudioDecodingError.self) { try AudioDecoder.decode(file: path) }
    #expect(error.kind == .notAudio)
  }

  @Test("Lengths as people say them")
  func sentences() {
    #expect(
      AudioFileNote.truncated(endsAfter: 62.4, of: 220).description
        == "it ends after 1:02 of 3:40; what is there was heard")
    #expect(
      AudioFileNote.headerLength(plays: 9.96, promised: 3_723).description
        == "it plays for 0:10, although its header says 1:02:03")
    let rounded = [
      (11.97, "0:12"), (59.96, "1:00"), (3_599.7, "1:00:00"), (9.94, "9.9 s"), (0.06, "0.1 s"),
      (0.02, "less than 0.1 s"),
    ]
    for (seconds, words) in rounded {
      #expect(
        AudioFileNote.truncated(endsAfter: seconds, of: 7_200).description
          == "it ends after \(words) of 2:00:00; what is there was heard")
    }
    #expect(
      AudioFileNote.cancellingChannels(heard: 1).description
        == "its channels cancel each other; only channel 2 was heard")
  }
}
