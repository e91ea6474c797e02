import Foundation
internal import GRDB

extension Catalogue {
  /// What a track lacks of what is made of its sound beside vectors.
  public struct MissingTraits: Sendable {
    /// The track, without vectors.
    public let state: FileState
    /// Whether it has no fingerprint, or one that is not what is wanted.
    public let fingerprint: Bool
    /// Whether it was not measured, or by another version.
    public let measures: Bool
  }

  /// The tracks below a folder, or of a file, whose fingerprints or measures are not of these versions, or whose
  /// fingerprints may be too short; in the order of their paths.
  ///
  /// - Parameter leastBytes: is given the length of a track in seconds, nil if it is not known, and says how many bytes
  ///   a fingerprint must have at least.
  public func missingTraits(
    under root: String, fingerprintVersion: Int, measureVersion: Int,
    leastBytes: (_ duration: Double?) -> Int = { _ in 0 }
  ) throws(CatalogueError) -> [MissingTraits] {
    let sql = """
      SELECT \(FileState.selected), duration,
        (SELECT length(data) FROM fingerprint WHERE fingerprint.track = track.id AND version = ?),
        EXISTS (SELECT 1 FROM trackMeasure WHERE trackMeasure.track = track.id AND version = ?)
      FROM track WHERE \(Self.isUnderRoot) ORDER BY path
      """
    return try read("list what has no fingerprint or was not measured") { db in
      // No model is asked about.
      let arguments = [nil, fingerprintVersion, measureVersion] + Self.arguments(under: root)
      var missing: [MissingTraits] = []
      let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
      while let row = try rows.next() {
        let (duration, bytes): (Double?, Int?) = (try row.checked(row.count - 3), try row.checked(row.count - 2))
        let isMeasured: Bool = try row.checked(row.count - 1)
        let lacksFingerprint = bytes ?? -1 < leastBytes(duration)
        guard lacksFingerprint || !isMeasured else { continue }
        missing.append(
          MissingTraits(state: try FileState(row), fingerprint: lacksFingerprint, measures: !isMeasured))
      }
      return missing
    }
  }

  /// Stores fingerprints and measures of tracks that are still there in the place of those that they have, as one
  /// transaction.
  public func store(
    fingerprints: [TrackID: StoredFingerprint] = [:], measures: [TrackID: TrackMeasures] = [:]
  ) throws(CatalogueError) {
    guard !(fingerprints.isEmpty && measures.isEmpty) else { return }
    try write("store fingerprints and measures") { db in
      let search = try db.cachedStatement(sql: "SELECT 1 FROM track WHERE id = ?")
      func isThere(_ id: TrackID) throws -> Bool { try Row.fetchOne(search, arguments: [id.rawValue]) != nil }
      for (id, fingerprint) in fingerprints where try isThere(id) {
        try Self.forgetFingerprint(db, of: id.rawValue)
        try Self.store(db, fingerprint, of: id.rawValue)
      }
      for (id, measures) in measures where try isThere(id) { try Self.store(measures, of: id.rawValue, in: db) }
    }
  }
}
