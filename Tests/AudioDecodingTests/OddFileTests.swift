import AudioDecoding
import Foundation
import Testing

/// Valid but unusual files.
@Suite struct OddFileTests {
  /// A PNG of one pixel.
  static let picture: [UInt8] = [
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6,
    0, 0, 0, 0x1F, 0x15, 0xC4, 0x89, 0, 0, 0, 0x0D, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0xF8, 0xCF, 0xC0, 0xF0,
    0x1F, 0, 5, 0, 1, 0xFF, 0x89, 0x99, 0x3D, 0x1D, 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
  ]

  @Test("Cover art is another stream", arguments: [AudioFileFormat.mp3, .flac, .m4a])
  func cover(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let channels = Signal.music(seconds: 3, sampleRate: 44_100)
    let tags = AudioTags(title: "With a cover")
    try AudioEncoder.write(channels, sampleRate: 44_100, tags: tags, to: folder.file("plain"), format: format)
    try AudioEncoder.write(
      channels, sampleRate: 44_100, tags: tags, to: folder.file("covered"), format: format, cover: Self.picture)
    #expect(try bytes(ofFile: folder.file("covered")).count > bytes(ofFile: folder.file("plain")).count)
    for excerpt in [Excerpt.whole, .range(start: 1.5, seconds: 1)] {
      let plain = try AudioDecoder.decode(file: folder.file("plain"), excerpt: excerpt)
      let covered = try AudioDecoder.decode(file: folder.file("covered"), excerpt: excerpt)
      #expect(Signal.correlation(plain.samples, covered.samples) > 0.9999)
      #expect(plain.samples.count == covered.samples.count)
      #expect(covered.info == plain.info)
    }
  }

  @Test("WAV of unknown size", arguments: [0, UInt32.max, UInt32.max - 36, 0x7FFF_FFFF])
  func unknownSize(_ size: UInt32) throws {
    let folder = try TemporaryFolder()
    let samples = (0..<88_200).map { Int16(truncatingIfNeeded: $0) }
    var wav = WAVBytes.integers(samples)
    wav.statedSize = size
    let path = try folder.file("stream.wav", wav.file)
    let audio = try AudioDecoder.decode(file: path)
    #expect(audio.samples == samples.map { Float($0) / 32_768 })
    let middle = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 1))
    #expect(middle.samples == Array(audio.samples[22_050..<66_150]))
  }

  @Test("FLAC of unknown length")
  func unknownLength() throws {
    let folder = try TemporaryFolder()
    let channels = Signal.music(seconds: 4, sampleRate: 44_100)
    try AudioEncoder.write(channels, sampleRate: 44_100, to: folder.file("known"), format: .flac)
    let known = try AudioDecoder.decode(file: folder.file("known"), excerpt: .middle(seconds: 1))
    var bytes = try bytes(ofFile: folder.file("known"))
    // STREAMINFO: four bytes of magic, four of block header; the last 36 bits before the MD5 are the length.
    bytes[21] &= 0xF0
    for index in 22..<26 { bytes[index] = 0 }
    let unknown = try AudioDecoder.decode(file: folder.file("unknown", bytes), excerpt: .middle(seconds: 1))
    #expect(unknown.info.duration == 4)
    #expect(unknown.samples == known.samples)
  }

  @Test("MP3 without a Xing header")
  func bareMP3() throws {
    let folder = try TemporaryFolder()
    let channels = Signal.music(seconds: 6, sampleRate: 44_100)
    try AudioEncoder.write(channels, sampleRate: 44_100, to: folder.file("known"), format: .mp3)
    let bytes = try bytes(ofFile: folder.file("known"))
    // Without the tag in front, and without the first frame, which is the Xing header.
    let frames = bytes.indices.filter { bytes[$0] == 0xFF && $0 + 1 < bytes.count && bytes[$0 + 1] == 0xFB }
    let path = try folder.file("bare", bytes[frames[1]...])
    let info = try AudioDecoder.info(ofFile: path)
    let duration = try #require(info.duration)
    #expect(abs(duration - 6.03) < 0.03)
    let whole = try AudioDecoder.decode(file: path)
    let middle = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 2))
    let first = Int((middle.startTime * 44_100).rounded())
    #expect(Signal.correlation(middle.samples, Array(whole.samples[first..<first + 88_200])) > 0.999)
  }

  @Test("Files one after another", arguments: [AudioFileFormat.mp3, .ogg, .opus, .aac])
  func chained(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    for (name, seconds, channelCount) in [("a", 3.0, 2), ("b", 2.0, 2)] {
      let channels = Signal.music(seconds: seconds, sampleRate: 48_000, channelCount: channelCount)
      try AudioEncoder.write(channels, sampleRate: 48_000, to: folder.file(name), format: format)
    }
    let path = try folder.file("ab", bytes(ofFile: folder.file("a")) + bytes(ofFile: folder.file("b")))
    let audio = try AudioDecoder.decode(file: path)
    #expect(abs(Double(audio.samples.count) / 48_000 - 5) < 0.15)
    let middle = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 1))
    #expect(middle.samples.count == 48_000)
  }

  @Test("Rate and channels that change within a file")
  func changing() throws {
    let folder = try TemporaryFolder()
    for (name, rate, channelCount) in [("a", 44_100, 2), ("b", 22_050, 1)] {
      let channels = Signal.music(seconds: 2, sampleRate: rate, channelCount: channelCount)
      try AudioEncoder.write(channels, sampleRate: rate, to: folder.file(name), format: .aac)
    }
    let path = try folder.file("ab", bytes(ofFile: folder.file("a")) + bytes(ofFile: folder.file("b")))
    for sampleRate in [nil, 16_000] {
      let audio = try AudioDecoder.decode(file: path, sampleRate: sampleRate)
      #expect(abs(Double(audio.samples.count) / Double(audio.sampleRate) - 4.15) < 0.2)
    }
  }

  @Test("NaN and infinities become silence, and do not affect their neighbours")
  func nonsense() throws {
    let folder = try TemporaryFolder()
    var samples = Signal.music(seconds: 1, sampleRate: 44_100)[0]
    let good = try AudioDecoder.decode(file: folder.file("good", WAVBytes.floats(samples).file), sampleRate: 22_050)
    for (index, value) in [(5_000, Float.nan), (10_000, .infinity), (15_000, -.infinity), (20_000, 3e38)] {
      samples[index] = value
    }
    let path = try folder.file("bad", WAVBytes.floats(samples).file)
    let native = try AudioDecoder.decode(file: path)
    #expect(native.samples == samples.map { abs($0) < 10 ? $0 : 0 })
    let audio = try AudioDecoder.decode(file: path, sampleRate: 22_050)
    #expect(Signal.largestDifference(audio.samples, good.samples) < 1)
    #expect(Signal.largestDifference(audio.samples[15_000...], good.samples[15_000...]) < 1e-6)
  }

  @Test("More channels than there are names for", arguments: [9, 17, 40])
  func manyChannels(_ count: Int) throws {
    let folder = try TemporaryFolder()
    let channels = (0..<count).map { channel in (0..<2000).map { Float(($0 * (channel + 3)) % 100) / 200 } }
    let interleaved = (0..<2000).flatMap { index in channels.map { $0[index] } }
    let path = try folder.file("many.wav", WAVBytes.floats(interleaved, channelCount: count).file)
    let audio = try AudioDecoder.decode(file: path)
    #expect(audio.info.channelCount == count)
    #expect(Signal.largestDifference(audio.samples, Signal.mean(channels)) < 1e-6)
  }

  @Test("Tags in an invalid encoding are repaired")
  func latin1() throws {
    let folder = try TemporaryFolder()
    try AudioEncoder.write(
      [[0, 0.5]], sampleRate: 8000, tags: AudioTags(title: "Bj_rk  ", artists: ["  "]), to: folder.file("song"),
      format: .wav)
    let bytes = try bytes(ofFile: folder.file("song")).map { $0 == UInt8(ascii: "_") ? 0xF6 : $0 }
    let tags = try AudioDecoder.info(ofFile: folder.file("latin1", bytes)).tags
    #expect(tags.title == "Björk" && tags.artists.isEmpty && tags.undeclaredTexts == ["Björk"])
  }
}
