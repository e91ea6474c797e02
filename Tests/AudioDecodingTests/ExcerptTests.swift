import AudioDecoding
import Foundation
import Testing

/// An excerpt equals the whole at the same position.
@Suite struct ExcerptTests {
  /// Eight seconds, stereo, at 44.1 kHz.
  private static let channels = Signal.music(seconds: 8, sampleRate: 44_100, channelCount: 2)

  private func write(_ format: AudioFileFormat, in folder: TemporaryFolder) throws -> String {
    try AudioEncoder.write(Self.channels, sampleRate: 44_100, to: folder.file("song"), format: format)
    return folder.file("song")
  }

  @Test("At the native rate and at others", arguments: AudioFileFormat.allCases, [nil, 16_000, 22_050, 48_000])
  func regions(_ format: AudioFileFormat, _ sampleRate: Int?) throws {
    let folder = try TemporaryFolder()
    let path = try write(format, in: folder)
    let whole = try AudioDecoder.decode(file: path, sampleRate: sampleRate)
    let rate = Double(whole.sampleRate)
    for (start, seconds) in [(0.0, 1.0), (0.3, 0.5), (3.337, 1.703), (6.1, .infinity)] {
      let part = try AudioDecoder.decode(
        file: path, excerpt: .range(start: start, seconds: seconds), sampleRate: sampleRate)
      let first = Int((start * rate).rounded())
      #expect(part.startTime == Double(first) / rate)
      let end = min(whole.samples.count, Int(((start + min(seconds, 100)) * rate).rounded()))
      let region = Array(whole.samples[first..<end])
      if format.isLossless {
        #expect(Signal.largestDifference(part.samples, region) <= (sampleRate == nil ? 0 : 1e-6))
        continue
      }
      // The clock of WMA counts milliseconds.
      let slack = format == .wma ? whole.sampleRate / 1000 + 1 : 0
      #expect(abs(part.samples.count - region.count) <= slack)
      let lag = Signal.bestLag(region, part.samples, reach: slack)
      // AAC fills bands with noise, which differs in every run; WMA's lag is not an integer at other rates.
      let least = format == .wma ? 0.995 : format == .m4a || format == .aac ? 0.9995 : 0.9999
      #expect(Signal.correlation(region, part.samples, lag: lag) > least)
    }
  }

  @Test("The middle", arguments: AudioFileFormat.allCases)
  func middle(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let path = try write(format, in: folder)
    let part = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 2), sampleRate: 22_050)
    #expect(part.samples.count == 44_100)
    #expect(abs(part.startTime - 3) < 0.04)
    let whole = try AudioDecoder.decode(file: path, sampleRate: 22_050)
    let longer = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 9), sampleRate: 22_050)
    #expect(longer.startTime == 0)
    #expect(longer.samples == whole.samples)
  }

  @Test("Several parts in one pass are what each is alone", arguments: AudioFileFormat.allCases)
  func severalParts(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let path = try write(format, in: folder)
    let parts = [
      AudioPart(.range(start: 5, seconds: 1), sampleRate: 22_050), AudioPart(.middle(seconds: 3)),
      AudioPart(.range(start: 3.2, seconds: 0.5), sampleRate: 48_000), AudioPart(.middle(seconds: 3)),
    ]
    let heard = try AudioDecoder.decode(file: path, parts: parts)
    #expect(heard.count == parts.count && heard[1].samples == heard[3].samples)
    for (part, audio) in zip(parts, heard) {
      let alone = try AudioDecoder.decode(file: path, excerpt: part.excerpt, sampleRate: part.sampleRate)
      #expect(audio.startTime == alone.startTime && audio.sampleRate == alone.sampleRate)
      // AAC draws noise as it goes, so what was decoded before shows; the clock of WMA counts milliseconds.
      if [.m4a, .aac, .wma].contains(format) {
        let slack = format == .wma ? audio.sampleRate / 1000 + 1 : 0
        let lag = Signal.bestLag(alone.samples, audio.samples, reach: slack)
        #expect(Signal.correlation(alone.samples, audio.samples, lag: lag) > 0.995)
      } else {
        #expect(Signal.largestDifference(audio.samples, alone.samples) <= (format.isLossless ? 0 : 1e-4))
      }
    }
  }

  /// Damaged packets shift what follows a seek, so a part must not share the seek of another.
  @Test func severalPartsOfADamagedFileAreWhatEachIsAlone() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("song.mp3")
    let channels = Signal.music(seconds: 40, sampleRate: 44_100)
    try AudioEncoder.write(channels, sampleRate: 44_100, to: path, format: .mp3)
    var bytes = try Data(contentsOf: URL(filePath: path))
    for index in stride(from: bytes.count * 3 / 10, to: bytes.count * 7 / 10, by: 97) { bytes[index] ^= 0x5A }
    try bytes.write(to: URL(filePath: path))
    let parts = [
      AudioPart(.middle(seconds: 10), sampleRate: 22_050), AudioPart(.middle(seconds: 20)),
      AudioPart(.middle(seconds: 60), sampleRate: 22_050), AudioPart(.middle(seconds: 38), sampleRate: 22_050),
    ]
    let heard = try AudioDecoder.decode(file: path, parts: parts)
    for (part, audio) in zip(parts, heard) {
      let alone = try AudioDecoder.decode(file: path, excerpt: part.excerpt, sampleRate: part.sampleRate)
      #expect(audio.samples == alone.samples, "\(part)")
    }
  }

  @Test("Past the end there is nothing", arguments: AudioFileFormat.allCases)
  func pastTheEnd(_ format: AudioFileFormat) throws {
    let folder = try TemporaryFolder()
    let path = try write(format, in: folder)
    #expect(try AudioDecoder.decode(file: path, excerpt: .range(start: 20, seconds: 2)).samples.isEmpty)
    for sampleRate in [nil, 4_000, 22_050, 384_000] {
      let excerpt = Excerpt.range(start: 1e17, seconds: 2)
      #expect(try AudioDecoder.decode(file: path, excerpt: excerpt, sampleRate: sampleRate).samples.isEmpty)
    }
    #expect(try AudioDecoder.decode(file: path, excerpt: .range(start: 7, seconds: 1e300)).samples.count > 40_000)
  }

  @Test("Blocks are the samples of decode, stop on request, and pass errors on")
  func blocks() throws {
    let folder = try TemporaryFolder()
    let path = try write(.mp3, in: folder)
    var samples: [Float] = []
    let excerpt = Excerpt.range(start: 1, seconds: 5)
    let info = try AudioDecoder.forEachBlock(ofFile: path, excerpt: excerpt, sampleRate: 22_050) { block in
      samples += block
      return true
    }
    let audio = try AudioDecoder.decode(file: path, excerpt: excerpt, sampleRate: 22_050)
    #expect(samples == audio.samples)
    #expect(info == audio.info)
    var count = 0
    try AudioDecoder.forEachBlock(ofFile: path) { _ in
      count += 1
      return count < 3
    }
    #expect(count == 3)
    struct Stop: Error {}
    #expect(throws: Stop.self) { try AudioDecoder.forEachBlock(ofFile: path) { _ in throw Stop() } }
  }

  @Test("Many threads at once")
  func threads() async throws {
    let folder = try TemporaryFolder()
    let path = try write(.mp3, in: folder)
    let expected = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 3), sampleRate: 22_050).samples
    try await withThrowingTaskGroup(of: [Float].self) { group in
      for _ in 0..<16 {
        group.addTask {
          try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 3), sampleRate: 22_050).samples
        }
      }
      for try await samples in group { #expect(samples == expected) }
    }
  }
}
