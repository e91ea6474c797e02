import Catalogue
import Foundation
import NearestNeighbors
import Reproducibility
import SearchSpaces

/// Songs near some seeds, and how much each of them is wanted.
struct SongPool {
  struct Song {
    var row: Int
    var similarity: Float
  }

  /// The songs, the most similar first; equal ones in the order of indexing.
  private(set) var songs: [Song]
  /// Whether these are all songs that there are.
  let isComplete: Bool

  /// The songs nearest to seeds.
  ///
  /// The similarity to several is a soft maximum, so that songs near one of several different seeds count, and songs near
  /// many of them count more (docs/decisions/playlists.md has what else was measured):
  ///
  ///     s = 1/β · log Σ w exp(β s_i),   β = 5, Σ w = 1
  ///
  /// What it should not sound like is taken off: s(like) - max(0, s(unlike)).
  ///
  /// - Parameter count: How many candidates each of the points has.
  init(
    near like: [(point: SongPoint, weight: Double)], unlike: [(point: SongPoint, weight: Double)], count: Int,
    in index: SongIndex<TrackID>, where isAllowed: @escaping @Sendable (_ row: Int) -> Bool
  ) throws(NearestNeighborsError) {
    let found = try index.rows(near: like.map(\.point), count: count, where: isAllowed)
    isComplete = found.allSatisfy { $0.count < count } || count >= index.index.count
    let rows = Array(Set(found.joined())).sorted()
    let wanted = Self.together(try index.similarities(of: rows, to: like.map(\.point)), weights: like.map(\.weight))
    var unwanted = [Float](repeating: 0, count: rows.count)
    if !unlike.isEmpty {
      unwanted = Self.together(
        try index.similarities(of: rows, to: unlike.map(\.point)), weights: unlike.map(\.weight))
    }
    songs = rows.indices.map { Song(row: rows[$0], similarity: wanted[$0] - max(0, unwanted[$0])) }
      .sorted { $0.similarity != $1.similarity ? $0.similarity > $1.similarity : $0.row < $1.row }
  }

  /// Removes what is less similar.
  mutating func keep(atLeast similarity: Float) { songs.removeAll { $0.similarity < similarity } }

  /// The songs in the order in which chance would have them: each similarity changed by a number drawn for its song.
  func ordered(surprise: Float, randomSeed: UInt64, ids: [TrackID]) -> [Song] {
    guard surprise > 0 else { return songs }
    let drawn = songs.map { song in
      var generator = SeededGenerator(
        seed: randomSeed &+ UInt64(bitPattern: ids[song.row].rawValue) &* 0x9E37_79B9_7F4A_7C15)
      let gumbel = -log(-log(max(generator.uniform(), 1e-300)))
      return (song: song, key: song.similarity + surprise * Self.chance * Float(gumbel))
    }
    return drawn.sorted { $0.key != $1.key ? $0.key > $1.key : $0.song.row < $1.song.row }.map(\.song)
  }

  /// With `surprise` 1, what chance changes similarities by: about as much as those of a hundred neighbours differ.
  private static let chance: Float = 0.15
  private static let sharpness = 5.0

  private static func together(_ similarities: [[Float]], weights: [Double]) -> [Float] {
    guard similarities.count != 1 else { return similarities[0] }
    let total = weights.reduce(0, +)
    return (similarities.first ?? []).indices.map { song in
      var sum = 0.0
      for (list, weight) in zip(similarities, weights) { sum += weight / total * exp(sharpness * Double(list[song])) }
      return Float(log(sum) / sharpness)
    }
  }
}
