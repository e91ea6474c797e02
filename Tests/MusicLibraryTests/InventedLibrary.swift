import Catalogue
import Foundation
import MusicLibrary
import SongModels
import TestSupport

/// A library of songs that nobody has heard: their vectors are directions in a plane, in degrees, so that what is
/// near what is known.
struct InventedLibrary {
  let folder: TemporaryFolder
  let catalogue: Catalogue
  let ids: [TrackID]
  let paths: [String]

  struct Song {
    var degrees: Double
    var artist = "Somebody"
    var title: String?
    var album: String?
    var genre: String?
    var date: String?
    var duration = 60.0
    var path: String?
  }

  init(_ songs: [Song]) throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
    let dimension = EmbeddingModel.mfcc.dimension
    try catalogue.store(
      model: Catalogue.Model(
        identifier: EmbeddingModel.mfcc.identifier, name: "mfcc", kind: "mfcc", dimension: dimension))
    let paths = songs.enumerated().map { $1.path ?? "/music/\($1.artist)/\($0).flac" }
    self.paths = paths
    ids = try catalogue.store(
      songs.enumerated().map { number, song in
        var vector = [Float](repeating: 0, count: dimension)
        vector[0] = Float(cos(song.degrees * .pi / 180))
        vector[1] = Float(sin(song.degrees * .pi / 180))
        var tags = AudioTags(title: song.title ?? "Song \(number)", artists: [song.artist])
        tags.album = song.album
        tags.genres = song.genre.map { [$0] } ?? []
        tags.date = song.date
        return IndexedTrack(
          path: paths[number], fileSize: 1, modificationTime: Int64(number),
          tags: tags, duration: song.duration, embeddings: [EmbeddingModel.mfcc.identifier: vector])
      })
  }

  var recommender: Recommender {
    get throws { try Recommender(catalogue: catalogue, model: .mfcc) }
  }

  /// The numbers of the songs of an answer.
  func numbers(_ answer: PlaylistAnswer) -> [Int] { answer.songs.compactMap { ids.firstIndex(of: $0.track.id) } }
  func numbers(_ songs: [Recommendation]) -> [Int] { songs.compactMap { ids.firstIndex(of: $0.track.id) } }
}
