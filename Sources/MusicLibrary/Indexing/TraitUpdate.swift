import AudioDecoding
import AudioFeatures
import AudioFiles
import Catalogue
import SongModels

/// Makes the fingerprints and the measures that songs lack which were heard before there were any, or by another version;
/// or the fingerprints of whole songs. Their files are decoded again, once for all that a song lacks, which takes as long
/// as the first hearing.
struct TraitUpdate {
  let catalogue: Catalogue
  let threads: Int
  /// Whether the whole of each song is wanted for its fingerprint, up to ten minutes, rather than 30 s of it.
  let isOfWholes: Bool

  /// What was made of a file.
  private struct Made {
    var stamp: FileStamp
    var fingerprint: StoredFingerprint?
    var measures: TrackMeasures?
  }

  /// Makes what is missing. Files that are gone, changed or broken are left to the rest of the indexing.
  ///
  /// - Parameters:
  ///   - roots: the folders and files to look at.
  ///   - shouldStop: asked before each file; what was made by then is stored.
  ///   - progress: is told after each file how many of how many are done.
  /// - Returns: of how many songs something was made, and whether none was left because of a stop.
  func makeMissing(
    under roots: [String], shouldStop: () -> Bool, progress: (_ done: Int, _ of: Int) -> Void
  ) throws -> (count: Int, isComplete: Bool) {
    let missing = try self.missing(under: roots)
    guard !missing.isEmpty else { return (0, true) }
    var fingerprints: [TrackID: StoredFingerprint] = [:]
    var measures: [TrackID: TrackMeasures] = [:]
    var count = 0
    func store() throws(CatalogueError) {
      try catalogue.store(fingerprints: fingerprints, measures: measures)
      (fingerprints, measures) = ([:], [:])
    }
    let listening = try SongListening(threads: min(threads, missing.count)) { try SoundTraitsExtractor() }
    let isComplete = try listening.run(
      missing, shouldStop: shouldStop,
      progress: { done throws(CatalogueError) in progress(done, missing.count) },
      make: { missing, extractor in try make(missing, extractor) },
      finish: { index, result throws(CatalogueError) in
        let state = missing[index].state
        guard case .success(let made) = result, made.stamp == FileStamp(state) else { return }
        fingerprints[state.id] = made.fingerprint
        measures[state.id] = made.measures
        count += 1
        if max(fingerprints.count, measures.count) >= 64 { try store() }
      })
    try store()
    return (count, isComplete)
  }

  private func missing(under roots: [String]) throws(CatalogueError) -> [Catalogue.MissingTraits] {
    var missing: [Catalogue.MissingTraits] = []
    var seen: Set<TrackID> = []
    // One root may lie below another.
    for root in roots {
      missing += try catalogue.missingTraits(
        under: root, fingerprintVersion: Fingerprint.version, measureVersion: SoundMeter.version, leastBytes: leastBytes
      ).filter { seen.insert($0.state.id).inserted }
    }
    return missing
  }

  private func make(_ missing: Catalogue.MissingTraits, _ extractor: SoundTraitsExtractor) throws -> Made {
    let source = missing.state.source
    let stamp = try FileStamp(path: source.file)
    let (traits, info) = try extractor.traits(
      of: source,
      seconds: isOfWholes && missing.fingerprint
        ? FingerprintExtractor.longestSeconds : FingerprintExtractor.excerptSeconds)
    return Made(
      stamp: stamp, fingerprint: missing.fingerprint ? StoredFingerprint(traits.fingerprint, info: info) : nil,
      measures: TrackMeasures(traits.measures))
  }

  /// How large a fingerprint is of what is wanted of a song; a little less, since lengths are not exact.
  private func leastBytes(_ duration: Double?) -> Int {
    guard isOfWholes, let duration else { return 0 }
    let heard = min(duration, FingerprintExtractor.longestSeconds) * 0.95 - 2
    return Fingerprint.byteCount(ofWordCount: Int(max(0, heard) / Fingerprint.secondsPerWord))
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

extension TrackMeasures {
  /// What is measured now.
  package init(_ measures: SoundMeasures) {
    self.init(
      version: SoundMeter.version, tempo: measures.tempo, loudness: measures.loudness,
      brightness: measures.brightness)
  }
}
