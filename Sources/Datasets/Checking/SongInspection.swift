import AudioDecoding
import AudioFeatures
import Files
import Foundation

/// What a file holds, as far as a dataset needs to know.
struct SongInspection: Sendable {
  /// A digest of the file's bytes.
  var content: String
  /// A digest of the samples, which are the same for other tags or another lossless format.
  var sound: SoundDigest
  /// The length in seconds.
  var seconds: Double
  /// The highest absolute sample.
  var peak: Float
  /// The highest absolute sample of the middle, which is what a network hears.
  var middlePeak: Float
  /// What the decoder has to say of the file, such as that it is broken off.
  var notes: [AudioFileNote]
  /// The sound's fingerprint; empty if the sound is too short.
  var fingerprint: SoundFingerprint

  /// Reads a whole file.
  ///
  /// - Parameter excerpt: the length in seconds of the excerpt that a network hears.
  /// - Throws: `AudioDecodingError`.
  init(file path: String, excerpt: Double, extractor: LogMelExtractor) throws {
    let rate = SoundFingerprint.sampleRate
    var samples: [Float] = []
    let wanted = Int(SoundFingerprint.longest) * rate
    var (digest, levels) = (SoundDigest(), LevelMeter(blockLength: rate / 10))
    notes = try AudioDecoder.forEachBlock(ofFile: path, sampleRate: rate) { block in
      digest.add(block)
      levels.add(block)
      samples.append(contentsOf: block.prefix(wanted - samples.count))
      return true
    }.notes
    // After decoding, since the decoder's errors say best what is wrong with the file.
    content = ContentDigest.hexadecimal(of: try Self.bytes(of: path))
    sound = digest
    seconds = Double(levels.sampleCount) / Double(rate)
    peak = levels.peak(of: 0..<levels.blocks.count)
    let (middle, half) = (levels.blocks.count / 2, Int((excerpt * 5).rounded(.up)))
    middlePeak = levels.peak(of: (middle - half..<middle + half + 1).clamped(to: 0..<levels.blocks.count))
    fingerprint = SoundFingerprint(samples: samples, extractor: extractor)
  }

  private static func bytes(of path: String) throws(AudioDecodingError) -> Data {
    do {
      return try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    } catch {
      throw AudioDecodingError(path: path, kind: .unreadable, reason: error.systemReason)
    }
  }
}

/// The number of samples and a hash of them. Recognises accidents, not attacks.
struct SoundDigest: Sendable, Hashable {
  private(set) var count = 0
  private var hash: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func add(_ block: UnsafeBufferPointer<Float>) {
    for sample in block {
      hash = (hash ^ UInt64(sample.bitPattern)) &* 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 32
    }
    count += block.count
  }
}

/// The highest absolute sample of each block.
private struct LevelMeter {
  let blockLength: Int
  private(set) var blocks: [Float] = []
  private(set) var sampleCount = 0

  init(blockLength: Int) { self.blockLength = blockLength }

  mutating func add(_ samples: UnsafeBufferPointer<Float>) {
    var rest = samples[...]
    while !rest.isEmpty {
      let room = blockLength - sampleCount % blockLength
      if room == blockLength { blocks.append(0) }
      let part = rest.prefix(room)
      blocks[blocks.count - 1] = part.reduce(blocks[blocks.count - 1]) { max($0, abs($1)) }
      sampleCount += part.count
      rest = rest.dropFirst(room)
    }
  }

  func peak(of range: Range<Int>) -> Float { blocks[range].max() ?? 0 }
}
