import AudioFeatures
import Catalogue
import Fingerprints

/// Compares fingerprints that are new in a catalogue with all others, and remembers which tracks are one recording.
struct CopyUpdate {
  let catalogue: Catalogue
  let threads: Int

  /// Does so, if there is anything new, or a track is gone.
  ///
  /// - Returns: the tracks whose fingerprints have changed on the disk since they were stored. They are forgotten, to be
  ///   made again.
  func run() throws(CatalogueError) -> [TrackID] {
    guard try catalogue.unfinishedFingerprints(version: Fingerprint.version).notCompared > 0 else {
      try regroup()
      return []
    }
    var collection = FingerprintCollection()
    var tracks: [TrackID] = []
    var isNew: [Bool] = []
    var damaged: [TrackID] = []
    try catalogue.forEachFingerprint(version: Fingerprint.version) { track, data, isCompared in
      guard let fingerprint = Fingerprint(data: data) else { return damaged.append(track) }
      collection.append(fingerprint)
      tracks.append(track)
      isNew.append(!isCompared)
    }
    let pairs = CopySearch(collection).pairs(threads: threads) { isNew[$0] }
    try catalogue.store(
      copies: pairs.map {
        Catalogue.Copy(track: tracks[$0.first], other: tracks[$0.second], errorRate: $0.errorRate)
      }, compared: tracks.indices.filter { isNew[$0] }.map { tracks[$0] })
    if !damaged.isEmpty { try catalogue.forgetFingerprints(of: damaged) }
    try regroup()
    return damaged
  }

  private func regroup() throws(CatalogueError) {
    try catalogue.replaceRecordings { copies in
      // Tracks are numbered in the order of indexing, so the first song of two is the one that was indexed first.
      CopyGroups.groups(of: copies.lazy.map { (Int($0.track.rawValue), Int($0.other.rawValue), $0.errorRate) })
        .map { $0.map { TrackID(rawValue: Int64($0)) } }
    }
  }
}
