import AudioDecoding
import Foundation
import Testing

/// Channels that cancel each other in their mean are heard by one of them.
@Suite struct CancellingChannelTests {
  private static let rate = 44_100
  private static let tone = Signal.music(seconds: 14, sampleRate: rate)[0]
  private static let other = Signal.music(seconds: 14, sampleRate: rate, channelCount: 2)[1]

  private static func scaled(_ factor: Float, _ samples: [Float] = tone) -> [Float] { samples.map { $0 * factor } }

  /// Channels, and the one that must be heard; nil for their mean.
  struct Shape: CustomTestStringConvertible {
    var name: String
    var channels: [[Float]]
    var heard: Int? = nil
    var testDescription: String { name }
  }

  static let shapes: [Shape] = [
    Shape(name: "opposite", channels: [tone, scaled(-1)], heard: 0),
    Shape(name: "opposite, the second a little louder", channels: [scaled(0.95), scaled(-1)], heard: 1),
    Shape(name: "nearly opposite", channels: [tone, scaled(-0.8)], heard: 0),
    Shape(name: "partly opposite", channels: [tone, scaled(-0.5)], heard: nil),
    Shape(name: "two opposite pairs", channels: [tone, scaled(-1), scaled(0.5, other), scaled(-0.5, other)], heard: 0),
    Shape(name: "one opposite pair of two", channels: [tone, scaled(-1), scaled(1, other), tone], heard: nil),
    Shape(name: "one silent", channels: [tone, scaled(0)], heard: nil),
    Shape(name: "all silent", channels: [scaled(0), scaled(0)], heard: nil),
    Shape(name: "one of eight", channels: [tone] + [[Float]](repeating: scaled(0), count: 7), heard: nil),
    Shape(name: "equal", channels: [tone, tone], heard: nil),
    Shape(name: "unrelated", channels: [tone, other], heard: nil),
    Shape(
      name: "opposite after silence", channels: [1, -1].map { [Float](repeating: 0, count: 2 * rate) + scaled($0) },
      heard: 0),
    Shape(
      name: "opposite at the beginning only", channels: [1, -1].map { scaled($0) + scaled(1, other) }, heard: 0),
    Shape(name: "opposite for a second", channels: [1, -1].map { scaled($0, Array(tone.prefix(rate))) + other }),
    Shape(name: "opposite at the end only", channels: [1, -1].map { other + scaled($0) }, heard: 0),
  ]

  /// A tone of 50 Hz, and others above.
  private static func withBass(_ factor: Float, _ pitches: [Double], _ loudness: Double) -> [Float] {
    (0..<14 * rate).map { index in
      let time = 2 * Double.pi * Double(index) / Double(rate)
      let high = pitches.reduce(0) { $0 + sin($1 * time) } * loudness
      return Float(0.5 * sin(50 * time)) + factor * Float(high)
    }
  }

  @Test(
    "Opposite in all but the bass",
    arguments: [
      ([110, 220, 330], 0.1), ([220, 440, 550], 0.1), ([600, 900, 1500], 0.05), ([2000, 3000, 5000], 0.03),
    ] as [([Double], Double)])
  func bass(_ pitches: [Double], _ loudness: Double) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song")
    let channels = [
      Self.withBass(1, pitches, loudness), Self.scaled(0.9, Self.withBass(-1, pitches, loudness)),
    ]
    try AudioEncoder.write(channels, sampleRate: Self.rate, to: path, format: .flac)
    let audio = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 6))
    #expect(audio.info.notes == [.cancellingChannels(heard: 0)])
    #expect(Signal.largestDifference(audio.samples, channels[0][4 * Self.rate..<10 * Self.rate]) < 1e-4)
  }

  @Test("Opposite for 24 of 30 s, or for the middle of a long song only")
  func partly() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song")
    let long = Signal.music(seconds: 90, sampleRate: 11_025, channelCount: 2)
    let opposite = 33 * 11_025..<57 * 11_025
    let channels: [[Float]] = [Float(1), -1].map { factor in
      long[0].indices.map { opposite.contains($0) ? factor * long[0][$0] : long[1][$0] }
    }
    try AudioEncoder.write(channels, sampleRate: 11_025, to: path, format: .wav)
    let middle = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 30))
    #expect(middle.info.notes == [.cancellingChannels(heard: 0)])
    #expect(Signal.largestDifference(middle.samples, channels[0][30 * 11_025..<60 * 11_025]) < 1e-4)
    // Block by block, it is heard from a few seconds on.
    var blocks: [Float] = []
    let info = try AudioDecoder.forEachBlock(ofFile: path) { block in
      blocks += block
      return true
    }
    #expect(info.notes == middle.info.notes && blocks.count == channels[0].count)
    #expect(Signal.level(blocks[(38 * 11_025)..<(57 * 11_025)]) > 0.1)
  }

  @Test("What is heard of the channels", arguments: shapes, [AudioFileFormat.wav, .flac])
  func heard(_ shape: Shape, _ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song")
    try AudioEncoder.write(shape.channels, sampleRate: Self.rate, to: path, format: format)
    let whole = try AudioDecoder.decode(file: path)
    let expected = shape.heard.map { shape.channels[$0] } ?? Signal.mean(shape.channels)
    #expect(Signal.largestDifference(whole.samples, expected) <= 0.51 * PCMSampleFormat.int16.step)
    let notes = shape.heard.map { [AudioFileNote.cancellingChannels(heard: $0)] } ?? []
    #expect(whole.info.notes == notes)
    // Block by block, each sample once.
    var blocks: [Float] = []
    let info = try AudioDecoder.forEachBlock(ofFile: path) { block in
      blocks += block
      return true
    }
    #expect(info.notes == notes)
    // What cancels only later has been heard as a mean so far.
    if shape.name != "opposite at the end only" { #expect(blocks == whole.samples) }
    // An excerpt has the very samples of the whole, if all of it is like that.
    guard !shape.name.hasSuffix("only"), !shape.name.hasSuffix("second") else { return }
    let part = try AudioDecoder.decode(file: path, excerpt: .range(start: 5, seconds: 3))
    #expect(part.samples == Array(whole.samples[5 * Self.rate..<8 * Self.rate]) && part.info.notes == notes)
  }

  @Test("Lossy files too", arguments: [AudioFileFormat.mp3, .ogg, .m4a])
  func lossy(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song")
    try AudioEncoder.write([Self.tone, Self.scaled(-1)], sampleRate: Self.rate, to: path, format: format)
    let audio = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 4), sampleRate: 22_050)
    #expect(Signal.level(audio.samples) > 0.5 * Signal.level(Self.tone))
    #expect(audio.info.notes.count == 1)
  }
}
