import AudioDecoding
import AudioFeatures
import Datasets
import SongModels

/// A song's descriptors: that of the whole excerpt, and those of its two halves.
package struct DescribedSong {
  package let song: Manifest.Song
  package let whole: [Float]
  package let halves: [[Float]]

  package init(song: Manifest.Song, whole: [Float], halves: [[Float]]) {
    self.song = song
    self.whole = whole
    self.halves = halves
  }

  /// The part of a file that is described.
  package static let part = AudioPart(
    .middle(seconds: SongEmbedder.baselineSeconds), sampleRate: SongDescriptorExtractor.sampleRate)

  /// The descriptors of the two halves of the samples.
  package static func halves(of samples: [Float], _ extractor: SongDescriptorExtractor) -> [[Float]] {
    let middle = samples.count / 2
    return [samples[..<middle], samples[middle...]].map { extractor.descriptor(of: Array($0)).values }
  }
}
