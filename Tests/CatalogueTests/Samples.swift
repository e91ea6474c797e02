import Catalogue
import Foundation

/// A model of the test's own making.
func sampleModel(_ identifier: String = "mfcc", dimension: Int = 3) -> Catalogue.Model {
  Catalogue.Model(
    identifier: identifier, name: "Model \(identifier)", kind: "test", dimension: dimension,
    created: Date(timeIntervalSince1970: 1_700_000_000))
}

/// A track whose tags and vector follow from its number.
func sampleTrack(_ number: Int, path: String? = nil, embeddings: [String: [Float]]? = nil) -> IndexedTrack {
  IndexedTrack(
    path: path ?? "/music/\(number).flac", fileSize: Int64(1000 + number),
    modificationTime: Int64(number) * 1_000_000_007,
    tags: AudioTags(title: "Title \(number)", artists: ["Artist \(number % 10)"]),
    embeddings: embeddings ?? ["mfcc": [Float(number), 0.1, -Float(number)]])
}

extension Catalogue {
  /// The number of tracks.
  func trackCount() throws -> Int { try fileStates(under: "/", model: nil).count }
}
