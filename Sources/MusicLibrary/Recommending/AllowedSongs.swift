import Catalogue
import NearestNeighbors
import SearchSpaces

/// Which songs a filter lets through, and how many each of its parts removed.
struct AllowedSongs: Sendable {
  /// What removed songs, in words, and how many of those that were left before.
  private(set) var removed: [(reason: String, count: Int)] = []
  /// Clauses of the filter that name what no song has: a typing error, perhaps.
  private(set) var unmet: [TrackFilter.Clause] = []
  /// Whether the song of a row passes.
  private(set) var passes: [Bool]
  /// How many songs pass.
  private(set) var count: Int

  /// - Parameters:
  ///   - songs: All songs.
  ///   - blocks: Clauses that no song may meet, before the filter. A song that is blocked or excluded by itself goes with
  ///     its copies.
  init(
    _ songs: SongIndex<TrackID>, filter: TrackFilter, blocks: [TrackFilter.Clause], excluded: Set<TrackID>,
    recordings: Recordings, in catalogue: Catalogue
  ) throws(CatalogueError) {
    passes = [Bool](repeating: true, count: songs.index.count)
    count = passes.count
    for clause in blocks {
      var blocked = try catalogue.tracks(where: clause)
      if case .song = clause { blocked = Array(recordings.withCopies(of: Set(blocked))) }
      remove(blocked, as: "on the block list", from: songs)
    }
    for kind in Self.kinds(of: filter.only) {
      var wanted: [TrackID] = []
      let clauses = filter.only.filter { $0.kind == kind }
      for clause in clauses { wanted += try tracks(where: clause, in: catalogue) }
      keep(wanted, as: "not of the \(Self.list(clauses))", from: songs)
    }
    for clause in filter.not { remove(try tracks(where: clause, in: catalogue), as: "of the \(clause)", from: songs) }
    remove(recordings.withCopies(of: excluded), as: "played or excluded", from: songs)
  }

  private mutating func tracks(
    where clause: TrackFilter.Clause, in catalogue: Catalogue
  ) throws(CatalogueError) -> [TrackID] {
    let found = try catalogue.tracks(where: clause)
    if found.isEmpty { unmet.append(clause) }
    return found
  }

  private mutating func remove(_ ids: some Sequence<TrackID>, as reason: String, from songs: SongIndex<TrackID>) {
    for row in ids.lazy.compactMap(songs.row) { passes[row] = false }
    note(reason)
  }

  private mutating func keep(_ ids: [TrackID], as reason: String, from songs: SongIndex<TrackID>) {
    var wanted = [Bool](repeating: false, count: passes.count)
    for row in ids.lazy.compactMap(songs.row) { wanted[row] = passes[row] }
    passes = wanted
    note(reason)
  }

  private mutating func note(_ reason: String) {
    let left = passes.count { $0 }
    defer { count = left }
    guard left < count else { return }
    // Clauses of the block list are one reason.
    if removed.last?.reason == reason {
      removed[removed.count - 1].count += count - left
    } else {
      removed.append((reason, count - left))
    }
  }

  private static func kinds(of clauses: [TrackFilter.Clause]) -> [String] {
    clauses.reduce(into: []) { if !$0.contains($1.kind) { $0.append($1.kind) } }
  }

  private static func list(_ clauses: [TrackFilter.Clause]) -> String {
    let texts = clauses.map(\.description)
    return texts.count < 2 ? texts.joined() : texts.dropLast().joined(separator: ", ") + " or " + texts[texts.count - 1]
  }
}
