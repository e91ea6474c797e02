import Catalogue

/// Puts a copy of a library into its place.
public enum LibraryRestoration {
  /// As `Catalogue.restore(copy:to:map:shouldStop:)`, unless an indexer is at work: what it stores would be lost with the file that
  /// is replaced.
  ///
  /// - Returns: How many tracks have other paths now.
  /// - Throws: `CatalogueError`, `LibraryError.beingIndexed`.
  public static func restore(
    copy: String, to path: String, map: PathMap = PathMap(), shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> Int {
    let claim = IndexingClaim(library: path)
    guard claim.isFirst else { throw LibraryError.beingIndexed(path) }
    return try withExtendedLifetime(claim) {
      try Catalogue.restore(copy: copy, to: path, map: map, shouldStop: shouldStop)
    }
  }
}
