import AudioDecoding
import Foundation
import Testing

/// Damaged files give finite samples or an error: never a crash, never a hang. The damage is the same in every run.
@Suite struct FuzzTests {
  /// A small linear congruential generator.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) | (state << 31)
    }
  }

  /// Flips, cuts, inserts, repeats or overwrites bytes, half of the time in the first 512.
  private static func damage(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...8, using: &dice) where bytes.count > 1 {
      let reach = Bool.random(using: &dice) ? min(512, bytes.count) : bytes.count
      let place = Int.random(in: 0..<reach, using: &dice)
      let end = min(bytes.count, place + Int.random(in: 1...64, using: &dice))
      switch Int.random(in: 0..<6, using: &dice) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
      case 1:
        bytes.replaceSubrange(place..<end, with: (place..<end).map { _ in UInt8.random(in: 0...255, using: &dice) })
      case 2:
        bytes.replaceSubrange(
          place..<end, with: repeatElement(Bool.random(using: &dice) ? 0xFF : 0, count: end - place))
      case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 4: bytes.removeSubrange(place..<end)
      default: if place > 16 { bytes.removeSubrange(place...) }
      }
    }
    return bytes
  }

  @Test(
    "Damaged files", .timeLimit(.minutes(5)),
    arguments: AudioFileFormat.allCases.map { ($0, false) } + [(.wav, true), (.aiff, true)])
  func damaged(_ format: AudioFileFormat, _ isFloat: Bool) throws {
    let folder = try TemporaryFolder()
    try AudioEncoder.write(
      Signal.music(seconds: format == .ogg || format == .opus ? 4 : 0.7, sampleRate: 22_050, channelCount: 2),
      sampleRate: 22_050,
      tags: RoundTripTests.tags, to: folder.file("song"), format: format,
      sampleFormat: isFloat ? .float32 : .int16,
      cover: format == .mp3 || format == .flac || format == .m4a ? OddFileTests.picture : nil)
    let bytes = try bytes(ofFile: folder.file("song"))
    var dice = Dice(state: UInt64(format.rawValue.utf8.reduce(7) { $0 * 31 + Int($1) }))
    var (readable, longest) = (0, 0.0)
    for round in 0..<200 {
      let path = try folder.file("damaged", Self.damage(bytes, &dice))
      let excerpt: Excerpt =
        round % 3 == 0 ? .whole : round % 3 == 1 ? .middle(seconds: 0.2) : .range(start: 0.4, seconds: 0.2)
      let begin = Date()
      do throws(AudioDecodingError) {
        let audio = try AudioDecoder.decode(file: path, excerpt: excerpt, sampleRate: round % 2 == 0 ? nil : 16_000)
        let isSound = audio.samples.allSatisfy { abs($0) <= 2e10 }
        #expect(isSound)
        readable += 1
      } catch {
        #expect(error.kind != .failed && error.kind != .unreadable, "\(error)")
      }
      let time = Date().timeIntervalSince(begin)
      if time > longest { longest = time }
    }
    #expect(readable > 5)
    #expect(longest < 60)
  }
}
