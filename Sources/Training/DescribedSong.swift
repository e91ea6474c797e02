import AudioDecoding
import AudioFeatures
import Datasets
import SongModels

/// A song's descriptors: that of the excerpts that are heard, and those of their first and of their second halves.
package struct DescribedSong {
  package let song: Manifest.Song
  package let whole: [Float]
  package let halves: [[Float]]

  package init(song: Manifest.Song, whole: [Float], halves: [[Float]]) {
    self.song = song
    self.whole = whole
    self.halves = halves
  }

  /// The part of a file that is described, unless there are several.
  package static let part = parts(.middle)[0]

  /// The parts of a file that are described; a short song lacks some of them, which have no samples.
  package static func parts(_ excerpts: Excerpts) -> [AudioPart] {
    excerpts.parts(seconds: SongEmbedder.baselineSeconds, sampleRate: SongDescriptorExtractor.sampleRate)
  }

  /// The descriptors of the two halves of the samples, or of those of several excerpts.
  package static func halves(of excerpts: [[Float]], _ extractor: SongDescriptorExtractor) -> [[Float]] {
    let first = excerpts.map { Array($0[..<($0.count / 2)]) }
    let second = excerpts.map { Array($0[($0.count / 2)...]) }
    return [first, second].map { extractor.descriptor(ofExcerpts: $0).values }
  }
}
