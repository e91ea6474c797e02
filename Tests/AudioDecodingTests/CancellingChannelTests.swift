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
    var heard: Int?
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
      name: "opposite at the beginning only", channels: [1, -1].map { scaled($0) + scaled(1, other) }, heard: nil),
  ]

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
    #expect(blocks == whole.samples && info.notes == notes)
    // An excerpt has the very samples of the whole, if all of it is like that.
    guard shape.name != "opposite at the beginning only" else { return }
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
