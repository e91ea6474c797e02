import AudioDecoding
import Foundation
import Testing

/// Every way to be broken has its own error, which names the file, the reason and a remedy.
@Suite struct BrokenFileTests {
  /// The error of both ways to read a file, which must be of the same kind unless only decoding can tell.
  private func failure(_ path: String, onlyDecoding: Bool = false) throws -> AudioDecodingError {
    let error = try #require(throws: AudioDecodingError.self) {
      try AudioDecoder.decode(file: path, sampleRate: 22_050)
    }
    if !onlyDecoding {
      let other = try #require(throws: AudioDecodingError.self) { try AudioDecoder.info(ofFile: path) }
      #expect(other.kind == error.kind)
    }
    #expect(error.path == path)
    #expect(!error.reason.isEmpty && !error.remedy.isEmpty)
    #expect(!error.reason.hasSuffix(".") && error.remedy.hasSuffix(".") && !error.remedy.hasSuffix(".."))
    #expect(!error.reason.hasPrefix("FFmpeg") && !error.reason.contains("0.0 of"))
    #expect((path.isEmpty || error.description.contains(path)) && error.description.contains(error.reason))
    #expect((error as any Error).localizedDescription.contains(error.reason))
    return error
  }

  private static let names = [
    "nothing", "http://127.0.0.1:9/x.mp3", "concat:a|b", "pipe:0", "-", "file:///etc/hostname", "", "a\0b",
    "lavfi:sine", String(repeating: "x", count: 5000),
  ]

  @Test("Missing, and never a URL", arguments: names)
  func missing(_ name: String) throws {
    #expect(try failure(name).kind == .missing)
  }

  @Test("A file below a file is missing")
  func belowFile() throws {
    let folder = try TemporaryFolder()
    #expect(try failure(folder.file("a", [1]) + "/b").kind == .missing)
  }

  @Test(
    "Names that look like URLs are names", arguments: ["http:x.wav", "concat:a|b", "pipe:0", "song%03d.wav", "é 音.wav"])
  func oddNames(_ name: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.file(name)
    try AudioEncoder.write([[0, 0.5, -0.5, 0.25]], sampleRate: 8000, to: path, format: .wav)
    #expect(try AudioDecoder.decode(file: path).samples.count == 4)
  }

  @Test("A folder, a pipe, a socket, a device")
  func notFiles() throws {
    let folder = try TemporaryFolder()
    #expect(try failure(folder.path).kind == .directory)
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    #expect(try failure(folder.file("pipe")).kind == .notRegularFile)
    #expect(try failure("/dev/zero").kind == .notRegularFile)
  }

  @Test("Without permission", .enabled(if: geteuid() != 0, "root may read everything"))
  func permission() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("song.wav", WAVBytes.integers([1, 2, 3]).file)
    #expect(chmod(path, 0) == 0)
    #expect(try failure(path).kind == .permissionDenied)
  }

  @Test("System errors have their kinds")
  func systemErrors() {
    let kinds: [Int32: AudioDecodingError.Kind] = [
      EACCES: .permissionDenied, EPERM: .permissionDenied, ENOENT: .missing, EIO: .unreadable, EISDIR: .directory,
      ENXIO: .notRegularFile, EMFILE: .failed,
    ]
    for (code, kind) in kinds { #expect(AudioDecodingError(path: "x", errno: code).kind == kind) }
  }

  @Test("Empty: no bytes, or a header and no sample")
  func empty() throws {
    let folder = try TemporaryFolder()
    #expect(try failure(folder.file("a.mp3", [])).kind == .empty)
    #expect(try failure(folder.file("a.wav", WAVBytes.integers([]).file), onlyDecoding: true).kind == .empty)
  }

  private static let strangers: [(String, [UInt8])] = {
    var state: UInt32 = 1
    let noise = (0..<200_000).map { _ -> UInt8 in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    return [
      ("text", Array(String(repeating: "Dear diary, today I heard a song. ", count: 3000).utf8)),
      ("one byte", [65]), ("zeros", [UInt8](repeating: 0, count: 100_000)), ("noise", noise),
      ("UTF-16", [0xFF, 0xFE] + (0..<5000).flatMap { [UInt8(65 + $0 % 26), 0] }),
      ("HTML", Array("<!DOCTYPE html><html><body>404 not found</body></html>".utf8)),
      ("JSON", Array("{\"error\": \"not found\"}\n".utf8)),
      ("M3U8", Array("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/hostname\n".utf8)),
      ("ffconcat", Array("ffconcat version 1.0\nfile song.wav\n".utf8)),
      ("SRT", Array("1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nWorld\n".utf8)),
      ("ZIP", [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 8, 0] + noise), ("PDF", Array("%PDF-1.7\n".utf8) + noise),
    ]
  }()

  @Test("No audio at all, whatever it is called", arguments: strangers.map(\.0), ["mp3", "wav", "flac", "m4a"])
  func notAudio(_ name: String, _ fileExtension: String) throws {
    let folder = try TemporaryFolder()
    let bytes = try #require(Self.strangers.first { $0.0 == name }).1
    try AudioEncoder.write([[0, 0.5]], sampleRate: 8000, to: folder.file("song.wav"), format: .wav)
    let error = try failure(folder.file("stranger.\(fileExtension)", bytes))
    #expect(error.kind == .notAudio, "\(error)")
  }

  @Test("A picture has no sound")
  func picture() throws {
    let folder = try TemporaryFolder()
    #expect(try failure(folder.file("cover.mp3", OddFileTests.picture)).kind == .noAudioStream)
  }

  @Test(
    "Truncated: a third of what the header promises, and less than ten seconds",
    arguments: [AudioFileFormat.wav, .aiff, .flac, .mp3, .m4a])
  func truncated(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let channels = Signal.music(seconds: 6, sampleRate: 44_100, channelCount: 2)
    try AudioEncoder.write(channels, sampleRate: 44_100, to: folder.file("song"), format: format)
    let whole = try bytes(ofFile: folder.file("song"))
    let path = try folder.file("third", whole.prefix(whole.count / 3))
    let error = try failure(path, onlyDecoding: format != .m4a)
    #expect(error.kind == .truncated, "\(error)")
    guard format != .m4a else { return }
    // The part that is there can be decoded, the missing part cannot.
    let start = try AudioDecoder.decode(file: path, excerpt: .range(start: 0.5, seconds: 1), sampleRate: 22_050)
    #expect(start.samples.count == 22_050)
    let end = try #require(throws: AudioDecodingError.self) {
      try AudioDecoder.decode(file: path, excerpt: .range(start: 4.5, seconds: 1))
    }
    #expect(end.kind == .truncated, "\(end)")
  }

  @Test("Truncated files that state no length are shorter", arguments: [AudioFileFormat.ogg, .opus, .aac, .wma])
  func shortened(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let channels = Signal.music(seconds: 6, sampleRate: 48_000)
    try AudioEncoder.write(channels, sampleRate: 48_000, to: folder.file("song"), format: format)
    let whole = try bytes(ofFile: folder.file("song"))
    let audio = try AudioDecoder.decode(file: folder.file("half", whole.prefix(whole.count / 2)))
    #expect((90_000..<192_000).contains(audio.samples.count))
  }

  @Test("Corrupted: noise behind the header", arguments: [AudioFileFormat.flac, .mp3, .ogg, .opus, .m4a, .aac, .wma])
  func corrupted(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let channels = Signal.music(seconds: 6, sampleRate: 44_100)
    try AudioEncoder.write(channels, sampleRate: 44_100, to: folder.file("song"), format: format)
    var bytes = try bytes(ofFile: folder.file("song"))
    var state: UInt32 = 7
    // MP4 has its index at the end.
    let end = format == .m4a ? bytes.count - 4000 : bytes.count
    for index in min(8000, bytes.count / 8)..<end {
      state = state &* 1_664_525 &+ 1_013_904_223
      bytes[index] = UInt8(state >> 24)
    }
    let error = try #require(throws: AudioDecodingError.self) {
      try AudioDecoder.decode(file: folder.file("noise", bytes))
    }
    #expect(error.kind == .corrupted, "\(error)")
  }

  @Test("A few broken bytes are tolerated", arguments: AudioFileFormat.allCases)
  func scratched(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let channels = Signal.music(seconds: 6, sampleRate: 44_100)
    try AudioEncoder.write(channels, sampleRate: 44_100, to: folder.file("song"), format: format)
    let good = try AudioDecoder.decode(file: folder.file("song"))
    var bytes = try bytes(ofFile: folder.file("song"))
    for index in bytes.count / 2..<bytes.count / 2 + 20 { bytes[index] ^= 0x5A }
    let audio = try AudioDecoder.decode(file: folder.file("scratched", bytes))
    // A page of Ogg is lost as a whole, and lasts a second.
    #expect(abs(audio.samples.count - good.samples.count) <= 50_000)
    #expect(audio.samples.prefix(80_000) == good.samples.prefix(80_000))
  }

  private static let absurdities: [(String, WAVBytes)] = [
    ("no channels", WAVBytes(channelCount: 0, payload: [1, 2, 3, 4])),
    ("65535 channels", WAVBytes(channelCount: 65_535, payload: [UInt8](repeating: 1, count: 200_000))),
    ("0 Hz", WAVBytes(sampleRate: 0, payload: [1, 2, 3, 4])),
    ("4 GHz", WAVBytes(sampleRate: .max, payload: [1, 2, 3, 4])),
    ("1 Hz", WAVBytes(sampleRate: 1, payload: [1, 2, 3, 4])),
    ("0 bits", WAVBytes(bitsPerSample: 0, payload: [1, 2, 3, 4])),
    ("65535 bits", WAVBytes(bitsPerSample: 65_535, payload: [1, 2, 3, 4])),
    ("unknown codec", WAVBytes(formatTag: 0x7777, payload: [UInt8](repeating: 1, count: 10_000))),
  ]

  @Test("Headers that make no sense", arguments: absurdities.map(\.0))
  func absurd(_ name: String) throws {
    let folder = try TemporaryFolder()
    let wav = try #require(Self.absurdities.first { $0.0 == name }).1
    let error = try failure(folder.file("absurd.wav", wav.file), onlyDecoding: true)
    #expect([.corrupted, .unsupportedCodec].contains(error.kind), "\(error)")
  }
}
