import Catalogue
import Figures
import NearestNeighbors
import SearchSpaces
import SongModels

/// The songs of a catalogue on a plane, those near each other that sound alike: by t-SNE of their vectors as a search
/// compares them.
public struct MusicMap: Sendable {
  /// What songs are coloured by.
  public enum Colouring: String, Sendable, Hashable, CaseIterable {
    /// The artist.
    case artist
    /// The genre.
    case genre
    /// The album, with its album artist where there is one: titles such as “Greatest Hits” are many artists'.
    case album
  }

  /// The songs, in the order of indexing.
  public let tracks: [Track]
  /// Where each of them lies.
  public let places: [SIMD2<Float>]
  /// The Kullback–Leibler divergence that was reached, in nats.
  public let divergence: Double
  /// The name of the model that heard them.
  public let modelName: String

  /// Places all songs that `model` has heard.
  ///
  /// - Parameter progress: As `TSNE.map` calls it.
  /// - Throws: `CatalogueError`, `LibraryError.nothingIndexed` where the model has heard no song, `MapError`.
  public init(
    catalogue: Catalogue, model: EmbeddingModel, perplexity: Double = 30, randomSeed: UInt64 = 0, threads: Int,
    progress: ((TSNEProgress) -> Bool)? = nil
  ) throws {
    guard try catalogue.model(identifier: model.identifier) != nil else {
      throw LibraryError.nothingIndexed(model: model.name, library: catalogue.path)
    }
    let embeddings = try catalogue.embeddings(model: model.identifier)
    switch embeddings.ids.count {
    case 0: throw LibraryError.nothingIndexed(model: model.name, library: catalogue.path)
    case 1: throw MapError.oneSong(library: catalogue.path)
    default: break
    }
    let space = try VectorSpace(model: model, fitting: embeddings.values, count: embeddings.ids.count)
    var tsne = TSNE()
    tsne.perplexity = perplexity
    tsne.randomSeed = randomSeed
    let layout = try Self.layout(tsne, space.applied(to: embeddings.values), embeddings, threads, progress)
    let known = try catalogue.tracks(ids: embeddings.ids)
    // Another process may have forgotten a song since.
    let placed = zip(embeddings.ids, layout.coordinates).compactMap { id, place in known[id].map { ($0, place) } }
    tracks = placed.map(\.0)
    places = placed.map(\.1)
    divergence = layout.divergence
    modelName = model.name
  }

  private static func layout(
    _ tsne: TSNE, _ vectors: [Float], _ embeddings: Embeddings, _ threads: Int, _ progress: ((TSNEProgress) -> Bool)?
  ) throws -> TSNEMap {
    let count = embeddings.ids.count
    do {
      return try tsne.map(
        vectors, count: count, dimension: vectors.count / count, threads: threads, progress: progress)
    } catch TSNEError.interrupted {
      throw MapError.interrupted
    }
  }

  /// The songs as points, coloured by what a tag says.
  public func plot(colouredBy colouring: Colouring) -> ScatterPlot {
    let points = zip(tracks, places).map { track, place in
      ScatterPlot.Point(
        x: Double(place.x), y: Double(place.y), className: track.className(colouring), label: track.displayName)
    }
    let songs = "\(tracks.count) songs as \(modelName) hears them"
    return ScatterPlot(title: songs, classKind: colouring.rawValue, points: points)
  }
}

extension Track {
  fileprivate func className(_ colouring: MusicMap.Colouring) -> String? {
    let name =
      switch colouring {
      case .artist: artist ?? albumArtist
      case .genre: genre
      case .album: album.map { album in albumArtist.map { "\(album) – \($0)" } ?? album }
      }
    return name.flatMap { $0.isEmpty ? nil : $0 }
  }
}
