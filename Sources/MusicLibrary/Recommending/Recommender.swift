import AudioDecoding
import AudioFiles
import Catalogue
import Foundation
import NearestNeighbors
import SearchSpaces
import SongModels

/// Recommends songs of a catalogue by their sound.
public struct Recommender: Sendable {
  /// What is compared.
  public let model: EmbeddingModel
  private let catalogue: Catalogue
  private let songs: SongIndex<TrackID>

  /// The number of songs that can be recommended.
  public var count: Int { songs.index.count }

  /// Makes the vectors that `model` has in the catalogue ready to be searched: from the packed file beside it where that
  /// is up to date.
  ///
  /// - Throws: `CatalogueError`, and `LibraryError.nothingIndexed` where the model has none.
  public init(catalogue: Catalogue, model: EmbeddingModel) throws {
    self.catalogue = catalogue
    self.model = model
    guard let found = try LibraryIndex(catalogue: catalogue, model: model) else {
      throw LibraryError.nothingIndexed(model: model.name, library: catalogue.path)
    }
    songs = found.songs
  }

  /// The `count` songs that sound most like a vector of the model; equal similarities in the order of indexing.
  ///
  /// - Parameter excluded: a song that is not to be named, such as the one asked about.
  public func similar(to embedding: [Float], count: Int, excluding excluded: TrackID? = nil) throws -> [Recommendation]
  {
    let neighbors = try songs.nearest(to: query(embedding, of: excluded), count: count)
    let tracks = try catalogue.tracks(ids: neighbors.map(\.id))
    return neighbors.compactMap { neighbor in
      tracks[neighbor.id].map { Recommendation($0, similarity: min(1, neighbor.similarity)) }
    }
  }

  /// A song of the catalogue whose file sounds as when it was indexed is the row that it has; one that changed is like any other file.
  private func query(_ embedding: [Float], of id: TrackID?) throws(CatalogueError) -> SongQuery {
    guard let id, let row = songs.index.ids.firstIndex(of: id) else { return .embedding(embedding) }
    let isStored = try catalogue.embedding(of: id, model: model.identifier) == embedding
    return isStored ? .row(row) : .embedding(embedding, excluding: row)
  }

  /// The vector of a song that a user names: a file, indexed or not, or words that title and artist of one indexed
  /// song contain.
  ///
  /// - Throws: `AudioDecodingError` where the file cannot be read, and `LibraryError` where no song, or more than one, has
  ///   that name.
  public func song(named name: String) throws -> (embedding: [Float], id: TrackID?) {
    let path = AudioFileWalk.absolutePath(name)
    let track = try catalogue.track(path: AudioFileWalk.lexicalPath(name)) ?? catalogue.track(path: path)
    if let stamp = try Self.stamp(path) {
      if let track, track.fileSize == stamp.size, track.modificationTime == stamp.modificationTime,
        let embedding = try catalogue.embedding(of: track.id, model: model.identifier)
      {
        return (embedding, track.id)
      }
      return (try SongEmbedder(model).embed(file: path).embedding, track?.id)
    }
    guard let track = try track ?? found(name) else { throw LibraryError.unknownSong(name) }
    guard let embedding = try catalogue.embedding(of: track.id, model: model.identifier) else {
      throw LibraryError.unheardSong(track.displayName, model: model.name)
    }
    return (embedding, track.id)
  }

  /// Up to `count` songs that can be recommended, spread evenly over the order of indexing: examples to ask about.
  public func examples(_ count: Int) throws(CatalogueError) -> [Track] {
    let (known, asked) = (songs.index.ids, min(count, self.count))
    let ids = (0..<asked).map { known[$0 * known.count / asked] }
    let tracks = try catalogue.tracks(ids: ids)
    return ids.compactMap { tracks[$0] }
  }

  /// Nil where there is no such file.
  private static func stamp(_ path: String) throws(AudioDecodingError) -> FileStamp? {
    do { return try FileStamp(path: path) } catch {
      if error.kind == .missing { return nil }
      throw error
    }
  }

  /// The one song that the words mean: the only one that has them, or whose title or full name they are.
  private func found(_ words: String) throws -> Track? {
    let limit = 10
    // Names are shown as "Artist – Title", and copied.
    let tracks = try catalogue.search(words.replacing(" – ", with: " "), limit: limit + 1)
    guard tracks.count > 1 else { return tracks.first }
    for name in [\Track.displayName, \Track.searchedTitle] {
      let exact = tracks.filter { $0[keyPath: name].lowercased() == words.lowercased() }
      if exact.count == 1 { return exact[0] }
    }
    let names = tracks.prefix(limit).map { "\($0.displayName)  (\($0.path))" }
    throw LibraryError.ambiguousSong(words, names + (tracks.count > limit ? ["…"] : []))
  }
}

extension Track {
  /// "Artist – Title", or the file's name.
  public var displayName: String {
    guard let title else { return (path as NSString).lastPathComponent }
    return artist.map { "\($0) – \(title)" } ?? title
  }

  /// The title, or the name of a file without one.
  var searchedTitle: String { title ?? ((path as NSString).lastPathComponent as NSString).deletingPathExtension }
}
