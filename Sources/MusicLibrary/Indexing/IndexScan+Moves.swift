import AudioDecoding
import AudioFiles
import Catalogue
import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Songs that are recognised by their sound although their files have other names, places or tags now.
extension IndexScan {
  /// So many new files are compared with the catalogue in any case; more of them only if a song is missing somewhere, so
  /// that a folder that is heard for the first time costs nothing more.
  private static let fewFiles = 64

  /// Compares new and changed files with the songs that the catalogue knows. What was heard already needs no listening:
  /// a file that was only tagged anew or touched; one that has moved, which keeps its number and all vectors; and a copy,
  /// which gets those of its original.
  ///
  /// - Parameters:
  ///   - shouldStop: asked before each file.
  ///   - progress: is told how many of how many files are read.
  /// - Returns: false if it was stopped; nothing may be forgotten then.
  mutating func recogniseSounds(
    threads: Int, shouldStop: () -> Bool, progress: (_ done: Int, _ of: Int) -> Void
  ) throws(CatalogueError) -> Bool {
    let places = try placesToCompare()
    guard !places.isEmpty else { return true }
    let recognition = SoundRecognition(threads: threads)
    func compared(_ places: [Int]) -> [NewFile]? {
      let items = places.map { pending[$0] }
      return recognition.sounds(of: items, shouldStop: shouldStop, progress: progress).map { sounds in
        places.indices.compactMap { index in
          sounds[index].map { NewFile(place: places[index], item: items[index], sound: $0) }
        }
      }
    }
    guard var files = compared(places) else { return false }
    let albums = files.filter { $0.item.source.bounds == nil && !$0.sound.info.cueSongs.isEmpty }
    if !albums.isEmpty {
      // They hold sheets: their songs are compared.
      let first = pending.count
      for album in albums {
        if let state = album.item.state { found.remove(state.id) }
        _ = try cut(album.item.path, album.item.stamp, by: album.sound.info)
      }
      guard let songs = compared(Array(first..<pending.count)) else { return false }
      let cut = Set(albums.map(\.place))
      files = files.filter { !cut.contains($0.place) } + songs
    }
    let unchanged = files.filter(\.isSameSound)
    files.removeAll(where: \.isSameSound)
    // The songs whose own file holds another one now.
    let displaced = Set(files.compactMap { $0.sound.isKnown ? $0.item.state?.id : nil })
    var moves = unchanged.compactMap { file in file.item.state.map { (file, $0) } }
    var copies: [(NewFile, of: FileState)] = []
    var settled = Set(albums.map(\.place))
    for group in Dictionary(grouping: files.filter(\.sound.isKnown), by: \.sound.digest).values {
      let tracks = try catalogue.fileStates(soundDigest: group[0].sound.digest, model: model)
      // Another process may have been here since the scan.
      let there = group.filter { file in
        tracks.contains { $0.hasEmbedding && $0.path.utf8.elementsEqual(file.item.path.utf8) }
      }
      settled.formUnion(there.map(\.place))
      let others = group.filter { !settled.contains($0.place) }
      let (matched, rest) = Self.match(others, tracks.filter { isFree($0, displaced: displaced) })
      moves += matched
      guard let original = tracks.first(where: \.hasEmbedding) else { continue }
      copies += rest.map { ($0, original) }
    }
    let recognised = settled.union((moves.map(\.0) + copies.map(\.0)).map(\.place))
    for file in files where !recognised.contains(file.place) {
      if let state = try undigested(like: file, displaced: displaced, taken: moves.map(\.1.id)) {
        moves.append((file, state))
      }
    }
    summary.unchanged += settled.count - albums.count
    var done = settled
    done.formUnion(try relocate(moves))
    done.formUnion(try copy(copies))
    pending = pending.enumerated().filter { !done.contains($0.offset) }.map(\.element)
    return true
  }

  /// A new or changed file whose sound is known.
  private struct NewFile {
    /// Its index in `pending`.
    var place: Int
    var item: Pending
    var sound: SoundRecognition.Sound

    /// Whether it holds what the track of its path is.
    var isSameSound: Bool { sound.isKnown && item.state?.soundDigest == sound.digest }
    var name: String { (item.path as NSString).lastPathComponent }

    /// What the catalogue is to hold of it; the length that was found by listening is better than the header's.
    func track(duration: Double?) -> IndexedTrack {
      item.track(sound.info, duration: duration ?? sound.info.duration, digest: sound.digest)
    }
  }

  // MARK: - What is compared

  /// Which of the pending files may hold songs that are known.
  private func placesToCompare() throws(CatalogueError) -> [Int] {
    guard !pending.isEmpty, try !catalogue.isEmpty() else { return [] }
    let changed = pending.indices.filter { place in
      guard let state = pending[place].state else { return false }
      let isChanged = FileStamp(state) != pending[place].stamp || state.source != pending[place].source
      return isChanged && state.soundDigest != nil
    }
    let new = pending.indices.filter { pending[$0].isNew }
    if new.count <= Self.fewFiles || !changed.isEmpty { return (changed + new).sorted() }
    return try isAnyMissing() ? new : changed
  }

  /// Whether the file of any track is gone, below the roots that are looked at or below others.
  private func isAnyMissing() throws(CatalogueError) -> Bool {
    if walks.contains(where: { $0.known.contains { !found.contains($0.id) } }) { return true }
    for root in try catalogue.roots() {
      let isWalked = walks.contains { walked in
        root.utf8.elementsEqual(walked.walk.root.utf8) || AudioFileWalk.lies(root, below: walked.walk.root)
      }
      guard !isWalked else { continue }
      let states = try catalogue.fileStates(under: root, model: nil)
      if states.contains(where: Self.isGone) { return true }
    }
    return false
  }

  /// Whether the file of a track is gone, or the sheet that finds it there, as far as can be told.
  private static func isGone(_ state: FileState) -> Bool {
    let sheet = SheetSong.parts(of: state.path)?.sheet
    return isGone(state.source.file) || state.source.bounds != nil && sheet.map(isGone) ?? false
  }

  /// Whether there is nothing at a path, as far as can be told.
  private static func isGone(_ path: String) -> Bool {
    access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)
  }

  /// Whether a track has no file any more, so that another one may be its.
  private func isFree(_ state: FileState, displaced: Set<TrackID>) -> Bool {
    displaced.contains(state.id) || isSuperseded(state) || !found.contains(state.id) && Self.isGone(state)
  }

  // MARK: - Which file is which track

  /// Pairs files with tracks of the same sound, each with one: first those whose names and the folders around them are
  /// the same, the more of them the better, then those of one folder, then any.
  private static func match(
    _ files: [NewFile], _ tracks: [FileState]
  ) -> (matched: [(NewFile, FileState)], rest: [NewFile]) {
    var (files, tracks) = (files.sorted { $0.place < $1.place }, tracks)
    var matched: [(NewFile, FileState)] = []
    func pair(by key: (_ path: String) -> String) {
      // The first is the last of its list, to be taken.
      var open = Dictionary(grouping: tracks.reversed()) { key($0.path) }
      files.removeAll { file in
        guard let track = open[key(file.item.path)]?.popLast() else { return false }
        matched.append((file, track))
        return true
      }
      let taken = Set(matched.map(\.1.id))
      tracks.removeAll { taken.contains($0.id) }
    }
    for count in (1...4).reversed() {
      pair { $0.split(separator: "/").suffix(count).joined(separator: "/") }
    }
    pair { ($0 as NSString).deletingLastPathComponent }
    pair { _ in "" }
    return (matched, files)
  }

  /// The missing track of a file without a digest to compare, as earlier versions stored it: its name, size and time are
  /// the same.
  private func undigested(
    like file: NewFile, displaced: Set<TrackID>, taken: [TrackID]
  ) throws(CatalogueError) -> FileState? {
    try catalogue.fileStates(
      fileSize: file.item.stamp.size, modificationTime: file.item.stamp.modificationTime, model: model
    ).first { state in
      (!state.hasSoundDigest || !file.sound.isKnown) && (state.path as NSString).lastPathComponent == file.name
        && state.source.bounds == file.item.source.bounds
        && !taken.contains(state.id) && isFree(state, displaced: displaced)
    }
  }

  // MARK: - What becomes of them

  /// Gives tracks their new files; returns the places of those that need no listening.
  private mutating func relocate(_ moves: [(NewFile, FileState)]) throws(CatalogueError) -> Set<Int> {
    guard !moves.isEmpty else { return [] }
    let tracks = try catalogue.tracks(ids: moves.map(\.1.id))
    let changed = try catalogue.relocate(
      moves.map { file, state in
        .init(id: state.id, oldPath: state.path, track: file.track(duration: tracks[state.id]?.duration))
      })
    try catalogue.follow(
      moves.filter { changed.contains($0.1.id) && $0.1.path != $0.0.item.path }.map { ($0.1.path, $0.0.item.path) })
    // What lies now where a song was that has moved is another song.
    for place in pending.indices {
      guard let former = pending[place].state, changed.contains(former.id) else { continue }
      pending[place].state = nil
    }
    var done: Set<Int> = []
    for (file, state) in moves where changed.contains(state.id) {
      let isMove = !state.path.utf8.elementsEqual(file.item.path.utf8)
      if isMove {
        summary.moved += 1
        // The song whose place it took is gone, unless it has moved, too.
        if let former = file.item.state, former.id != state.id, !changed.contains(former.id) { summary.forgotten += 1 }
      } else {
        summary.updated += 1
      }
      found.insert(state.id)
      recognised.append(file.item.path)
      pending[file.place].state = state
      pending[file.place].isCounted = true
      if state.hasEmbedding { done.insert(file.place) }
    }
    return done
  }

  /// Stores copies with what their originals sound like; returns their places.
  private mutating func copy(_ copies: [(NewFile, of: FileState)]) throws(CatalogueError) -> Set<Int> {
    var done: Set<Int> = []
    for (file, original) in copies {
      do throws(CatalogueError) {
        try catalogue.store(file.track(duration: nil), asCopyOf: original.id)
      } catch {
        // If the original's vector is damaged, the copy is listened to.
        guard case .malformedEmbedding = error.reason else { throw error }
        continue
      }
      if pending[file.place].isNew { summary.added += 1 } else { summary.updated += 1 }
      summary.copied += 1
      recognised.append(file.item.path)
      done.insert(file.place)
    }
    return done
  }
}

extension FileState {
  /// Whether there is a digest that can be compared with those that are made now.
  fileprivate var hasSoundDigest: Bool {
    soundDigest.map { $0.hasPrefix(SoundDigest.versionPrefix) && $0 != SoundDigest.versionPrefix } ?? false
  }
}
