import Catalogue

/// What filters did to the songs that may be recommended.
public struct FilterEffect: Sendable {
  /// What filters removed, in words, and how many songs each.
  public var removed: [(reason: String, count: Int)]
  /// What filters name that no song of the library has, and names that are near it.
  public var unmet: [(clause: TrackFilter.Clause, near: [String])]
  /// How many songs filters let through.
  public var left: Int
  /// How many songs of the library a filter by tempo or loudness knows nothing of, since they were not measured yet.
  public var notMeasured: Int
}

extension Recommender {
  /// What a filter did to let these songs through.
  func effect(of filter: TrackFilter, on allowed: AllowedSongs) throws(CatalogueError) -> FilterEffect {
    var unmet: [(clause: TrackFilter.Clause, near: [String])] = []
    for clause in allowed.unmet { unmet.append((clause, try names.near(clause))) }
    return FilterEffect(
      removed: allowed.removed, unmet: unmet, left: allowed.count,
      notMeasured: filter.asksForMeasures ? try catalogue.notMeasuredCount() : 0)
  }
}
