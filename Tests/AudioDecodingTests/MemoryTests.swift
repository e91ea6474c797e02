import AudioDecoding
import Foundation
import Testing

/// Memory does not grow with the length of a file.
@Suite struct MemoryTests {
  /// The most memory that this process ever held, in bytes.
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

  /// A process of its own would be needed to see one test's memory alone, so this asks for much less than the samples
  /// of this file would take as floats, 691 MB, rather than for next to nothing.
  @Test("An hour at 48 kHz")
  func long() throws {
    let folder = try TemporaryFolder()
    let seconds = 3600
    var wav = WAVBytes.integers([], sampleRate: 48_000)
    wav.statedSize = UInt32(seconds * 96_000)
    let path = try folder.file("long.wav", wav.file)
    // A hole in the file: an hour of silence that takes no room.
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
