import AudioDecoding
import AudioFeatures

/// A song as the descriptor has it: all of the excerpt, and its halves.
struct DescribedSong {
  let song: Manifest.Song
  let whole: [Float]
  let halves: [[Float]]

  /// The samples of a file that are described.
  static func samples(ofFile path: String) throws(DecodingError) -> [Float] {
    try AudioDecoder.decode(
      file: path, excerpt: .middle(seconds: SongEmbedder.baselineSeconds),
      sampleRate: SongDescriptorExtractor.sampleRate
    ).samples
  }

  /// The descriptors of the two halves.
  static func halves(of samples: [Float], _ extractor: SongDescriptorExtractor) -> [[Float]] {
    let middle = samples.count / 2
    return [samples[..<middle], samples[middle...]].map { extractor.descriptor(of: Array($0)).values }
  }
}
