import Catalogue

/// Which songs a filter lets through, and how many each of its parts removed.
struct AllowedSongs: Sendable {
  /// What removed songs, in words, and how many of those that were left before.
  private(set) var removed: [(reason: String, count: Int)] = []
  /// Nil for all.
  private var passing: Set<TrackID>?
  private let all: [TrackID]

  /// - Parameters:
  ///   - ids: All songs.
  ///   - blocks: Clauses that no song may meet, before the filter.
  init(
    _ ids: [TrackID], filter: TrackFilter, blocks: [TrackFilter.Clause], excluded: Set<TrackID>, in catalogue: Catalogue
  ) throws(CatalogueError) {
    all = ids
    var blocked: Set<TrackID> = []
    for clause in blocks { blocked.formUnion(try catalogue.tracks(where: clause)) }
    remove(blocked, as: "on the block list")
    for kind in Self.kinds(of: filter.only) {
      var wanted: Set<TrackID> = []
      let clauses = filter.only.filter { $0.kind == kind }
      for clause in clauses { wanted.formUnion(try catalogue.tracks(where: clause)) }
      keep(wanted, as: "not of the \(Self.list(clauses, "or"))")
    }
    for clause in filter.not { remove(try catalogue.tracks(where: clause), as: "of the \(clause)") }
    remove(excluded, as: "played or excluded")
  }

  /// Whether a song passes.
  func contains(_ id: TrackID) -> Bool { passing?.contains(id) ?? true }

  /// Whether every song passes.
  var areAll: Bool { passing == nil }

  /// How many songs pass.
  var count: Int { passing?.count ?? all.count }

  private mutating func remove(_ ids: Set<TrackID>, as reason: String) {
    guard !ids.isEmpty else { return }
    let left = (passing ?? Set(all)).subtracting(ids)
    note(left, reason)
  }

  private mutating func keep(_ ids: Set<TrackID>, as reason: String) {
    note((passing ?? Set(all)).intersection(ids), reason)
  }

  private mutating func note(_ left: Set<TrackID>, _ reason: String) {
    let count = self.count - left.count
    if count > 0 { removed.append((reason, count)) }
    passing = left
  }

  private static func kinds(of clauses: [TrackFilter.Clause]) -> [String] {
    clauses.reduce(into: []) { if !$0.contains($1.kind) { $0.append($1.kind) } }
  }

  private static func list(_ clauses: [TrackFilter.Clause], _ word: String) -> String {
    let texts = clauses.map(\.description)
    return texts.count < 2 ? texts.joined() : texts.dropLast().joined(separator: ", ") + " \(word) " + texts[texts.count - 1]
  }
}
