import Catalogue
import NearestNeighbors

/// Recommends songs of a catalogue by their sound.
public struct Recommender: Sendable {
  /// What is compared.
  public let model: EmbeddingModel
  private let catalogue: Catalogue
  private let space: VectorSpace
  private let index: CosineIndex<TrackID>

  /// The number of songs that can be recommended.
  public var count: Int { index.count }

  /// Loads the vectors that `model` has in the catalogue.
  ///
  /// - Throws: `CatalogueError`, and `LibraryError.nothingIndexed` where the model has none.
  public init(catalogue: Catalogue, model: EmbeddingModel) throws {
    self.catalogue = catalogue
    self.model = model
    guard try catalogue.model(identifier: model.identifier) != nil else {
      throw LibraryError.nothingIndexed(model: model.name, library: catalogue.path)
    }
    let embeddings = try catalogue.embeddings(model: model.identifier)
    guard !embeddings.ids.isEmpty else {
      throw LibraryError.nothingIndexed(model: model.name, library: catalogue.path)
    }
    space = try VectorSpace(model: model, fitting: embeddings.values, count: embeddings.ids.count)
    index = try CosineIndex(
      ids: embeddings.ids, dimension: embeddings.dimension, vectors: space.applied(to: embeddings.values))
  }

  /// The `count` songs that sound most like a vector of the model; equal similarities in the order of indexing.
  ///
  /// - Parameter excluded: a song that is not to be named, such as the one asked about.
  public func similar(to embedding: [Float], count: Int, excluding excluded: TrackID? = nil) throws -> [Recommendation]
  {
    let neighbors = try index.nearest(to: space.applied(to: embedding), count: count) { index.ids[$0] != excluded }
    let tracks = try catalogue.tracks(ids: neighbors.map(\.id))
    return neighbors.compactMap { neighbor in
      tracks[neighbor.id].map { Recommendation($0, similarity: neighbor.similarity) }
    }
  }

  /// The vector of a song that a user names: a file, indexed or not, or words that title and artist of one indexed
  /// song contain.
  public func song(named name: String) throws -> (embedding: [Float], id: TrackID?) {
    let path = AudioFileWalk.absolutePath(name)
    if let stamp = try? FileStamp(path: path) {
      if let track = try catalogue.track(path: path), track.fileSize == stamp.size,
        track.modificationTime == stamp.modificationTime,
        let embedding = try catalogue.embedding(of: track.id, model: model.identifier)
      {
        return (embedding, track.id)
      }
      let song = try SongEmbedder(model).embed(file: path)
      return (song.embedding, try catalogue.track(path: path)?.id)
    }
    if let track = try catalogue.track(path: path) ?? found(name),
      let embedding = try catalogue.embedding(of: track.id, model: model.identifier)
    {
      return (embedding, track.id)
    }
    throw LibraryError.unknownSong(name)
  }

  private func found(_ words: String) throws -> Track? {
    let tracks = try catalogue.search(words, limit: 10)
    guard tracks.count < 2 else { throw LibraryError.ambiguousSong(words, tracks.map(\.displayName)) }
    return tracks.first
  }
}

extension Track {
  /// "Artist – Title", or the file's name.
  var displayName: String {
    guard let title else { return path.split(separator: "/").last.map(String.init) ?? path }
    return artist.map { "\($0) – \(title)" } ?? title
  }
}
