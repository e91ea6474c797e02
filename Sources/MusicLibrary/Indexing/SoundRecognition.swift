import AudioDecoding
import AudioFiles
import Catalogue

/// Makes digests of the sound of many files side by side, without listening to them.
struct SoundRecognition {
  let threads: Int

  /// What is known of a file without listening to it.
  struct Sound: Sendable {
    var info: AudioFileInfo
    /// As the catalogue stores it: without the digest itself if the file has none.
    var digest: String
    /// Whether files with this digest sound alike.
    var isKnown: Bool

    /// Reads the packets of the middle of a song.
    init(of source: SongSource) throws(AudioDecodingError) {
      let (info, digest) = try AudioDecoder.soundDigest(ofFile: source.file, of: source.bounds)
      self.info = info
      self.digest = digest?.rawValue ?? SoundDigest.versionPrefix
      isKnown = digest != nil
    }
  }

  /// The sounds of files by their place in `items`; those that are videos nobody asked for, or cannot be read, are left
  /// out: listening to them will tell.
  ///
  /// - Parameters:
  ///   - shouldStop: asked before each file.
  ///   - progress: is told after each file how many of how many are done.
  /// - Returns: nil if it was stopped.
  func sounds(
    of items: [IndexScan.Pending], shouldStop: () -> Bool, progress: (_ done: Int, _ of: Int) -> Void
  ) -> [Int: Sound]? {
    var sounds: [Int: Sound] = [:]
    let isComplete = SongListening(threads: min(threads, max(1, items.count)), worker: {}).run(
      items, shouldStop: shouldStop, progress: { done in progress(done, items.count) },
      make: { item, _ in
        if !item.isAskedFor { try VideoLeftOut.check(item.source.file) }
        return try Sound(of: item.source)
      },
      finish: { index, result in
        if case .success(let sound) = result { sounds[index] = sound }
      })
    return isComplete ? sounds : nil
  }

  /// Gives digests to tracks that have none: an earlier version heard them, or a model that does not hear the middle.
  /// Files that are gone, changed or cannot be read now are left to another time.
  ///
  /// - Parameters:
  ///   - roots: the folders and files to look at.
  ///   - shouldStop: asked before each file; what was read by then is stored.
  ///   - progress: is told after each file how many of how many are done.
  /// - Returns: whether none was left because of a stop.
  func addDigests(
    to catalogue: Catalogue, under roots: [String], shouldStop: () -> Bool, progress: (_ done: Int, _ of: Int) -> Void
  ) throws(CatalogueError) -> Bool {
    var states: [FileState] = []
    var seen: Set<TrackID> = []
    // One root may lie below another.
    for root in roots {
      states += try catalogue.statesWithoutDigest(under: root, prefix: SoundDigest.versionPrefix).filter {
        seen.insert($0.id).inserted
      }
    }
    var found: [TrackID: String] = [:]
    let isComplete = try SongListening(threads: threads, worker: {}).run(
      states, shouldStop: shouldStop,
      progress: { done throws(CatalogueError) in progress(done, states.count) },
      make: { state, _ in
        let stamp = try FileStamp(path: state.source.file)
        do throws(AudioDecodingError) {
          return (stamp, try Sound(of: state.source).digest)
        } catch {
          // What cannot be read as it is will have no digest tomorrow either.
          guard error.isOfTheContent else { throw error }
          return (stamp, SoundDigest.versionPrefix)
        }
      },
      finish: { index, result throws(CatalogueError) in
        guard case .success(let (stamp, digest)) = result, stamp == FileStamp(states[index]) else { return }
        found[states[index].id] = digest
        guard found.count >= 256 else { return }
        try catalogue.store(soundDigests: found)
        found = [:]
      })
    if !found.isEmpty { try catalogue.store(soundDigests: found) }
    return isComplete
  }
}
