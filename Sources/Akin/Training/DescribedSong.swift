import AudioDecoding
import AudioFeatures

/// A song as the descriptor has it: all of the excerpt, and its halves.
struct DescribedSong {
  let song: Manifest.Song
  let whole: [Float]
  let halves: [[Float]]

  /// What is measured of a file.
  static func descriptors(
    ofFile path: String, _ extractor: SongDescriptorExtractor
  ) throws(DecodingError) -> (whole: [Float], halves: [[Float]]) {
    let samples = try AudioDecoder.decode(
      file: path, excerpt: .middle(seconds: SongEmbedder.baselineSeconds),
      sampleRate: SongDescriptorExtractor.sampleRate
    ).samples
    let middle = samples.count / 2
    return (
      extractor.descriptor(of: samples).values,
      [samples[..<middle], samples[middle...]].map { extractor.descriptor(of: Array($0)).values }
    )
  }
}
