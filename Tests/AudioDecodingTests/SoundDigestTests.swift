import AudioDecoding
import Foundation
import Testing

/// The same sound has the same digest, however its file is tagged, arranged or read.
@Suite struct SoundDigestTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(
    _ name: String, format: AudioFileFormat, seconds: Double = 40, pitch: Double = 1, tags: AudioTags = AudioTags()
  ) throws -> String {
    let channels = Signal.music(seconds: seconds, sampleRate: 16_000).map { $0.map { $0 * Float(pitch) } }
    try AudioEncoder.write(channels, sampleRate: 16_000, tags: tags, to: folder.file(name), format: format)
    return folder.file(name)
  }

  private func digest(_ path: String) throws -> SoundDigest {
    try #require(try AudioDecoder.soundDigest(ofFile: path).digest)
  }

  private func digest(ofBytes bytes: [UInt8]) throws -> SoundDigest { try digest(folder.file("changed", bytes)) }

  @Test("Read for it alone, or on the way of decoding", arguments: AudioFileFormat.allCases, [1.5, 12, 31, 75])
  func isTheSameEitherWay(_ format: AudioFileFormat, _ seconds: Double) throws {
    let path = try write("song", format: format, seconds: seconds)
    let alone = try digest(path)
    let audio = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 30), sampleRate: 22_050)
    #expect(audio.soundDigest == alone)
    // A part that misses some of the middle has none, rather than another one.
    let part = try AudioDecoder.decode(file: path, excerpt: .range(start: 0, seconds: 0.5))
    #expect(part.soundDigest == nil || part.soundDigest == alone)
  }

  @Test("Tags do not count", arguments: AudioFileFormat.allCases, [12.0, 40])
  func ignoresTags(_ format: AudioFileFormat, _ seconds: Double) throws {
    let plain = try digest(write("plain", format: format, seconds: seconds))
    let tags = AudioTags(
      title: String(repeating: "A long title. ", count: 99), artists: ["Artist"], album: "Album", genres: ["Genre"])
    #expect(try digest(write("tagged", format: format, seconds: seconds, tags: tags)) == plain)
  }

  @Test("Other sound, another length or another codec is another digest")
  func tellsSongsApart() throws {
    var digests: Set<SoundDigest> = []
    let files = [
      try write("a.flac", format: .flac), try write("b.flac", format: .flac, pitch: 0.5),
      try write("c.flac", format: .flac, seconds: 44), try write("d.mp3", format: .mp3),
      try write("e.wav", format: .wav),
    ]
    for file in files { digests.insert(try digest(file)) }
    #expect(digests.count == files.count)
    // One bit in the middle.
    var changed = try bytes(ofFile: files[4])
    changed[changed.count / 2] ^= 1
    #expect(try digest(ofBytes: changed) != digest(files[4]))
  }

  @Test("MP3 with tags of all kinds around it", arguments: [12.0, 40, 75])
  func tagsAroundMP3(_ seconds: Double) throws {
    let file = try bytes(ofFile: write("song.mp3", format: .mp3, seconds: seconds))
    // Without what the encoder put in front, the header that states the length among it.
    let tag = 10 + file[6..<10].reduce(0) { $0 << 7 | Int($1) }
    let bare = Array(file[tag...].dropFirst(1))
    let begin = try #require(bare.indices.dropLast().first { bare[$0] == 0xFF && bare[$0 + 1] >= 0xE0 })
    let frames = Array(bare[begin...])
    for sound in [Array(file[tag...]), frames] {
      let plain = try digest(ofBytes: sound)
      let front = TagBytes.id3v2([("TIT2", [String(repeating: "title ", count: 3000)])])
      let picture = TagBytes.id3v2([("TIT2", [String(repeating: "x", count: 1_200_000)])])
      let ape = TagBytes.apev2([("Title", ["A title"]), ("Artist", ["Somebody"])])
      let back = TagBytes.id3v1(title: Array("Title".utf8), artist: Array("Artist".utf8))
      #expect(try digest(ofBytes: front + sound) == plain)
      #expect(try digest(ofBytes: picture + sound) == plain)
      #expect(try digest(ofBytes: sound + back) == plain)
      #expect(try digest(ofBytes: front + sound + ape + back) == plain)
    }
  }

  @Test("A chunk or an index before or behind the sound", arguments: [12.0, 40])
  func orderOfParts(_ seconds: Double) throws {
    let wav = try bytes(ofFile: write("song.wav", format: .wav, seconds: seconds))
    let info = TagBytes.info([("INAM", "A title"), ("IART", "Somebody")])
    #expect(try digest(ofBytes: TagBytes.adding(chunk: "LIST", info, toWAV: wav)) == digest(ofBytes: wav))
    let mp4 = try bytes(ofFile: write("song.m4a", format: .m4a, seconds: seconds))
    let moved = try Self.movingIndexToFront(ofMP4: mp4)
    #expect(moved != mp4)
    #expect(try digest(ofBytes: moved) == digest(ofBytes: mp4))
  }

  /// An MP4 file whose index comes before the sound, as players want it that begin while they download.
  private static func movingIndexToFront(ofMP4 file: [UInt8]) throws -> [UInt8] {
    func number(_ place: Int) -> Int { file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    var (atoms, place): ([(name: String, range: Range<Int>)], Int) = ([], 0)
    while place + 8 <= file.count, number(place) >= 8 {
      let name = String(decoding: file[place + 4..<place + 8], as: UTF8.self)
      atoms.append((name, place..<place + number(place)))
      place += number(place)
    }
    let index = try #require(atoms.first { $0.name == "moov" })
    let sound = try #require(atoms.first { $0.name == "mdat" })
    var moov = Array(file[index.range])
    let table = try #require(OddBytes.place(of: "stco", in: moov))
    let count = moov[table + 8..<table + 12].reduce(0) { $0 << 8 | Int($1) }
    for entry in 0..<count {
      let place = table + 12 + 4 * entry
      let offset = moov[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      moov = OddBytes.patched(moov, at: place, OddBytes.big(offset + moov.count, 4))
    }
    let others = file[sound.range.upperBound..<index.range.lowerBound] + file[index.range.upperBound...]
    return file[..<sound.range.lowerBound] + moov + file[sound.range] + others
  }

  @Test("What is no sound has none, and fails as decoding does")
  func noSound() throws {
    let path = try folder.file("text.mp3", Array("this is no music".utf8))
    #expect(throws: AudioDecodingError.self) { try AudioDecoder.soundDigest(ofFile: path) }
  }
}
