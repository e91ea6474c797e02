import AudioDecoding
import Foundation
import Testing

/// Memory does not grow with the length of a file.
@Suite struct MemoryTests {
  /// The peak memory of this process, in bytes.
  private static func peak() -> Int {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
      return Int(usage.ru_maxrss)
    #else
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return Int(usage.ru_maxrss) * 1024
    #endif
  }

  /// Only a separate process could show the memory of one test alone. So the limit is not close to zero, but much less
  /// than the 691 MB that the samples of this file take as floats.
  @Test("An hour at 48 kHz")
  func long() throws {
    let folder = try TemporaryFolder()
    let seconds = 3600
    var wav = WAVBytes.integers([], sampleRate: 48_000)
    wav.statedSize = UInt32(seconds * 96_000)
    let path = try folder.file("long.wav", wav.file)
    // A sparse file: an hour of silence that takes no space.
    #expect(truncate(path, off_t(44 + seconds * 96_000)) == 0)
    let before = Self.peak()
    var count = 0
    try AudioDecoder.forEachBlock(ofFile: path, sampleRate: 8_000) { block in
      count += block.count
      return true
    }
    #expect(count == seconds * 8_000)
    let middle = try AudioDecoder.decode(file: path, excerpt: .middle(seconds: 10))
    #expect(middle.samples.count == 480_000)
    #expect(middle.startTime == 1795)
    #expect(Self.peak() - before < 300_000_000)
  }
}
