import Tags
import Testing

@Suite struct ID3v2ReaderTests {
  private func bytes(_ value: Int, _ count: Int, bits: Int = 8) -> [UInt8] {
    (0..<count).reversed().map { UInt8(value >> ($0 * bits) & ((1 << bits) - 1)) }
  }

  private func frame(_ name: String, _ content: [UInt8], version: Int, plainSize: Bool = false) -> [UInt8] {
    let size = bytes(content.count, version == 2 ? 3 : 4, bits: version == 4 && !plainSize ? 7 : 8)
    return Array(name.utf8) + size + (version == 2 ? [] : [0, 0]) + content
  }

  private func tag(_ frames: [UInt8], version: Int, flags: UInt8 = 0) -> [UInt8] {
    Array("ID3".utf8) + [UInt8(version), 0, flags] + bytes(frames.count, 4, bits: 7) + frames
  }

  private func read(_ file: [UInt8]) -> AudioTags {
    var fields = TagFields()
    ID3v2Reader { offset, count in Array(file[min(offset, file.count)..<min(offset + count, file.count)]) }
      .add(to: &fields)
    return AudioTags(fields) { [17: "Rock"][$0] }
  }

  private func latin(_ text: String) -> [UInt8] { [0] + text.unicodeScalars.map { UInt8($0.value) } }
  private func wide(_ text: String, mark: [UInt8], bigEndian: Bool) -> [UInt8] {
    mark + text.utf16.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  }

  @Test(arguments: [2, 3, 4])
  func everyVersionsFields(version: Int) {
    let names =
      version == 2
      ? ["TT2", "TP1", "TP2", "TAL", "TCO", "TYE", "TRK", "TPA", "TOR"]
      : [
        "TIT2", "TPE1", "TPE2", "TALB", "TCON", version == 3 ? "TYER" : "TDRC", "TRCK", "TPOS",
        version == 3 ? "TORY" : "TDOR",
      ]
    let values = ["Title", "A\0B", "Album Artist", "Album", "(17)", "2004", "3/9", "1/2", "1999"]
    let tags = read(tag(zip(names, values).flatMap { frame($0, latin($1), version: version) }, version: version))
    #expect(tags.title == "Title" && tags.artists == ["A", "B"] && tags.albumArtists == ["Album Artist"])
    #expect(tags.album == "Album" && tags.genres == ["Rock"] && tags.year == 2004 && tags.originalYear == 1999)
    #expect((tags.track, tags.trackTotal, tags.disc, tags.discTotal) == (3, 9, 1, 2))
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE], false, 1), ([0xFE, 0xFF], true, 1), ([], false, 1), ([], true, 1), ([], true, 2),
      ([0xFF, 0xFE], false, 2),
    ] as [([UInt8], Bool, UInt8)])
  func wideTextWithAndWithoutItsMark(mark: [UInt8], bigEndian: Bool, encoding: UInt8) {
    let content =
      [encoding] + wide("Ünder", mark: mark, bigEndian: bigEndian) + [0, 0]
      + wide("Zwei", mark: mark, bigEndian: bigEndian)
    #expect(read(tag(frame("TPE1", content, version: 4), version: 4)).artists == ["Ünder", "Zwei"])
  }

  @Test func framesAfterAnEmptyOneAreRead() {
    let frames =
      frame("TIT2", [], version: 3) + frame("APIC", [0, 1, 2], version: 3) + frame("TALB", latin("Album"), version: 3)
    #expect(read(tag(frames, version: 3)).album == "Album")
  }

  @Test func sizesThatITunesWrote() {
    let long = latin(String(repeating: "x", count: 200))
    let frames =
      frame("TIT2", long, version: 4, plainSize: true) + frame("TALB", latin("Album"), version: 4, plainSize: true)
    let tags = read(tag(frames, version: 4))
    #expect(tags.title?.count == 200 && tags.album == "Album")
  }

  @Test func freeFieldsIdentifiersAndTextInUTF8() {
    let identifier = "0a1b2c3d-0000-4000-8000-00000000000a"
    let frames =
      frame("TXXX", [3] + Array("REPLAYGAIN_TRACK_GAIN\0-3 dB".utf8), version: 4)
      + frame("UFID", Array("http://musicbrainz.org\0\(identifier)".utf8), version: 4)
      + frame("TIT2", [3] + Array("Ψ".utf8), version: 4)
      + frame("TALB", [3, 0xC7, 0x61], version: 4)
    let tags = read(tag(frames, version: 4))
    #expect(tags.replayGain.track == -3 && tags.musicBrainz.recording == identifier)
    #expect(tags.title == "Ψ" && tags.album == "Ça")
  }

  /// mutagen reads the first as a gain of -2.2266 dB and a peak of 0.14169 (tests/test_id3.py).
  @Test func gainsOfVolumeFrames() {
    func volume(_ purpose: String, _ channels: [UInt8]) -> [UInt8] {
      frame("RVA2", Array(purpose.utf8) + [0] + channels, version: 4)
    }
    let track = volume("track", [1, 0xFB, 0x8C, 16, 0x12, 0x23])
    // The master volume may stand behind other channels, with or without a peak, of any number of bits.
    let album = volume("Album", [2, 0x7F, 0xFF, 0, 1, 0x0C, 0x00, 9, 0x01, 0x80])
    let gains = read(tag(track + album, version: 4)).replayGain
    #expect(gains.track == -1140.0 / 512 && gains.trackPeak == Double(0x1223) / 32768)
    #expect(gains.album == 6 && gains.albumPeak == 1.5)
    // ReplayGain's own fields go before; what has another purpose or is cut short says nothing.
    let own = frame("TXXX", latin("REPLAYGAIN_TRACK_GAIN\0-3 dB"), version: 4)
    #expect(read(tag(track + own, version: 4)).replayGain.track == -3)
    for frames in [volume("normalize", [1, 2, 0, 0]), volume("track", [1, 2, 0]), volume("track", [2, 2, 0, 0])] {
      #expect(read(tag(frames, version: 4)).replayGain == ReplayGain())
    }
    let short = read(tag(volume("track", [1, 2, 0, 16, 9]), version: 4)).replayGain
    #expect(short.track == 1 && short.trackPeak == nil)
  }

  @Test func contentThatWasKeptFromLookingLikeSound() {
    // In version 3 the whole tag is changed, and sizes are those before.
    let frames = frame("TIT2", [0, 0x41, 0xFF, 0x42], version: 3)
    let changed = frames.flatMap { $0 == 0xFF ? [0xFF, 0x00] : [$0] }
    #expect(read(tag(changed, version: 3, flags: 0x80)).title == "A\u{FF}B")
  }

  @Test func theYearWithItsDayAndMonth() {
    let frames = frame("TYER", latin("2004"), version: 3) + frame("TDAT", latin("3112"), version: 3)
    #expect(read(tag(frames, version: 3)).date == "2004-12-31")
    #expect(read(tag(frame("TYER", latin("0"), version: 3), version: 3)).date == nil)
  }

  @Test func extendedHeadersAndSecondTags() {
    let frames: [UInt8] = [0, 0, 0, 6, 0, 0, 0, 0, 0, 0] + frame("TIT2", latin("Title"), version: 3)
    let second = tag(frame("TALB", latin("Album"), version: 4), version: 4)
    let tags = read(tag(frames, version: 3, flags: 0x40) + second)
    #expect((tags.title, tags.album) == ("Title", "Album"))
  }

  @Test func everyPrefixAndEveryFlippedByteIsSurvived() {
    let frames =
      frame("TIT2", latin("Title"), version: 4)
      + frame("TPE1", [1] + wide("A", mark: [0xFF, 0xFE], bigEndian: false), version: 4)
      + frame("RVA2", Array("track".utf8) + [0, 1, 0xFB, 0x8C, 16, 0x12, 0x23], version: 4)
    let file = tag(frames, version: 4)
    for length in file.indices { _ = read(Array(file[..<length])) }
    for index in file.indices {
      for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
        var broken = file
        broken[index] = value
        _ = read(broken)
      }
    }
  }
}
