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

  /// Maps all songs that `model` has heard.
  ///
  /// - Parameter progress: As `TSNE.map` calls it.
  /// - Throws: `CatalogueError`, `LibraryError.nothingIndexed` if the model has heard no song, `MapError`.
  public init(
    catalogue: Catalogue, model: EmbeddingModel, perplexity: Double = 30, randomSeed: UInt64 = 0, threads: Int,
    progress: ((TSNEProgress) -> Bool)? = nil
  ) throws {
    guard let songs = try LibraryIndex.open(catalogue: catalogue, model: model)?.songs else {
      throw LibraryError.nothingIndexed(model: model.name, library: catalogue.path)
    }
    guard songs.index.count > 1 else { throw MapError.oneSong(library: catalogue.path) }
    var tsne = TSNE()
    tsne.perplexity = perplexity
    tsne.randomSeed = randomSeed
    let layout = try Self.layout(of: songs, by: tsne, threads: threads, progress: progress)
    let known = try catalogue.tracks(ids: songs.index.ids)
    // Another process may have forgotten a song since.
    let placed = zip(songs.index.ids, layout.coordinates).compactMap { id, coordinates in
      known[id].map { ($0, coordinates) }
    }
    tracks = placed.map(\.0)
    coordinates = placed.map(\.1)
    modelName = model.name
  }

  private static func layout(
    of songs: SongIndex<TrackID>, by tsne: TSNE, threads: Int, progress: ((TSNEProgress) -> Bool)?
  ) throws -> TSNEMap {
    do {
      return try tsne.map(
        songs.searchVectors, count: songs.index.count, dimension: songs.index.dimension, threads: threads,
        progress: progress)
    } catch TSNEError.interrupted {
      throw MapError.interrupted
    }
  }
}
