import Catalogue
import Foundation
import MusicLibrary
import Reproducibility
import SongModels
import TestSupport

/// A library of songs that nobody has heard, whose tags can teach something: twenty artists with six songs each, in two
/// genres. Songs of one genre have a little in common that the model does not favour, and songs of an artist vary most
/// along directions that say nothing.
struct TaughtLibrary {
  let folder: TemporaryFolder
  let catalogue: Catalogue
  let model: EmbeddingModel
  private var generator = SeededGenerator(seed: 11)

  static let artists = 20
  static let songsEach = 6

  /// - Parameter tags: The tags of a song, by the number of its artist and its own.
  init(
    model: EmbeddingModel = .mfcc, artists: Int = TaughtLibrary.artists, songs: Int = TaughtLibrary.songsEach,
    tags: (_ artist: Int, _ song: Int) -> AudioTags = TaughtLibrary.tags
  ) throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
    self.model = model
    try catalogue.store(
      model: Catalogue.Model(
        identifier: model.identifier, name: model.name, kind: "mfcc", dimension: model.dimension))
    for artist in 0..<artists {
      let place = (0..<30).map { _ in Float(generator.normal()) }
      for song in 0..<songs { try add(artist: artist, song, place, tags: tags(artist, song)) }
    }
  }

  /// The artist's name, two albums, and one of two genres.
  static func tags(_ artist: Int, _ song: Int) -> AudioTags {
    AudioTags(
      title: "Song \(song)", artists: ["Artist \(artist)"], album: "Album \(song / 3) of \(artist)",
      genres: [genre(artist)])
  }

  static func genre(_ artist: Int) -> String { artist.isMultiple(of: 2) ? "Rock" : "Jazz" }

  /// Adds songs of an artist that was not there.
  mutating func addArtist(_ artist: Int, songs: Int, tags: (Int, Int) -> AudioTags) throws {
    let place = (0..<30).map { _ in Float(generator.normal()) }
    for song in 0..<songs { try add(artist: artist, song, place, tags: tags(artist, song)) }
  }

  static func path(_ artist: Int, _ song: Int) -> String { "/music/\(artist)/\(song).flac" }

  private mutating func add(artist: Int, _ song: Int, _ place: [Float], tags: AudioTags) throws {
    var vector = [Float](repeating: 0, count: model.dimension)
    for index in 0..<30 { vector[index] = place[index] * 0.5 + Float(generator.normal()) * 0.15 }
    for index in 30..<35 { vector[index] = Float(generator.normal()) * 1.2 }
    vector[40] = (artist.isMultiple(of: 2) ? 0.6 : -0.6) + Float(generator.normal()) * 0.1
    try catalogue.store([
      IndexedTrack(
        path: Self.path(artist, song), fileSize: 1, modificationTime: 1, tags: tags, duration: 60,
        embeddings: [model.identifier: vector])
    ])
  }

  var learning: TagLearning { TagLearning(catalogue: catalogue, model: model) }

  /// The paths of the songs nearest to one.
  func nearest(to path: String, count: Int = 10) throws -> [String] {
    let recommender = try Recommender(catalogue: catalogue, model: model)
    return try recommender.similar(to: recommender.query(named: path), count: count).map(\.track.path)
  }
}
