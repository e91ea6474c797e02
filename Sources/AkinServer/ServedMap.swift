import Catalogue
import Foundation
import Hummingbird
import MusicLibrary
import NearestNeighbors

/// The songs on a plane.
struct ServedMap: Sendable {
  let library: ServedLibrary
  private let map = MadeInTurn()

  init(_ library: ServedLibrary) { self.library = library }

  func add(to api: RouterGroup<ServerContext>) {
    api.get("map") { request, _ in
      _ = try RequestParameters(request, known: [])
      return try await library.run(answer)
    }
  }

  private func answer(_ snapshot: ServedLibrary.Snapshot) throws -> JSONAnswer {
    let catalogue = library.catalogue
    let model = try snapshot.asked(in: catalogue).model
    return try map.answer(version: snapshot.version) { progress in
      let map = try MusicMap(
        keptFor: catalogue, model: model, threads: max(1, ProcessInfo.processInfo.activeProcessorCount - 1),
        progress: {
          if case .iteration(let done, let limit) = $0 { progress(Double(done) / Double(max(1, limit))) }
          return true
        })
      return JSONAnswer(try MapJSON(map, catalogue, version: snapshot.version))
    }
  }

  /// Columns of all songs, in one order. Coordinates lie in 0...1.
  struct MapJSON: Encodable, Sendable {
    let version: Int
    let ids: [Int64]
    let x, y: [Float]
    let titles: [String]
    /// The names of artists and genres, and for each song which one is its; -1 for none.
    let artists, genres: [String]
    let artist, genre: [Int]
    let year: [Int?]
    let tempo: [Double?]

    init(_ map: MusicMap, _ catalogue: Catalogue, version: Int) throws {
      self.version = version
      ids = map.tracks.map(\.id.rawValue)
      let (low, high) = Self.bounds(map.coordinates)
      let scale = max(high.x - low.x, high.y - low.y, .leastNormalMagnitude)
      x = map.coordinates.map { (($0.x - low.x) / scale * 1e4).rounded() / 1e4 }
      y = map.coordinates.map { (($0.y - low.y) / scale * 1e4).rounded() / 1e4 }
      titles = map.tracks.map(\.displayName)
      (artists, artist) = Self.column(map.tracks.map { $0.tags.artists.first ?? $0.tags.albumArtists.first })
      (genres, genre) = Self.column(map.tracks.map(\.tags.genres.first))
      year = map.tracks.map { $0.tags.earliestYear }
      let measures = try catalogue.measures(of: map.tracks.map(\.id))
      tempo = map.tracks.map { measures[$0.id]?.tempo }
    }

    private static func bounds(_ points: [SIMD2<Float>]) -> (SIMD2<Float>, SIMD2<Float>) {
      points.reduce((points[0], points[0])) { (pointwiseMin($0.0, $1), pointwiseMax($0.1, $1)) }
    }

    /// Names, each once, and the place of each song's.
    private static func column(_ values: [String?]) -> ([String], [Int]) {
      var (names, places): ([String], [String: Int]) = ([], [:])
      let column = values.map { value -> Int in
        guard let value, !value.isEmpty else { return -1 }
        let key = NameKey.key(of: value)
        if let place = places[key] { return place }
        places[key] = names.count
        names.append(value)
        return names.count - 1
      }
      return (names, column)
    }
  }
}
