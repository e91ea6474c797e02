import AudioDecoding
import Foundation
import Testing

/// What is written can be read again: length, level, samples, tags.
@Suite struct RoundTripTests {
  struct Shape: CustomTestStringConvertible {
    var format: AudioFileFormat
    var sampleRate: Int
    var channelCount: Int
    var testDescription: String { "\(format) \(sampleRate) Hz, \(channelCount) channels" }
  }

  static let tags = AudioTags(
    title: "Ça va", artists: ["Björk & Friends"], album: "Ünder", albumArtists: ["Various"], genres: ["Jazz"],
    date: "1999",
    track: 7)

  static let lossyShapes: [Shape] = [AudioFileFormat.mp3, .ogg, .opus, .m4a, .aac, .wma].flatMap { format in
    let stereo = [(8_000, 1), (22_050, 2), (44_100, 1), (44_100, 2), (48_000, 2), (96_000, 2)]
    let shapes = format == .mp3 || format == .wma ? stereo : stereo + [(48_000, 6)]
    return shapes.map { Shape(format: format, sampleRate: $0.0, channelCount: $0.1) }
  }

  static let losslessShapes: [Shape] = [AudioFileFormat.wav, .aiff, .flac].flatMap { format in
    [8_000, 11_025, 44_100, 96_000, 192_000].flatMap { rate in
      [1, 2, 3, 6, 8].map { Shape(format: format, sampleRate: rate, channelCount: $0) }
    }
  }

  /// Samples by which a decoded file is late: bare AAC does not state that its first frame is not part of the song, and
  /// FFmpeg drops one frame of WMA too many, since it expects Microsoft's encoder.
  static func delay(of shape: Shape) -> Int {
    switch (shape.format, shape.sampleRate) {
    case (.aac, _): 1024
    case (.wma, ...16_000): -512
    case (.wma, ...22_050): -1024
    case (.wma, ...48_000): -2048
    case (.wma, _): -4096
    default: 0
    }
  }

  @Test("Lossless files have the mean of the channels, sample by sample", arguments: losslessShapes)
  func lossless(_ shape: Shape) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song")
    let channels = Signal.music(seconds: 0.5, sampleRate: shape.sampleRate, channelCount: shape.channelCount)
    try AudioEncoder.write(channels, sampleRate: shape.sampleRate, to: path, format: shape.format)
    let audio = try AudioDecoder.decode(file: path)
    #expect(audio.sampleRate == shape.sampleRate)
    #expect(audio.startTime == 0)
    #expect(audio.info.sampleRate == shape.sampleRate)
    #expect(audio.info.channelCount == shape.channelCount)
    let duration = try #require(audio.info.duration)
    #expect(abs(duration - Double(shape.sampleRate / 2) / Double(shape.sampleRate)) < 1e-9)
    #expect(Signal.largestDifference(audio.samples, Signal.mean(channels)) <= 0.51 * PCMSampleFormat.int16.step)
  }

  @Test("Every way to store a sample", arguments: [AudioFileFormat.wav, .aiff, .flac], PCMSampleFormat.allCases)
  func sampleFormats(_ format: AudioFileFormat, _ sampleFormat: PCMSampleFormat) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song")
    let channels = Signal.music(seconds: 0.3, sampleRate: 44_100, channelCount: 2)
    func write() throws {
      try AudioEncoder.write(channels, sampleRate: 44_100, to: path, format: format, sampleFormat: sampleFormat)
    }
    if format == .flac && sampleFormat != .int16 && sampleFormat != .int24 {
      #expect(throws: AudioEncodingError.self) { try write() }
      return
    }
    try write()
    let audio = try AudioDecoder.decode(file: path)
    // FFmpeg's encoders truncate to 24 bits instead of rounding.
    let steps: Float = sampleFormat == .int24 ? 1.01 : 0.51
    let tolerance = max(steps * sampleFormat.step, 1e-7)
    #expect(Signal.largestDifference(audio.samples, Signal.mean(channels)) <= tolerance)
  }

  @Test("Lossy files sound the same and begin at the same sample", arguments: lossyShapes)
  func lossy(_ shape: Shape) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song")
    let channels = Signal.music(seconds: 2, sampleRate: shape.sampleRate, channelCount: shape.channelCount)
    try AudioEncoder.write(channels, sampleRate: shape.sampleRate, to: path, format: shape.format)
    let audio = try AudioDecoder.decode(file: path, sampleRate: shape.sampleRate)
    let original = Signal.mean(channels)
    let delay = Self.delay(of: shape)
    #expect(audio.info.channelCount == shape.channelCount)
    let duration = try #require(audio.info.duration)
    // Most state a length that includes the padding of the last frame.
    #expect(abs(duration - 2) < 0.04 + 2304 / Double(shape.sampleRate))
    #expect(abs(audio.samples.count - original.count) <= 2 * 2048)
    #expect(audio.samples.allSatisfy { abs($0) < 2 })
    // The sixth channel of 5.1 is for effects, and encoders keep only its bass.
    let correlation = Signal.correlation(audio.samples, original, lag: delay)
    #expect(correlation > (shape.channelCount == 6 ? 0.9 : shape.format == .wma ? 0.995 : 0.998))
    let level = Signal.level(audio.samples) / Signal.level(original)
    #expect((shape.channelCount == 6 ? 0.9...1.05 : 0.94...1.02).contains(level))
  }

  @Test("Tags survive", arguments: AudioFileFormat.allCases)
  func tags(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song")
    let channels = Signal.music(seconds: 0.5, sampleRate: 44_100)
    try AudioEncoder.write(channels, sampleRate: 44_100, tags: Self.tags, to: path, format: format)
    var expected = Self.tags
    if format == .wav { expected.albumArtists = [] }
    #expect(try AudioDecoder.info(ofFile: path).tags == expected)
    try AudioEncoder.write(channels, sampleRate: 44_100, to: path, format: format)
    #expect(try AudioDecoder.info(ofFile: path).tags == AudioTags())
  }

  @Test(
    "Resampling keeps the frequencies that both rates can represent",
    arguments: [8_000, 11_025, 44_100, 48_000, 96_000, 192_000])
  func resampling(_ sampleRate: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song")
    func tone(_ rate: Int) -> [Float] {
      (0..<rate).map { Float(0.5 * sin(2 * .pi * 1000 * Double($0) / Double(rate))) }
    }
    try AudioEncoder.write(
      [tone(sampleRate)], sampleRate: sampleRate, to: path, format: .wav, sampleFormat: .float32)
    for rate in [16_000, 22_050, 44_100, 44_101] {
      let audio = try AudioDecoder.decode(file: path, sampleRate: rate)
      let middle = rate / 10..<rate * 9 / 10
      #expect(abs(audio.samples.count - rate) <= 1)
      let difference = Signal.largestDifference(audio.samples[middle], tone(rate)[middle])
      #expect(difference < 2e-5)
    }
  }

  @Test("To half the rate: every second sample, however few", arguments: [1, 2, 3, 67, 68, 134, 135, 136, 1153, 9000])
  func decimation(_ count: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song")
    let constant = [Float](repeating: 0.5, count: count)
    try AudioEncoder.write([constant], sampleRate: 44_100, to: path, format: .wav, sampleFormat: .float32)
    let samples = try AudioDecoder.decode(file: path, sampleRate: 22_050).samples
    #expect(samples.count == (count + 1) / 2)
    // Away from the silence before and after it, a constant stays the same.
    #expect(samples.dropFirst(34).dropLast(34).allSatisfy { abs($0 - 0.5) < 1e-6 })
  }

  @Test("Frequencies above the new Nyquist frequency are removed")
  func antialiasing() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song")
    let tone = (0..<44_100).map { Float(0.5 * sin(2 * .pi * 12_500 * Double($0) / 44_100)) }
    try AudioEncoder.write([tone], sampleRate: 44_100, to: path, format: .wav)
    let audio = try AudioDecoder.decode(file: path, sampleRate: 22_050)
    #expect(Signal.level(audio.samples[2000..<20_000]) < 1e-4)
  }
}
