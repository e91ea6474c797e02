import Catalogue
import Foundation
import NearestNeighbors
import SearchSpaces
import SongModels

/// What is kept of a map beside its library, to be read in the place of arranging all songs again.
private struct MapFile: Codable {
  var version = 1
  /// What the library had learned of how songs are compared; nil if nothing.
  var space: String?
  /// How many songs t-SNE arranged; the others were placed beside them.
  var arranged: Int
  var ids: [Int64]
  var x, y: [Float]

  var isValid: Bool {
    version == 1 && arranged > 1 && ids.count == x.count && x.count == y.count && !ids.isEmpty
      && zip(x, y).allSatisfy { $0.isFinite && $1.isFinite }
  }

  /// Up to this share of songs is placed beside the others; with more, all are arranged anew.
  static let largestPlacedShare = 0.2

  static func path(_ catalogue: Catalogue, _ model: EmbeddingModel) -> String {
    "\(catalogue.path)-\(model.spaceIdentifier).map"
  }
}

extension MusicMap {
  /// Maps all songs that `model` has heard, from the file of an earlier map beside the library if there is one. Songs that
  /// came since lie among those that they sound most like; if they are many, all are arranged anew.
  ///
  /// - Parameter progress: As `init(catalogue:model:perplexity:randomSeed:threads:progress:note:)` has it; not called if
  ///   the file will do.
  /// - Throws: As that does.
  public init(
    keptFor catalogue: Catalogue, model: EmbeddingModel, threads: Int, progress: ((TSNEProgress) -> Bool)? = nil,
    note: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    let path = MapFile.path(catalogue, model)
    if let file = Self.file(path), let index = try LibraryIndex(catalogue: catalogue, model: model, note: note),
      let placed = try Self.placed(index, file)
    {
      let tracks = try index.tracks(ids: placed.ids)
      let known = zip(placed.ids, placed.coordinates).compactMap { id, point in tracks[id].map { ($0, point) } }
      self.init(tracks: known.map(\.0), coordinates: known.map(\.1), modelName: model.name, space: file.space)
      if Set(file.ids) != Set(placed.ids.map(\.rawValue)) { write(to: path, arranged: file.arranged) }
      return
    }
    try self.init(catalogue: catalogue, model: model, threads: threads, progress: progress, note: note)
    write(to: path, arranged: tracks.count)
  }

  private static func file(_ path: String) -> MapFile? {
    guard let data = try? Data(contentsOf: URL(filePath: path)),
      let file = try? JSONDecoder().decode(MapFile.self, from: data), file.isValid
    else { return nil }
    return file
  }

  /// Where all songs lie; nil if too many came or went since they were arranged, or if they are compared in another
  /// way.
  private static func placed(
    _ index: LibraryIndex, _ file: MapFile
  ) throws -> (ids: [TrackID], coordinates: [SIMD2<Float>])? {
    let known = Dictionary(
      zip(file.ids, zip(file.x, file.y)).map { (TrackID(rawValue: $0), SIMD2($1.0, $1.1)) }, uniquingKeysWith: { $1 })
    return try index.answer { songs in
      let ids = songs.index.ids
      let new = ids.indices.filter { known[ids[$0]] == nil }
      let allowed = MapFile.largestPlacedShare * Double(ids.count)
      guard ids.count > 1, songs.space.changes.identifier == file.space, Double(new.count) <= allowed,
        Double(ids.count - file.arranged) <= allowed,
        Double(file.arranged - ids.count) <= allowed
      else { return nil }
      var coordinates = ids.map { known[$0] ?? .zero }
      for (row, near) in zip(new, try songs.nearest(toEach: new, count: 10).found) {
        let points = near.compactMap { known[ids[$0]] }.prefix(3)
        if !points.isEmpty { coordinates[row] = points.reduce(.zero, +) / Float(points.count) }
      }
      return (ids, coordinates)
    }
  }

  /// Keeps the map. If the folder cannot be written to, the next one is arranged again, and nothing else.
  private func write(to path: String, arranged: Int) {
    let file = MapFile(
      space: space, arranged: arranged, ids: tracks.map(\.id.rawValue), x: coordinates.map(\.x),
      y: coordinates.map(\.y))
    try? JSONEncoder().encode(file).write(to: URL(filePath: path), options: .atomic)
  }
}
