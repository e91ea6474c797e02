import AudioDecoding
import Foundation
import Testing

/// The encoder's promises other than the sound.
@Suite struct AudioEncoderTests {
  @Test("The same input gives the same bytes", arguments: AudioFileFormat.allCases)
  func deterministic(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let channels = Signal.music(seconds: 1, sampleRate: 44_100, channelCount: 2)
    for name in ["a", "b"] {
      try AudioEncoder.write(
        channels, sampleRate: 44_100, tags: RoundTripTests.tags, to: folder.file(name), format: format)
    }
    #expect(try bytes(ofFile: folder.file("a")) == bytes(ofFile: folder.file("b")))
  }

  @Test("A failure leaves nothing behind, and an existing file stays")
  func failure() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("song", [1, 2, 3])
    let channels = Signal.music(seconds: 0.1, sampleRate: 48_000, channelCount: 6)
    let unsupported = try #require(throws: AudioEncodingError.self) {
      try AudioEncoder.write(channels, sampleRate: 48_000, to: path, format: .mp3)
    }
    #expect(unsupported.kind == .unsupported)
    let invalid = try #require(throws: AudioEncodingError.self) {
      try AudioEncoder.write([[0, .nan]], sampleRate: 48_000, to: path, format: .wav)
    }
    #expect(invalid.kind == .invalidSamples)
    #expect(try bytes(ofFile: path) == [1, 2, 3])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["song"])
  }

  @Test("Places that cannot be written to", arguments: ["none/song", ".", "a\0b"])
  func unwritable(_ name: String) throws {
    let folder = try TemporaryFolder()
    let error = try #require(throws: AudioEncodingError.self) {
      try AudioEncoder.write([[0, 1]], sampleRate: 48_000, to: folder.file(name), format: .wav)
    }
    #expect(error.path == folder.file(name))
    #expect(error.kind == .unwritable, "\(error)")
    #expect(!error.reason.isEmpty && !error.remedy.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("No samples at all", arguments: AudioFileFormat.allCases)
  func empty(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song")
    do throws(AudioEncodingError) {
      try AudioEncoder.write([[]], sampleRate: 48_000, to: path, format: format)
    } catch {
      #expect(error.kind == .unsupported || error.kind == .failed, "\(error)")
      return
    }
    let error = try #require(throws: AudioDecodingError.self) { try AudioDecoder.decode(file: path) }
    #expect([.empty, .corrupted, .notAudio, .noAudioStream].contains(error.kind), "\(error)")
  }
}
