import AudioDecoding
import Foundation
import Testing

/// What files of every format hold beyond one value of a field.
@Suite struct TagFormatTests {
  private func file(_ format: AudioFileFormat, tags: AudioTags = AudioTags(), in folder: TemporaryFolder) throws
    -> [UInt8]
  {
    let path = folder.file("plain")
    try AudioEncoder.write(
      Signal.music(seconds: 0.5, sampleRate: 44_100), sampleRate: 44_100, tags: tags, to: path, format: format)
    return Array(try Data(contentsOf: URL(filePath: path)))
  }

  private func tags(of bytes: [UInt8], in folder: TemporaryFolder) throws -> AudioTags {
    let path = folder.file("tagged")
    try Data(bytes).write(to: URL(filePath: path))
    return try AudioDecoder.info(ofFile: path).tags
  }

  private func check(_ tags: AudioTags) {
    #expect(tags.artists == ["Ä", "B"] && tags.albumArtists == ["C", "D"])
    #expect(tags.genres == ["Folk", "Jazz"] && tags.composers == ["X", "Y"])
    #expect((tags.disc, tags.discTotal, tags.year) == (2, 3, 1999))
    #expect(tags.isCompilation == true && tags.replayGain.track == -4.5)
    #expect(tags.musicBrainz.release == Self.identifier)
  }

  private static let identifier = "0a1b2c3d-0000-4000-8000-00000000000a"

  @Test(arguments: [3, 4] as [UInt8]) func mp3WithID3v2(version: UInt8) throws {
    let folder = try TemporaryFolder()
    let isOld = version == 3
    let tag = TagBytes.id3v2(
      [
        ("TPE1", ["Ä", "B"]), ("TPE2", ["C", "D"]), ("TCON", ["Folk", "Jazz"]), ("TCOM", ["X", "Y"]), ("TPOS", ["2/3"]),
        (isOld ? "TYER" : "TDRC", ["1999"]), ("TCMP", ["1"]), ("TXXX", ["REPLAYGAIN_TRACK_GAIN", "-4.5 dB"]),
        ("TXXX", ["MusicBrainz Album Id", Self.identifier]),
      ], version: version, encoding: isOld ? 0 : 3)
    try check(tags(of: tag + file(.mp3, in: folder), in: folder))
  }

  @Test func mp3WithNothingButAPEv2() throws {
    let folder = try TemporaryFolder()
    let tag = TagBytes.apev2([
      ("Artist", ["Ä", "B"]), ("Album Artist", ["C", "D"]), ("Genre", ["Folk", "Jazz"]), ("Composer", ["X", "Y"]),
      ("Disc", ["2/3"]), ("Year", ["1999"]), ("Compilation", ["1"]), ("replaygain_track_gain", ["-4.5 dB"]),
      ("MUSICBRAINZ_ALBUMID", [Self.identifier]),
    ])
    // What FFmpeg writes has an ID3v2 tag of its own: the name of the encoder.
    try check(tags(of: file(.mp3, in: folder) + tag, in: folder))
  }

  @Test func flac() throws {
    let folder = try TemporaryFolder()
    let fields: [TagBytes.Field] = [
      ("ARTIST", ["Ä", "B"]), ("album artist", ["C"]), ("ALBUMARTIST", ["C", "D"]), ("GENRE", ["Folk", "Jazz"]),
      ("COMPOSER", ["X", "Y"]), ("DISCNUMBER", ["2"]), ("DISCTOTAL", ["3"]), ("DATE", ["1999-01-02"]),
      ("COMPILATION", ["1"]), ("REPLAYGAIN_TRACK_GAIN", ["-4.5 dB"]), ("MUSICBRAINZ_ALBUMID", [Self.identifier]),
    ]
    try check(tags(of: TagBytes.replacingComments(ofFLAC: file(.flac, in: folder), by: fields), in: folder))
  }

  @Test func mp4() throws {
    let folder = try TemporaryFolder()
    let plain = try file(.m4a, tags: AudioTags(title: "T"), in: folder)
    let items: [TagBytes.Field] = [
      ("\u{A9}ART", ["Ä", "B"]), ("aART", ["C", "D"]), ("\u{A9}gen", ["Folk", "Jazz"]), ("\u{A9}wrt", ["X", "Y"]),
      ("com.apple.iTunes:DISCNUMBER", ["2/3"]), ("\u{A9}day", ["1999"]), ("com.apple.iTunes:COMPILATION", ["1"]),
      ("com.apple.iTunes:replaygain_track_gain", ["-4.5 dB"]),
      ("com.apple.iTunes:MusicBrainz Album Id", [Self.identifier]),
    ]
    try check(tags(of: TagBytes.adding(items: items, toMP4: plain), in: folder))
  }

  @Test func wma() throws {
    let folder = try TemporaryFolder()
    let attributes: [TagBytes.Field] = [
      ("Author", ["Ä", "B"]), ("WM/AlbumArtist", ["C", "D"]), ("WM/Genre", ["Folk", "Jazz"]),
      ("WM/Composer", ["X", "Y"]),
      ("WM/PartOfSet", ["2/3"]), ("WM/Year", ["1999"]), ("WM/IsCompilation", ["1"]),
      ("replaygain_track_gain", ["-4.5 dB"]), ("MusicBrainz/Album Id", [Self.identifier]),
    ]
    try check(tags(of: TagBytes.adding(attributes: attributes, toWMA: file(.wma, in: folder)), in: folder))
  }

  @Test func wavWithINFOAndID3() throws {
    let folder = try TemporaryFolder()
    let info = TagBytes.info([("IART", "Only one"), ("INAM", "From INFO"), ("ICRD", "1999-05-06"), ("ISRC", "ABC")])
    let id3 = TagBytes.id3v2([("TPE1", ["Ä", "B"]), ("TALB", ["From ID3"])])
    let plain = try file(.wav, in: folder)
    let both = TagBytes.adding(chunk: "id3 ", id3, toWAV: TagBytes.adding(chunk: "LIST", info, toWAV: plain))
    let tags = try tags(of: both, in: folder)
    #expect(tags.artists == ["Ä", "B"] && tags.album == "From ID3" && tags.title == "From INFO")
    #expect(tags.date == "1999-05-06" && tags.isrcs == ["ABC"])
  }

  @Test func whatTheFirstTagLacksIsTakenFromTheSecond() throws {
    let folder = try TemporaryFolder()
    let first = TagBytes.id3v2([("TIT2", ["Title"])])
    let file =
      try first + file(.mp3, in: folder) + TagBytes.apev2([("Title", ["No"]), ("Album", ["Album"])])
      + TagBytes.id3v1(title: Array("No".utf8), artist: [0xCA, 0xE8, 0xED, 0xEE])
    let tags = try tags(of: file, in: folder)
    #expect((tags.title, tags.album) == ("Title", "Album"))
    // The bytes of a code page are kept as Latin-1.
    #expect(tags.artists == ["Êèíî"])
  }

  @Test func anEndingThatIsWrongChangesNothing() throws {
    let folder = try TemporaryFolder()
    let flac = try TagBytes.replacingComments(ofFLAC: file(.flac, in: folder), by: [("ARTIST", ["A", "B"])])
    let path = folder.file("really flac.mp3")
    try Data(flac).write(to: URL(filePath: path))
    #expect(try AudioDecoder.info(ofFile: path).tags.artists == ["A", "B"])
  }

  @Test(arguments: [
    (TagBytes.id3v2([("TIT2", ["No sound"])]), AudioDecodingFailure.empty, "it holds a tag, and no sound"),
    (Array("MThd".utf8) + [UInt8](repeating: 7, count: 100), .notAudio, "it is a MIDI file"),
    (Array("OFR ".utf8) + [UInt8](repeating: 7, count: 100), .unsupportedCodec, "OptimFROG"),
  ])
  func whatIsNoSoundIsToldByWhatItIs(bytes: [UInt8], kind: AudioDecodingFailure, reason: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("song.mp3", bytes)
    let error = #expect(throws: AudioDecodingError.self) { try AudioDecoder.info(ofFile: path) }
    #expect(error?.kind == kind && error?.reason.contains(reason) == true)
  }
}
