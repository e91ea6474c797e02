import Catalogue
import NearestNeighbors
import SearchSpaces
import SongModels

/// The songs of a catalogue on a plane, those near each other that sound alike: by t-SNE of the vectors that a search
/// compares.
public struct MusicMap: Sendable {
  /// The songs, in the order of indexing.
  public let tracks: [Track]
  /// Where each of them lies.
  public let coordinates: [SIMD2<Float>]
  /// The name of the model that heard them.
  public let modelName: String

  /// What the library had learned of how songs are compared; nil if nothing.
  let space: String?

  init(tracks: [Track], coordinates: [SIMD2<Float>], modelName: String, space: String?) {
    (self.tracks, self.coordinates, self.modelName, self.space) = (tracks, coordinates, modelName, space)
  }

  /// Maps all songs that `model` has heard.
  ///
  /// - Parameters:
  ///   - progress: As `TSNE.map` calls it.
  ///   - note: As `Recommender` calls it.
  /// - Throws: `CatalogueError`, `LibraryError.nothingIndexed` if the model has heard no song, `MapError`.
  public init(
    catalogue: Catalogue, model: EmbeddingModel, perplexity: Double = 30, randomSeed: UInt64 = 0, threads: Int,
    progress: ((TSNEProgress) -> Bool)? = nil, note: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    guard let index = try LibraryIndex(catalogue: catalogue, model: model, note: note) else {
      throw LibraryError.nothingHeard(by: model, in: catalogue.path)
    }
    let (ids, vectors, changes) = try index.answer { songs in
      (songs.index.ids, try songs.searchVectors(), songs.space.changes)
    }
    guard ids.count > 1 else { throw MapError.oneSong(library: catalogue.path) }
    var tsne = TSNE()
    tsne.perplexity = perplexity
    tsne.randomSeed = randomSeed
    let layout = try Self.layout(of: vectors, count: ids.count, by: tsne, threads: threads, progress: progress)
    let known = try index.tracks(ids: ids)
    // Another process may have forgotten a song since.
    let placed = zip(ids, layout.coordinates).compactMap { id, coordinates in
      known[id].map { ($0, coordinates) }
    }
    tracks = placed.map(\.0)
    coordinates = placed.map(\.1)
    modelName = model.name
    space = changes.identifier
  }

  private static func layout(
    of vectors: [Float], count: Int, by tsne: TSNE, threads: Int, progress: ((TSNEProgress) -> Bool)?
  ) throws -> TSNEMap {
    do {
      return try tsne.map(
        vectors, count: count, dimension: vectors.count / count, threads: threads, progress: progress)
    } catch TSNEError.interrupted {
      throw MapError.interrupted
    }
  }
}
