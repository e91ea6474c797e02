import Foundation
import Catalogue
import NearestNeighbors
import Hummingbird
import MusicLibrary
import Synchronization

/// The songs on a plane, arranged once for each state of the library, beside all else.
final class ServedMap: Sendable {
  private enum State {
    case none
    /// How far it is, in 0...1.
    case making(version: Int, share: Double)
    case made(version: Int, MapJSON)
    case failed(version: Int, reason: String)
  }

  private let library: ServedLibrary
  private let state = Mutex<State>(.none)

  init(_ library: ServedLibrary) { self.library = library }

  func add(to api: RouterGroup<ServerContext>) {
    api.get("map") { request, _ in
      _ = try RequestParameters(request, known: [])
      return try await self.library.run { try self.answer($0) }
    }
  }

  /// The map, or how far it is: with the status 202, to be asked again.
  private func answer(_ snapshot: ServedLibrary.Snapshot) throws -> JSONAnswer {
    let state = self.state.withLock { $0 }
    switch state {
    case .made(let version, let map) where version == snapshot.version: return JSONAnswer(map)
    case .failed(let version, let reason) where version == snapshot.version: throw Problem(.conflict, reason)
    case .making(_, let share): return JSONAnswer(Making(share: share), status: .accepted)
    case .none, .made, .failed:
      try start(snapshot)
      return JSONAnswer(Making(share: 0), status: .accepted)
    }
  }

  private struct Making: Encodable {
    let share: Double
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
      year = map.tracks.map { $0.tags.originalYear ?? $0.tags.year }
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

  private func start(_ snapshot: ServedLibrary.Snapshot) throws {
    let model = try snapshot.asked(in: library.catalogue).model
    let version = snapshot.version
    let isFirst = state.withLock { state in
      if case .making = state { return false }
      state = .making(version: version, share: 0)
      return true
    }
    guard isFirst else { return }
    // Not on the threads that answer: it takes seconds to minutes.
    Thread.detachNewThread { [self] in
      let made: State
      do {
        let map = try MusicMap(
          keptFor: library.catalogue, model: model, threads: max(1, ProcessInfo.processInfo.activeProcessorCount - 1),
          progress: { progress in
            if case .iteration(let done, let limit) = progress {
              let share = Double(done) / Double(max(1, limit))
              self.state.withLock { $0 = .making(version: version, share: share) }
            }
            return true
          })
        made = .made(version: version, try MapJSON(map, library.catalogue, version: version))
      } catch {
        made = .failed(version: version, reason: "\(error)")
      }
      state.withLock { $0 = made }
    }
  }
}
