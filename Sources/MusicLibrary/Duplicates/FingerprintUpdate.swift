import AudioDecoding
import AudioFeatures
import AudioFiles
import Catalogue
import SongModels

/// Makes the fingerprints that songs lack which were heard before there were any, or by another version; or those of
/// whole songs. Their files are decoded again, which takes as long as the first hearing, but once only.
struct FingerprintUpdate {
  let catalogue: Catalogue
  let threads: Int
  /// Whether the whole of each song is wanted, up to ten minutes, rather than 30 s of it.
  let isOfWholes: Bool

  /// Makes what is missing. Files that are gone, changed or broken are left to the rest of the indexing.
  ///
  /// - Parameters:
  ///   - roots: the folders and files to look at.
  ///   - shouldStop: asked before each file; what was made by then is stored.
  ///   - progress: is told after each file how many of how many are done.
  /// - Returns: how many were made, and whether none was left because of a stop.
  func makeMissing(
    under roots: [String], shouldStop: () -> Bool, progress: (_ done: Int, _ of: Int) -> Void
  ) throws -> (count: Int, isComplete: Bool) {
    var states: [FileState] = []
    var seen: Set<TrackID> = []
    // One root may lie below another.
    for root in roots {
      states += try catalogue.statesWithoutFingerprint(
        under: root, version: Fingerprint.version, leastBytes: leastBytes
      ).filter { seen.insert($0.id).inserted }
    }
    guard !states.isEmpty else { return (0, true) }
    var made: [TrackID: StoredFingerprint] = [:]
    var count = 0
    let listening = try SongListening(threads: min(threads, states.count)) { try FingerprintExtractor() }
    let isComplete = try listening.run(
      states, shouldStop: shouldStop,
      progress: { done throws(CatalogueError) in progress(done, states.count) },
      make: { state, extractor in
        let stamp = try FileStamp(path: state.source.file)
        let (fingerprint, info) = try extractor.fingerprint(of: state.source, seconds: seconds)
        return (stamp, StoredFingerprint(fingerprint, info: info))
      },
      finish: { index, result throws(CatalogueError) in
        guard case .success(let (stamp, fingerprint)) = result, stamp == FileStamp(states[index]) else { return }
        made[states[index].id] = fingerprint
        count += 1
        guard made.count >= 64 else { return }
        try catalogue.store(fingerprints: made)
        made = [:]
      })
    if !made.isEmpty { try catalogue.store(fingerprints: made) }
    return (count, isComplete)
  }

  private var seconds: Double {
    isOfWholes ? FingerprintExtractor.longestSeconds : FingerprintExtractor.excerptSeconds
  }

  /// How large a fingerprint is of what is wanted of a song; a little less, since lengths are not exact.
  private func leastBytes(_ duration: Double?) -> Int {
    guard isOfWholes, let duration else { return 0 }
    let heard = min(duration, FingerprintExtractor.longestSeconds) * 0.95 - 2
    return Int(max(0, heard) / Fingerprint.secondsPerWord) * 4
  }
}

extension StoredFingerprint {
  /// A fingerprint of a file of which this is known.
  init(_ fingerprint: Fingerprint, info: AudioFileInfo) {
    self.init(
      version: Fingerprint.version, data: fingerprint.data, codec: info.codec, sampleRate: info.sampleRate,
      channelCount: info.channelCount)
  }
}
