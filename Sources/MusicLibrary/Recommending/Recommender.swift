import Catalogue
import NearestNeighbors
import SearchSpaces
import SongModels

/// Recommends songs of a catalogue by their sound.
public struct Recommender: Sendable {
  /// What is compared.
  public let model: EmbeddingModel
  let catalogue: Catalogue
  let index: LibraryIndex
  /// Is told what is worth knowing of a question.
  let note: @Sendable (String) -> Void

  var names: NameSearch { NameSearch(catalogue: catalogue) }

  /// The number of songs that can be recommended.
  public var count: Int { index.songs.index.count }

  /// Makes the vectors that `model` has in the catalogue ready to be searched: from the packed file beside it if that
  /// is up to date.
  ///
  /// - Parameter note: is told, in a sentence, if that file is damaged: it is made anew from the catalogue, now or when a
  ///   question comes upon the damage; and if a song that is asked about cannot be read any more, so that what was heard
  ///   of it before answers. Called from any thread.
  /// - Throws: `CatalogueError`, and `LibraryError.nothingIndexed` if the model has none.
  public init(
    catalogue: Catalogue, model: EmbeddingModel, note: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    self.catalogue = catalogue
    self.model = model
    guard let index = try LibraryIndex(catalogue: catalogue, model: model, note: note) else {
      throw LibraryError.nothingHeard(by: model, in: catalogue.path)
    }
    self.index = index
    self.note = note
  }

  /// The `count` songs that sound most like a song, the most similar first, and not that song itself; equal
  /// similarities in the order of indexing.
  public func similar(to query: Query, count: Int) throws -> [Recommendation] {
    let neighbors = try index.answer { songs in try songs.nearest(to: query.question(of: songs), count: count) }
    let tracks = try index.tracks(ids: neighbors.map(\.id))
    return neighbors.compactMap { neighbor in
      tracks[neighbor.id].map { Recommendation(track: $0, similarity: neighbor.similarity) }
    }
  }

  /// Those of some songs that can be recommended, in the order of indexing.
  func heard(_ songs: Set<TrackID>) -> [TrackID] {
    let index = index.songs
    return songs.sorted { $0.rawValue < $1.rawValue }.filter { index.row(of: $0) != nil }
  }

  /// Up to `count` songs that can be recommended, spread evenly over the order of indexing: examples to ask about.
  public func examples(_ count: Int) throws(CatalogueError) -> [Track] {
    let known = index.songs.index.ids
    let asked = min(count, known.count)
    let ids = (0..<asked).map { known[$0 * known.count / asked] }
    let tracks = try catalogue.tracks(ids: ids)
    return ids.compactMap { tracks[$0] }
  }
}
