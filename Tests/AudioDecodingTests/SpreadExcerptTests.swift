import AudioDecoding
import Foundation
import Testing

/// Excerpts that are spread over a file, several of them in one opening.
@Suite struct SpreadExcerptTests {
  private static let rate = 22_050

  private static func parts(_ count: Int, seconds: Double, sampleRate: Int? = rate) -> [AudioPart] {
    (0..<count).map { AudioPart(.spread(index: $0, count: count, seconds: seconds), sampleRate: sampleRate) }
  }

  /// How many excerpts there should be, and where they begin, said in another way than the decoder does: as many as
  /// leave room for one more.
  private static func starts(count: Int, seconds: Double, duration: Double) -> [Double] {
    var fitting = 1
    while fitting < count, Double(fitting + 2) * seconds <= duration { fitting += 1 }
    let room = max(0, duration - seconds)
    return (1...fitting).map { room * Double(2 * $0 - 1) / Double(2 * fitting) }
  }

  @Test("Each is where it should be, alone or with others", arguments: AudioFileFormat.allCases)
  func places(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song")
    let channels = Signal.music(seconds: 12.3, sampleRate: 44_100, channelCount: 2)
    try AudioEncoder.write(channels, sampleRate: 44_100, to: path, format: format)
    let whole = try AudioDecoder.decode(file: path, sampleRate: Self.rate)
    let duration = try #require(whole.info.duration)
    for (count, seconds) in [(1, 2.0), (2, 2.0), (3, 2.0), (5, 1.0), (3, 3.5), (4, 5.0), (3, 20.0)] {
      let parts = Self.parts(count, seconds: seconds)
      let heard = try AudioDecoder.decode(file: path, parts: parts)
      let starts = Self.starts(count: count, seconds: seconds, duration: duration)
      #expect(heard.prefix { !$0.samples.isEmpty }.count == starts.count)
      #expect(heard.dropFirst(starts.count).allSatisfy { $0.samples.isEmpty })
      for (part, (audio, start)) in zip(parts, zip(heard, starts)) {
        #expect(abs(audio.startTime - start) < 1.0 / Double(Self.rate))
        try checkAlone(part, audio, path: path, format: format)
        guard format.isLossless else { continue }
        let first = Int((audio.startTime * Double(Self.rate)).rounded())
        #expect(abs(audio.samples.count - min(whole.samples.count, Int(seconds * Double(Self.rate)))) <= 1)
        let region = Array(whole.samples[first...].prefix(audio.samples.count))
        #expect(Signal.largestDifference(audio.samples, region) <= 1e-6)
      }
      // None overlaps the next.
      for (audio, next) in zip(heard.prefix(starts.count), heard.prefix(starts.count).dropFirst()) {
        let end = audio.startTime + Double(audio.samples.count) / Double(Self.rate)
        #expect(end <= next.startTime + 1.0 / Double(Self.rate))
      }
    }
  }

  private func checkAlone(_ part: AudioPart, _ audio: DecodedAudio, path: String, format: AudioFileFormat) throws {
    let alone = try AudioDecoder.decode(file: path, parts: [part])[0]
    #expect(audio.startTime == alone.startTime && audio.samples.count == alone.samples.count)
    // AAC draws noise as it goes, so what was decoded before shows.
    guard ![.m4a, .aac, .wma].contains(format) else { return }
    #expect(Signal.largestDifference(audio.samples, alone.samples) <= (format.isLossless ? 0 : 1e-4))
  }

  @Test("The one in the middle is the middle, to the bit", arguments: AudioFileFormat.allCases)
  func middle(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song")
    try AudioEncoder.write(
      Signal.music(seconds: 13.37, sampleRate: 44_100), sampleRate: 44_100, to: path, format: format)
    let middle = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 2), sampleRate: Self.rate)
    for count in [1, 3, 5] {
      let part = AudioPart(.spread(index: count / 2, count: count, seconds: 2), sampleRate: Self.rate)
      let heard = try AudioDecoder.decode(file: path, parts: [part])[0]
      #expect(heard.startTime == middle.startTime && heard.samples == middle.samples)
    }
  }

  @Test("A header that lies about the length moves none of them")
  func lyingHeader() throws {
    let folder = try TemporaryFolder()
    let samples = Signal.clock(seconds: 40, sampleRate: Self.rate)
    var file = WAVBytes.floats(samples, sampleRate: Self.rate)
    let parts = Self.parts(3, seconds: 4)
    let honest = try AudioDecoder.decode(file: folder.file("honest.wav", file.file), parts: parts)
    file.statedSize = UInt32(2 * 4 * samples.count)
    let lying = try AudioDecoder.decode(file: folder.file("lying.wav", file.file), parts: parts)
    #expect(lying.map(\.startTime) == honest.map(\.startTime) && lying.map(\.samples) == honest.map(\.samples))
    for audio in honest {
      #expect(abs(Signal.time(of: audio.samples, sampleRate: Self.rate) - audio.startTime - 2) < 0.1)
    }
  }

  /// A song is recognised again whatever the model hears of it.
  @Test("The digest of the sound is made on the way", arguments: [AudioFileFormat.mp3, .flac, .wav, .ogg])
  func digest(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song")
    let channels = Signal.music(seconds: 130, sampleRate: 16_000)
    try AudioEncoder.write(channels, sampleRate: 16_000, to: path, format: format)
    let digest = try #require(try AudioDecoder.soundDigest(ofFile: path).digest)
    let middle = AudioPart(.middle(seconds: 30), sampleRate: Self.rate)
    for count in [2, 3] {
      for parts in [Self.parts(count, seconds: 30) + [middle], [middle] + Self.parts(count, seconds: 30)] {
        #expect(try AudioDecoder.decode(file: path, parts: parts)[0].soundDigest == digest)
      }
    }
  }
}
