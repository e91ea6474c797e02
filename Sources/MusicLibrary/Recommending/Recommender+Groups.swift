import AudioFeatures
import Catalogue
import NearestNeighbors
import SearchSpaces
import Tags

/// An artist or an album that sounds like others.
public struct GroupRecommendation: Sendable, Hashable, Encodable {
  /// The artist's name, or "Artist – Album".
  public var name: String
  /// How many of its songs are in the library.
  public var songCount: Int
  /// How alike its songs are, on the scale of songs' similarities.
  public var similarity: Float
  /// Its songs that were compared.
  public var songs: [TrackID]

  private enum CodingKeys: CodingKey { case name, songCount, similarity }
}

/// The artists or albums that sound like some seeds, and what is to be said of how they came about.
public struct GroupAnswer: Sendable {
  /// The most alike first.
  public var groups: [GroupRecommendation]
  /// What the names in the question were taken for.
  public var like: [Seed]
  /// What filters left out.
  public var filtered: FilterEffect
}

extension Recommender {
  /// What may be recommended beside songs.
  public enum GroupKind: String, Sendable, Hashable, CaseIterable {
    case artist, album
  }

  /// The artists or albums whose songs sound most like those of some seeds, without the seeds' own.
  ///
  /// How alike two sets of songs are: of each song, the mean of the larger half of its similarities to the other set; and
  /// of these the median, for each of the sets; and of both the mean. Neither the size of a set nor one odd song rules it:
  /// docs/decisions/playlists.md.
  ///
  /// - Throws: As `playlist`.
  public func groups(
    _ kind: GroupKind, like names: [Seed.Name], count: Int, filter: TrackFilter = TrackFilter(),
    leastSimilarity: Float? = nil, weights: SoundWeights? = nil
  ) throws -> GroupAnswer {
    try groups(
      kind, like: names.map(seed), count: count, filter: filter, leastSimilarity: leastSimilarity, weights: weights)
  }

  /// The same for seeds that were found already.
  public func groups(
    _ kind: GroupKind, like seeds: [Seed], count: Int, filter: TrackFilter = TrackFilter(),
    leastSimilarity: Float? = nil, weights: SoundWeights? = nil
  ) throws -> GroupAnswer {
    guard !seeds.isEmpty else { throw LibraryError.noSeeds }
    return try index.answer(weights: weights) { songs in
      let allowed = try AllowedSongs(
        songs, filter: filter, blocks: catalogue.blocks(), excluded: [],
        recordings: index.recordings(of: songs), in: catalogue)
      return GroupAnswer(
        groups: try groups(kind, like: seeds, count: count, allowed: allowed, in: songs)
          .filter { $0.similarity >= leastSimilarity ?? -.infinity }, like: seeds,
        filtered: try effect(of: filter, on: allowed))
    }
  }

  private func groups(
    _ kind: GroupKind, like seeds: [Seed], count: Int, allowed: AllowedSongs, in songs: SongIndex<TrackID>
  ) throws -> [GroupRecommendation] {
    let points = try seeds.flatMap(\.queries).map { try songs.point(of: $0.question(of: songs)) }
    let own = seeds.reduce(into: Set<TrackID>()) { $0.formUnion($1.songs) }
    let ids = songs.index.ids
    let ownRows = Set(own.compactMap(songs.row))
    let near = try songs.rows(near: points, count: max(100, 2000 / points.count)) { row in
      allowed.passes[row] && !ownRows.contains(row)
    }
    // Those whose songs are nearest are weighed; in the order of the ranks of their songs.
    var ranks: [Int: Int] = [:]
    for list in near { for (rank, row) in list.enumerated() { ranks[row] = min(rank, ranks[row] ?? rank) } }
    let rows = ranks.sorted { $0.value != $1.value ? $0.value < $1.value : $0.key < $1.key }.map(\.key)
    let tracks = try index.tracks(ids: rows.map { ids[$0] })
    let ownTracks = try index.tracks(ids: Array(own))
    let ownKeys = Set(ownTracks.values.flatMap { $0.groupNames(kind).map(\.key) })
    var candidates: [(key: String, name: String, songs: Set<TrackID>)] = []
    var seen: Set<String> = []
    for track in rows.compactMap({ tracks[ids[$0]] }) where candidates.count < max(60, 2 * count) {
      for group in track.groupNames(kind) where !ownKeys.contains(group.key) && seen.insert(group.key).inserted {
        candidates.append((group.key, group.name, try members(of: group.key, like: track, kind: kind)))
      }
    }
    let found = try candidates.map { candidate in
      let members = candidate.songs.compactMap(songs.row).filter { allowed.passes[$0] && !ownRows.contains($0) }
        .sorted()
      let similarities = try songs.similarities(of: Self.spread(members), to: points)
      return GroupRecommendation(
        name: candidate.name, songCount: members.count, similarity: Self.similarity(ofSets: similarities),
        songs: members.map { ids[$0] })
    }
    return Array(
      found.sorted { $0.similarity != $1.similarity ? $0.similarity > $1.similarity : $0.name < $1.name }.prefix(count))
  }

  /// All songs of the group that a track belongs to.
  private func members(of key: String, like track: Track, kind: GroupKind) throws -> Set<TrackID> {
    switch kind {
    case .artist: return Set(try catalogue.tracks(where: .artist(key)))
    case .album:
      let songs = try catalogue.tracks(where: .album(track.tags.album ?? ""))
      return Set(try catalogue.tracks(ids: songs).values.filter { $0.albumKey == key }.map(\.id))
    }
  }

  /// How alike two sets are, from a matrix of their similarities.
  package static func similarity(ofSets matrix: [[Float]]) -> Float {
    func half(_ values: [Float]) -> Float {
      let larger = values.sorted(by: >).prefix((values.count + 1) / 2)
      return larger.reduce(0, +) / Float(larger.count)
    }
    func median(_ values: [Float]) -> Float {
      let sorted = values.sorted()
      return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
    guard let width = matrix.first?.count, width > 0 else { return -1 }
    let columns = (0..<width).map { column in matrix.map { $0[column] } }
    return (median(matrix.map(half)) + median(columns.map(half))) / 2
  }
}

extension Track {
  fileprivate func groupNames(_ kind: Recommender.GroupKind) -> [(key: String, name: String)] {
    switch kind {
    case .artist:
      tags.artists.map { ArtistCredit.artists(of: $0)[0] }.map { (NameKey.key(of: $0), $0) }
    case .album: albumKey.map { [($0, albumName)] } ?? []
    }
  }
}
