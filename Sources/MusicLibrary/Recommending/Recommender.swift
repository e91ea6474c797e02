import Catalogue
import NearestNeighbors
import SearchSpaces
import SongModels

/// Recommends songs of a catalogue by their sound.
public struct Recommender: Sendable {
  /// What is compared.
  public let model: EmbeddingModel
  let catalogue: Catalogue
  let songs: SongIndex<TrackID>

  /// The number of songs that can be recommended.
  public var count: Int { songs.index.count }

  /// Makes the vectors that `model` has in the catalogue ready to be searched: from the packed file beside it if that
  /// is up to date.
  ///
  /// - Throws: `CatalogueError`, and `LibraryError.nothingIndexed` if the model has none.
  public init(catalogue: Catalogue, model: EmbeddingModel) throws {
    self.catalogue = catalogue
    self.model = model
    guard let index = try LibraryIndex.open(catalogue: catalogue, model: model) else {
      throw LibraryError.nothingIndexed(model: model.name, library: catalogue.path)
    }
    songs = index.songs
  }

  /// The `count` songs that sound most like a song, the most similar first, and not that song itself; equal
  /// similarities in the order of indexing.
  public func similar(to query: Query, count: Int) throws -> [Recommendation] {
    let neighbors = try songs.nearest(to: query.song, count: count)
    let tracks = try catalogue.tracks(ids: neighbors.map(\.id))
    return neighbors.compactMap { neighbor in
      tracks[neighbor.id].map { Recommendation(track: $0, similarity: neighbor.similarity) }
    }
  }

  /// Up to `count` songs that can be recommended, spread evenly over the order of indexing: examples to ask about.
  public func examples(_ count: Int) throws(CatalogueError) -> [Track] {
    let (known, asked) = (songs.index.ids, min(count, self.count))
    let ids = (0..<asked).map { known[$0 * known.count / asked] }
    let tracks = try catalogue.tracks(ids: ids)
    return ids.compactMap { tracks[$0] }
  }
}
