import AudioDecoding
import Foundation
import Synchronization

extension SyntheticCollection {
  /// Writes the collection below a folder, which is created if it is missing.
  ///
  /// Files that are there with the right content are left alone, and files of an earlier collection that this one does
  /// not have are removed; a file that was changed since it was written is no longer ours, and never removed. Every
  /// file appears only when it is complete, so that an interrupted call loses nothing and the next one goes on from
  /// there.
  ///
  /// - Parameters:
  ///   - directory: the folder.
  ///   - jobs: songs composed at a time; by default one for each processor.
  ///   - progress: called after every song with the number of songs that are done and of all, one call at a time.
  /// - Returns: the number of files that were written; the others were there.
  /// - Throws: `AudioEncodingError` if a song cannot be written; `CocoaError` if a folder cannot be made, or a file
  ///   cannot be read or removed. The first error ends the work after the songs in progress.
  @discardableResult
  public func write(
    to directory: URL, jobs: Int = ProcessInfo.processInfo.activeProcessorCount,
    progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> Int {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    var stamp = try CollectionStamp.read(from: directory)
    try stamp.removeOutdatedFiles(in: directory, keeping: songs.map(\.relativePath))
    if stamp.recipe != recipe { stamp = CollectionStamp(recipe: recipe) }

    let known = stamp.digests
    let work = Mutex(WritingState(stamp: stamp))
    DispatchQueue.concurrentPerform(iterations: min(max(jobs, 1), songs.count)) { _ in
      while let song = work.withLock({ $0.next(of: songs) }) {
        let result = Result { try write(song, to: directory, knownDigest: known[song.relativePath]) }
        work.withLock { state in
          state.finish(song, result, in: directory)
          if state.failure == nil { progress(state.done, songs.count) }
        }
      }
    }
    return try work.withLock { state in
      if let failure = state.failure { throw failure }
      return state.written
    }
  }

  /// What the files' content depends on. Its version is raised whenever the music changes.
  private var recipe: String { "version 2, seed \(seed), \(secondsPerSong) s" }

  /// Writes a song unless its file has the digest already, and gives the file's digest, and whether it is new.
  private func write(
    _ song: SyntheticSong, to directory: URL, knownDigest: String?
  ) throws -> (digest: String, isNew: Bool) {
    let file = directory.appendingPathComponent(song.relativePath)
    if let knownDigest, try CollectionStamp.digest(of: file) == knownDigest { return (knownDigest, false) }
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    let tags = AudioTags(
      title: song.title, artists: [song.artist], album: song.album, genres: [song.genre], track: song.trackNumber)
    try AudioEncoder.write(
      compose(song), sampleRate: Self.sampleRate, tags: tags, to: file.path, format: song.format)
    guard let digest = try CollectionStamp.digest(of: file) else {
      throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: file.path])
    }
    return (digest, true)
  }
}

/// What the workers share.
private struct WritingState {
  var stamp: CollectionStamp
  var started = 0
  var done = 0
  var written = 0
  var failure: (any Error)?

  init(stamp: CollectionStamp) {
    self.stamp = stamp
  }

  mutating func next(of songs: [SyntheticSong]) -> SyntheticSong? {
    guard failure == nil, started < songs.count else { return nil }
    started += 1
    return songs[started - 1]
  }

  mutating func finish(
    _ song: SyntheticSong, _ result: Result<(digest: String, isNew: Bool), any Error>, in directory: URL
  ) {
    do {
      let (digest, isNew) = try result.get()
      done += 1
      stamp.digests[song.relativePath] = digest
      if isNew {
        written += 1
        // After every song, so that an interrupted run need not do it again.
        try stamp.write(to: directory)
      }
    } catch {
      failure = failure ?? error
    }
  }
}
