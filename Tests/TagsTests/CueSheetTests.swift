import Tags
import Testing

/// What CUE sheets of all kinds say, and which of them cannot be used.
@Suite struct CueSheetTests {
  private func sheet(_ text: String) throws -> CueSheet { try CueSheet(bytes: Array(text.utf8)) }

  private static let album = """
    REM GENRE Electronica
    REM DATE 1998
    REM DISCNUMBER 2
    REM TOTALDISCS 3
    REM COMMENT "ExactAudioCopy v0.95b4"
    REM REPLAYGAIN_ALBUM_GAIN -7.10 dB
    CATALOG 5026590012345
    PERFORMER "Faithless"
    TITLE "Live in Berlin"
    FILE "Faithless - Live in Berlin.mp3" MP3
      TRACK 01 AUDIO
        TITLE "Reverence"
        FLAGS DCP
        INDEX 01 00:00:00
      TRACK 02 AUDIO
        TITLE "She's My Baby"
        PERFORMER "Faithless; Dido"
        SONGWRITER "Rollo"
        ISRC GBAAA9800001
        REM REPLAYGAIN_TRACK_GAIN -6.25 dB
        PREGAP 00:02:00
        INDEX 00 06:40:10
        INDEX 01 06:42:00
      TRACK 03 AUDIO
        TITLE "Take the Long Way Home"
        INDEX 01 10:54:74
        POSTGAP 00:01:00
    """

  @Test func songsHaveTheirPlacesAndTags() throws {
    let songs = try sheet(Self.album).songs(inFile: 0)
    #expect(songs.map(\.ordinal) == [1, 2, 3])
    #expect(
      songs.map(\.bounds) == [
        SongBounds(start: 0, end: 402), SongBounds(start: 402, end: Double(654 * 75 + 74) / 75),
        SongBounds(start: Double(654 * 75 + 74) / 75),
      ])
    let tags = songs[1].tags
    #expect(tags.title == "She's My Baby" && tags.artists == ["Faithless", "Dido"] && tags.composers == ["Rollo"])
    #expect(tags.album == "Live in Berlin" && tags.albumArtists == ["Faithless"] && tags.genres == ["Electronica"])
    #expect(tags.date == "1998" && tags.disc == 2 && tags.discTotal == 3 && tags.track == 2 && tags.trackTotal == 3)
    #expect(tags.isrcs == ["GBAAA9800001"])
    #expect(tags.replayGain.track == -6.25 && tags.replayGain.album == -7.1)
    #expect(songs[0].tags.artists == ["Faithless"] && songs[0].tags.replayGain.track == nil)
  }

  @Test func whatTheFileSaysOfTheAlbumFillsGaps() throws {
    var file = AudioTags(
      title: "The album", artists: ["Band"], album: "Name", albumArtists: ["Band"], genres: ["Rock"], date: "2001",
      track: 7)
    file.isrcs = ["X"]
    file.replayGain.track = -3
    file.replayGain.album = -4
    let text = "FILE a.wav WAVE\nTRACK 1 AUDIO\nINDEX 01 0:0:0\nTRACK 2 AUDIO\nTITLE B\nINDEX 01 0:1:0"
    let tags = try sheet(text).songs(inFile: 0)[1].tags.filled(fromAlbum: file)
    #expect(tags.title == "B" && tags.track == 2 && tags.isrcs.isEmpty && tags.replayGain.track == nil)
    #expect(tags.artists == ["Band"] && tags.album == "Name" && tags.genres == ["Rock"] && tags.date == "2001")
    #expect(tags.replayGain.album == -4)
    let untitled = try sheet(text).songs(inFile: 0)[0].tags.filled(fromAlbum: file)
    #expect(untitled.title == nil)
    // What the sheet says goes first.
    let other = try sheet("TITLE Other\nREM GENRE Jazz\n" + text).songs(inFile: 0)[0].tags.filled(fromAlbum: file)
    #expect(other.album == "Other" && other.genres == ["Jazz"])
  }

  @Test(arguments: ["\n", "\r\n", "\r", "\n\n"]) func anyEndOfLine(end: String) throws {
    let songs = try sheet(Self.album.split(separator: "\n").joined(separator: end)).songs(inFile: 0)
    #expect(songs.map(\.tags.title) == ["Reverence", "She's My Baby", "Take the Long Way Home"])
  }

  /// A sheet with Cyrillic, Japanese or French titles in an encoding.
  private static func bytes(_ text: String, _ encode: (String) -> [UInt8]) -> [UInt8] {
    encode("PERFORMER \"\(text)\"\nFILE \"a.wav\" WAVE\nTRACK 01 AUDIO\nTITLE \"\(text)\"\nINDEX 01 00:00:00\n")
  }

  private static func utf16(_ text: String, isBigEndian: Bool, mark: Bool) -> [UInt8] {
    ((mark ? "\u{FEFF}" : "") + text).utf16.flatMap { unit in
      let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
      return isBigEndian ? bytes : bytes.reversed()
    }
  }

  @Test func everyUnicodeEncodingIsKnown() throws {
    let text = "Музыка – ソング"
    let sheets = [
      Self.bytes(text) { Array($0.utf8) }, Self.bytes(text) { [0xEF, 0xBB, 0xBF] + Array($0.utf8) },
      Self.bytes(text) { Self.utf16($0, isBigEndian: false, mark: true) },
      Self.bytes(text) { Self.utf16($0, isBigEndian: true, mark: true) },
      Self.bytes(text) { Self.utf16($0, isBigEndian: false, mark: false) },
      Self.bytes(text) { Self.utf16($0, isBigEndian: true, mark: false) },
      // Broken off within a character.
      Array(Self.bytes(text) { Self.utf16($0, isBigEndian: false, mark: true) } + [0x41]),
    ]
    for bytes in sheets {
      let tags = try CueSheet(bytes: bytes).songs(inFile: 0)[0].tags
      #expect(tags.title == text && tags.artists == [text] && tags.undeclared.isEmpty)
    }
  }

  /// "Песня" and so on, as old programs wrote it.
  private static let legacy: [(charset: String, bytes: [UInt8], text: String)] = [
    ("CP1251", [0xCF, 0xE5, 0xF1, 0xED, 0xFF], "Песня"),
    ("CP932", [0x83, 0x5C, 0x83, 0x93, 0x83, 0x4F], "ソング"),
    ("GBK", [0xB8, 0xE8, 0xC7, 0xFA], "歌曲"),
  ]

  @Test(arguments: legacy.indices) func nothingOfAnOldCodePageIsLost(index: Int) throws {
    let (name, word, text) = Self.legacy[index]
    let head = Array("FILE \"a.wav\" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTITLE \"".utf8)
    let tags = try CueSheet(bytes: head + word + Array("\"\n".utf8)).songs(inFile: 0)[0].tags
    #expect(tags.undeclared == .title)
    let charset = try #require(LegacyCharset(named: name))
    #expect(tags.decoded(by: charset).title == text)
  }

  @Test func westernTextNeedsNoCodePage() throws {
    // Quotes, a dash and an accent in Windows-1252.
    let head = Array("FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTITLE \"".utf8)
    let word: [UInt8] = [0x93, 0x43, 0x61, 0x66, 0xE9, 0x94, 0x20, 0x96, 0x20, 0x80]
    #expect(try CueSheet(bytes: head + word + [0x22]).songs(inFile: 0)[0].tags.title == "“Café” – €")
  }

  @Test(arguments: [
    (#"TITLE "He said "no" to me""#, #"He said "no" to me"#), ("title  Without quotes  ", "Without quotes"),
    (#"TITLE "Never closed"#, "Never closed"), ("TITLE \"\"Heroes\"\"", "\"Heroes\""), ("\tTiTlE\t\"Tab\"\t", "Tab"),
    (#"TITLE "  blanks  ""#, "blanks"), (#"TITLE "日本""#, "日本"),
  ]) func values(line: String, title: String) throws {
    let text = "FILE a.wav WAVE\nTRACK 01 AUDIO\n\(line)\nINDEX 01 00:00:00"
    #expect(try sheet(text).songs(inFile: 0)[0].tags.title == title)
  }

  @Test(arguments: [
    (#"FILE "a b.wav" WAVE"#, "a b.wav"), ("FILE a.wav WAVE", "a.wav"), ("FILE two words.flac FLAC", "two words.flac"),
    ("file a.wav", "a.wav"), (#"FILE "C:\Music\a.ape" APE"#, #"C:\Music\a.ape"#), ("FILE no ending", "no ending"),
    (#"FILE "quo"te.wav" WAVE"#, #"quo"te.wav"#), ("FILE a.wav wrong", "a.wav"),
  ]) func fileNames(line: String, name: String) throws {
    #expect(try sheet(line + "\nTRACK 01 AUDIO\nINDEX 01 00:00:00").files == [name])
  }

  @Test func severalFilesAndGapsInTheFileBefore() throws {
    let text = """
      FILE "1.flac" FLAC
      TRACK 01 AUDIO
      TITLE Gangsters
      INDEX 01 00:00:00
      TRACK 02 AUDIO
      TITLE Rudi
      INDEX 00 02:47:74
      FILE "2.flac" FLAC
      INDEX 01 00:00:00
      TRACK 03 AUDIO
      INDEX 01 03:00:00
      """
    let sheet = try sheet(text)
    #expect(sheet.files == ["1.flac", "2.flac"])
    // The gap before Rudi belongs to Gangsters, which is a whole file.
    #expect(try sheet.songs(inFile: 0).map(\.bounds) == [SongBounds(start: 0)])
    #expect(try sheet.songs(inFile: 1).map(\.ordinal) == [2, 3])
    #expect(try sheet.songs(inFile: 1).map(\.bounds) == [SongBounds(start: 0, end: 180), SongBounds(start: 180)])
  }

  @Test func dataIsNoSongButEndsOne() throws {
    let text = """
      FILE "a.bin" BINARY
      TRACK 01 MODE1/2352
      INDEX 01 00:00:00
      TRACK 02 AUDIO
      INDEX 00 01:00:00
      INDEX 01 01:02:00
      TRACK 03 AUDIO
      INDEX 01 02:00:00
      TRACK 04 MODE2/2336
      INDEX 00 02:58:00
      INDEX 01 03:00:00
      """
    let songs = try sheet(text).songs(inFile: 0)
    #expect(songs.map(\.bounds) == [SongBounds(start: 62, end: 120), SongBounds(start: 120, end: 178)])
    #expect(songs.map(\.ordinal) == [1, 2] && songs.map(\.tags.track) == [2, 3])
  }

  @Test(arguments: ["INDEX 00 00:10:00", "INDEX 02 00:10:00", "INDEX 1 0:10", "INDEX 01 00:10:00\nINDEX 01 00:20:00"])
  func oddIndices(index: String) throws {
    let text = "FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\n\(index)"
    #expect(try sheet(text).songs(inFile: 0)[1].bounds.start == 10)
  }

  @Test(arguments: [
    ("", "TRACK"), ("Not a sheet at all", "TRACK"), ("FILE a.wav WAVE", "TRACK"),
    ("FILE a.wav WAVE\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00", "AUDIO"),
    ("FILE a.wav WAVE\nTRACK 01 AUDIO\nTRACK 02 AUDIO\nINDEX 01 00:00:00", "track 1 has no INDEX"),
    ("FILE a.wav WAVE\nTRACK one AUDIO\nINDEX 01 00:00:00", "line 2"),
    ("FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:99999999999999999999", "line 3"),
    ("FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 999999999999999999999:00:00", "line 3"),
    ("FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 -1:00:00", "line 3"),
    ("FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX xx 00:00:00", "line 3"),
    ("FILE a.wav WAVE\nTRACK 99999999999999999999 AUDIO", "line 2"),
  ]) func whatCannotBeUsedSaysWhere(text: String, reason: String) throws {
    let error = #expect(throws: CueSheetError.self) { try sheet(text) }
    #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
    #expect(error?.remedy.isEmpty == false)
  }

  @Test(arguments: ["00:00:00", "00:05:00", "00:04:74"]) func timesDoNotGoBackwards(time: String) throws {
    let text = "FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:05:00\nTRACK 02 AUDIO\nINDEX 01 \(time)"
    let sheet = try sheet(text)
    let error = #expect(throws: CueSheetError.self) { try sheet.songs(inFile: 0) }
    #expect(error?.reason.contains("track 2") == true)
  }

  @Test func songsBeginBeforeTheFileEnds() throws {
    let songs = try sheet(Self.album).songs(inFile: 0)
    func check(inFileOf duration: Double?) throws {
      let last = try #require(songs.last)
      try CueSheet.check(last: "song \(last.ordinal)", beginningAt: last.bounds.start, inFileOf: duration)
    }
    try check(inFileOf: 655.1)
    try check(inFileOf: nil)
    let error = #expect(throws: CueSheetError.self) { try check(inFileOf: 600) }
    #expect(error?.reason == "its song 3 begins at 10:54, but the file ends after 10:00")
  }

  @Test func absurdSizesAreRefusedOrRead() throws {
    #expect(throws: CueSheetError.self) { try CueSheet(bytes: Array(repeating: 0x20, count: CueSheet.mostBytes + 1)) }
    let track = "TRACK 01 AUDIO\nINDEX 01 00:00:00\n"
    #expect(throws: CueSheetError.self) { try sheet("FILE a.wav WAVE\n" + String(repeating: track, count: 1000)) }
    // A line of a megabyte, and as many remarks as fit.
    let long = String(repeating: "x", count: CueSheet.mostBytes - 200)
    let title = try sheet("FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTITLE \"\(long)\"").songs(inFile: 0)[0]
    #expect(title.tags.title == long)
    let remarks = String(repeating: "REM GENRE Rock\n", count: 60_000)
    #expect(try sheet(remarks + "FILE a.wav WAVE\n" + track).songs(inFile: 0)[0].tags.genres == ["Rock"])
  }

  @Test func noBytesCrash() throws {
    var generator = SystemRandomNumberGenerator()
    let album = Array(Self.album.utf8)
    for _ in 0..<2000 {
      var bytes = album
      for _ in 0..<Int.random(in: 1...20, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        default: bytes.insert(contentsOf: album[place / 2..<place / 2 + min(40, place / 2)], at: place)
        }
      }
      // A song that is found is one that can be heard.
      guard let sheet = try? CueSheet(bytes: bytes) else { continue }
      for file in sheet.files.indices {
        for song in (try? sheet.songs(inFile: file)) ?? [] {
          #expect(song.bounds.start >= 0 && song.bounds.end ?? .infinity > song.bounds.start)
        }
      }
    }
  }

  @Test func aDigestTellsThatATrackHasChanged() throws {
    let songs = try sheet(Self.album).songs(inFile: 0)
    let edited = try sheet(Self.album.replacing("She's My Baby", with: "Another")).songs(inFile: 0)
    #expect(zip(songs, edited).map { $0.digest == $1.digest } == [true, false, true])
    #expect(Set(songs.map(\.digest)).count == 3)
  }

  // MARK: - Inside a file

  @Test func aTextInTheTagsIsASheet() throws {
    var fields = TagFields()
    fields.add("\u{FEFF}" + Self.album, to: "Cuesheet", kind: "APE")
    func songs(_ name: String) throws -> [String?] {
      try EmbeddedCueSheet.songs(in: fields, name: name, flacBlock: nil, sampleRate: 44_100).map(\.tags.title)
    }
    #expect(try songs("any name.wv").count == 3)
    var several = TagFields()
    several.add(
      "FILE 1.wav WAVE\nTRACK 1 AUDIO\nINDEX 1 0:0:0\nFILE 2.wav WAVE\nTRACK 2 AUDIO\nINDEX 1 0:0:0\nTRACK 3 AUDIO\n"
        + "INDEX 1 1:0:0", to: "CUESHEET", kind: "Vorbis")
    fields = several
    #expect(try songs("2.flac").count == 2)
    // One song, and no song, of the sheet.
    #expect(try songs("1.flac").isEmpty && songs("3.flac").isEmpty)
  }

  /// A CUESHEET block with tracks at these samples.
  static func flacBlock(_ starts: [UInt64], data: Set<Int> = []) -> [UInt8] {
    func bytes(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * UInt64($0))) } }
    var block = [UInt8](repeating: 0, count: 395) + [UInt8(starts.count + 1)]
    for (index, start) in starts.enumerated() {
      block += bytes(start) + [UInt8(index + 1)] + Array("GBAAA980000\(index % 10)".utf8)
      block += [data.contains(index) ? 0x80 : 0] + [UInt8](repeating: 0, count: 13)
      block += [1] + bytes(0) + [1, 0, 0, 0]
    }
    return block + bytes(1 << 40) + [170] + [UInt8](repeating: 0, count: 12 + 1 + 13 + 1)
  }

  @Test func aBlockOfFLACIsASheet() throws {
    var fields = TagFields()
    fields.add("Second", to: "CUE_TRACK02_TITLE", kind: "Vorbis")
    fields.add("Her", to: "CUE_TRACK02_ARTIST", kind: "Vorbis")
    let block = Self.flacBlock([0, 441_000, 882_001])
    let songs = try EmbeddedCueSheet.songs(in: fields, name: "a.flac", flacBlock: block, sampleRate: 44_100)
    #expect(songs.map(\.bounds.start) == [0, 10, 882_001.0 / 44_100] && songs[2].bounds.end == nil)
    #expect(songs[1].tags.title == "Second" && songs[1].tags.artists == ["Her"] && songs[0].tags.title == nil)
    #expect(songs[1].tags.isrcs == ["GBAAA9800001"] && songs[1].tags.track == 2)
    // Broken off anywhere.
    for count in 0..<block.count {
      #expect(throws: CueSheetError.self) { try CueSheet(flacBlock: Array(block.prefix(count)), sampleRate: 44_100) }
    }
  }

  @Test func aPlaceBeyondAllTimeIsTold() throws {
    let songs = try CueSheet(flacBlock: Self.flacBlock([0, .max]), sampleRate: 1).songs(inFile: 0)
    let start = try #require(songs.last).bounds.start
    let error = #expect(throws: CueSheetError.self) {
      try CueSheet.check(last: "song 2", beginningAt: start, inFileOf: 60)
    }
    #expect(error?.reason.hasPrefix("its song 2 begins at ") == true)
    #expect(error?.reason.hasSuffix(", but the file ends after 1:00") == true)
  }
}
