import AudioDecoding
import AudioFiles
import Catalogue
import Foundation
import Tags

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Songs that CUE sheets find in files, beside them or inside.
extension IndexScan {
  /// What the sheets of a scan say.
  struct Sheets {
    /// Files that are cut into songs, by the bytes of their paths, in the order of the sheets.
    fileprivate(set) var cuts: [CueSheetFile.Cut] = []
    /// The sheet that cuts each of them.
    fileprivate var sheets: [[UInt8]: AudioFileWalk.File] = [:]
    /// Files that are no songs of their own, by the bytes of their paths.
    fileprivate(set) var covered: Set<[UInt8]> = []
    /// The names of all songs that were found in files.
    fileprivate(set) var songs: [String] = []
    /// Sheets that do not find all that they name, by the bytes of their paths.
    fileprivate var broken: Set<[UInt8]> = []
    /// What is to be said of sheets.
    fileprivate(set) var problems: [(sheet: AudioFileWalk.File, reason: String)] = []

    /// Whether a file is no song of its own.
    func covers(_ path: String) -> Bool { !covered.isEmpty && covered.contains(Array(path.utf8)) }
  }

  // MARK: - Sheets beside files

  /// Reads all sheets, and finds out which files they cut into songs.
  mutating func readSheets() throws(CatalogueError) {
    for walked in walks where !walked.walk.sheets.isEmpty {
      let walk = walked.walk
      // A sheet that is named itself: what lies in its folder.
      let isOne = walk.sheets[0].path.utf8.elementsEqual(walk.root.utf8)
      let root = isOne ? (walk.root as NSString).deletingLastPathComponent : walk.root
      var names: [String: AudioNames] = [:]
      if !isOne {
        let byFolder = Dictionary(grouping: walk.files.map(\.path)) { ($0 as NSString).deletingLastPathComponent }
        names = byFolder.mapValues { paths in AudioNames(paths.map { ($0 as NSString).lastPathComponent }) }
      }
      for sheet in walk.sheets {
        guard !isUnfinished(sheet) else {
          summary.unfinished += 1
          keep(songsOf(sheet.path, in: walked))
          continue
        }
        do throws(CueSheetError) {
          let found = try CueSheetFile(path: sheet.path).cuts(inside: root) { folder in
            names[folder] ?? AudioNames(isOne ? AudioNames.inFolder(folder) : [])
          }
          for cut in found.cuts { claim(cut, by: sheet) }
          noteBroken(found.problems, sheet)
        } catch {
          if error.isUnreadable { keep(songsOf(sheet.path, in: walked)) }
          noteBroken([error], sheet)
        }
      }
    }
  }

  private func isUnfinished(_ file: AudioFileWalk.File) -> Bool {
    options.unfinished.contains(file.path) || options.recentTimes.contains(file.stamp.modificationTime)
  }

  private mutating func noteBroken(_ errors: [CueSheetError], _ sheet: AudioFileWalk.File) {
    if !errors.isEmpty { sheets.broken.insert(Array(sheet.path.utf8)) }
    note(errors, sheet)
  }

  private mutating func note(_ errors: [CueSheetError], _ sheet: AudioFileWalk.File) {
    if !errors.isEmpty { sheets.problems.append((sheet, errors.map(\.description).joined(separator: " "))) }
  }

  /// A sheet cuts a file, unless another one does so that goes before it.
  private mutating func claim(_ cut: CueSheetFile.Cut, by sheet: AudioFileWalk.File) {
    let key = Array(cut.file.utf8)
    if let other = sheets.sheets[key] {
      let isBetter = CueSheetFile.prefers(sheet.path, to: other.path, for: cut.file)
      let (loser, winner) = isBetter ? (other, sheet) : (sheet, other)
      let name = (winner.path as NSString).lastPathComponent
      let file = (cut.file as NSString).lastPathComponent
      note([CueSheetError("\(file) is cut by \(name) already", remedy: "Delete one of the two sheets.")], loser)
      guard isBetter else { return }
      sheets.cuts.removeAll { $0.file.utf8.elementsEqual(cut.file.utf8) }
    }
    sheets.sheets[key] = sheet
    sheets.cuts.append(cut)
  }

  private func songsOf(_ sheet: String, in walked: Walked) -> [FileState] {
    walked.known.filter { AudioFileWalk.lies($0.path, below: sheet) }
  }

  /// Leaves what is known of songs as it is, since their sheet cannot be used now.
  private mutating func keep(_ songs: [FileState]) {
    for state in songs {
      found.insert(state.id)
      sheets.songs.append(state.path)
      sheets.covered.insert(Array(state.source.file.utf8))
    }
  }

  /// Leaves songs as they are whose sheet is still there, but does not find them: it is broken, perhaps for a moment
  /// only. Their file becomes one song if the sheet is gone, or says something else.
  private mutating func keepSongsOfBrokenSheets() {
    for walked in walks {
      let (walk, isUsed) = (walked.walk, Set(walked.walk.sheets.map { Array($0.path.utf8) }))
      let lost = walked.known.compactMap { state -> (sheet: String, state: FileState)? in
        guard state.source.bounds != nil, !found.contains(state.id), !sheets.covers(state.source.file),
          let sheet = SheetSong.parts(of: state.path)?.sheet, !sheet.utf8.elementsEqual(state.source.file.utf8),
          !Self.isGone(state.source.file)
        else { return nil }
        return (sheet, state)
      }
      for (key, songs) in Dictionary(grouping: lost, by: { Array($0.sheet.utf8) }).sorted(by: {
        $0.value[0].sheet < $1.value[0].sheet
      }) {
        let path = songs[0].sheet
        let isAway = walk.unreadable.contains {
          $0.path.utf8.elementsEqual(path.utf8) || AudioFileWalk.lies(path, below: $0.path)
        }
        let isBroken = isUsed.contains(key) ? sheets.broken.contains(key) : !Self.isGone(path)
        guard isBroken, isAway || !options.prune else { continue }
        keep(songs.map(\.state))
        if let sheet = walk.sheets.first(where: { $0.path.utf8.elementsEqual(path.utf8) }) {
          sheets.problems.append((sheet, "\(Self.kept(songs.count))."))
        } else if !isAway && !walk.danglingLinks.contains(where: { $0.utf8.elementsEqual(path.utf8) }) {
          // The others are told by themselves.
          summary.skipped.append((path, "no CUE sheet can be read there; \(Self.kept(songs.count))"))
        }
      }
    }
  }

  private static func isGone(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR)
  }

  /// Decides for each song that a sheet beside a file finds whether it is known, and for each such file that it is no
  /// song of its own.
  mutating func matchSheets() throws(CatalogueError) {
    let files =
      sheets.cuts.isEmpty
      ? [:]
      : Dictionary(
        walks.flatMap(\.walk.files).map { (Array($0.path.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    for cut in sheets.cuts {
      guard let file = files[Array(cut.file.utf8)] ?? AudioFileWalk(root: cut.file).files.first else { continue }
      var info: AudioFileInfo?
      if try !isUpToDate(cut.songs, file.stamp) {
        // What cannot be read at all says so itself when it is listened to.
        info = try? AudioDecoder.info(ofFile: file.path)
        do throws(CueSheetError) {
          try cut.check(inFileOf: info?.duration)
        } catch {
          if let sheet = sheets.sheets[Array(cut.file.utf8)] { noteBroken([error], sheet) }
          continue
        }
      }
      guard own(file, path: file.path) else { continue }
      sheets.covered.insert(Array(cut.file.utf8))
      for song in cut.songs { try consider(song, stamp: file.stamp, info: info) }
    }
    keepSongsOfBrokenSheets()
    try tellProblems()
  }

  private func isUpToDate(_ songs: [SheetSong], _ stamp: FileStamp) throws(CatalogueError) -> Bool {
    for song in songs {
      guard let state = try state(of: song), state.isHeard(as: song, stamp), state.sheetEntry == song.entry else {
        return false
      }
    }
    return true
  }

  /// What the catalogue holds of a song.
  private func state(of song: SheetSong) throws(CatalogueError) -> FileState? {
    for walked in walks { if let state = walked.known[path: song.path] { return state } }
    return nil
  }

  /// Decides whether a song is to be heard; `info` is what is known of its file.
  private mutating func consider(_ song: SheetSong, stamp: FileStamp, info: AudioFileInfo?) throws(CatalogueError) {
    sheets.songs.append(song.path)
    let state = try state(of: song)
    if let state { found.insert(state.id) }
    var item = Pending(
      path: song.path, source: song.source, stamp: stamp, state: state, isAskedFor: true, sheetSong: song)
    guard let state, state.isHeard(as: song, stamp) else { return consider(item) }
    guard state.sheetEntry != song.entry, let info else { return noteUnchanged(state, stamp) }
    // Only what the sheet says of it has changed.
    item.isCounted = true
    let track = item.track(
      info, duration: song.source.bounds?.duration(inFileOf: info.duration), digest: state.soundDigest)
    guard try !catalogue.relocate([.init(id: state.id, oldPath: state.path, track: track)]).isEmpty else { return }
    summary.updated += 1
    recognised.append(song.path)
  }

  // MARK: - Sheets inside files

  /// Whether a file is known as several songs by a sheet that it holds itself, and, if so, decides what is to be heard of
  /// them.
  mutating func matchEmbedded(_ file: AudioFileWalk.File, known: [FileState]) throws(CatalogueError) -> Bool {
    let states = known.filter { SheetSong.parts(of: $0.path)?.sheet.utf8.elementsEqual(file.path.utf8) == true }
    guard !states.isEmpty else { return false }
    let isComplete = states.allSatisfy { state in
      state.hasEmbedding && FileStamp(state) == file.stamp && state.sheetEntry?.songCount == states.count
    }
    if isComplete {
      sheets.covered.insert(Array(file.path.utf8))
      for state in states {
        found.insert(state.id)
        sheets.songs.append(state.path)
        noteUnchanged(state, file.stamp)
      }
      return true
    }
    let info: AudioFileInfo
    do throws(AudioDecodingError) {
      info = try AudioDecoder.info(ofFile: file.path)
    } catch {
      // It turned bad, or is away: what was heard of it before answers.
      found.formUnion(states.map(\.id))
      return false
    }
    // The sheet in it is broken, perhaps since the file is not whole at the moment.
    if !options.prune, info.notes.contains(where: \.isOfTheCueSheet) {
      keep(states)
      summary.skipped.append((file.path, "the CUE sheet in it cannot be used now; \(Self.kept(states.count))"))
      return true
    }
    guard own(file, path: file.path) else { return true }
    return try cut(file.path, file.stamp, by: info)
  }

  /// Cuts a file into the songs of the sheet that it holds; false if it has none.
  mutating func cut(_ path: String, _ stamp: FileStamp, by info: AudioFileInfo) throws(CatalogueError) -> Bool {
    guard !info.cueSongs.isEmpty else { return false }
    sheets.covered.insert(Array(path.utf8))
    for song in SheetSong.songs(info.cueSongs, inFile: path) { try consider(song, stamp: stamp, info: info) }
    return true
  }

  /// Cuts files that turned out to hold sheets when they were listened to, or their tags were read; what is to be heard
  /// of them is pending then.
  mutating func cutLate(_ files: [Album]) throws(CatalogueError) {
    pending = []
    for file in files where try cut(file.path, file.stamp, by: file.info) {
      if let state = try catalogue.fileStates(under: file.path, model: nil)[path: file.path] {
        summary.forgotten += try catalogue.forget([state])
      }
    }
  }

  /// A file that holds several songs by its own sheet.
  struct Album {
    var path: String
    var stamp: FileStamp
    var info: AudioFileInfo
  }

  // MARK: - What became something else

  /// Whether a track is no song any more, although its file is there: a sheet cuts it into others, or no sheet does.
  func isSuperseded(_ state: FileState) -> Bool {
    guard !found.contains(state.id) else { return false }
    return state.source.bounds == nil ? sheets.covers(state.path) : presentFiles.contains(Array(state.source.file.utf8))
  }

  /// Forgets what became something else.
  mutating func forgetSuperseded() throws(CatalogueError) {
    let states = walks.flatMap { walked in walked.known.filter(isSuperseded) }
    guard !states.isEmpty else { return }
    summary.forgotten += try catalogue.forget(states)
    found.formUnion(states.map(\.id))
  }

  // MARK: - What is said of sheets

  /// Says what is wrong with sheets, once, and forgets what is no longer true.
  private mutating func tellProblems() throws(CatalogueError) {
    let all = walks.flatMap(\.walk.sheets)
    guard !all.isEmpty else { return }
    let said = Dictionary(notes.map { (Array($0.path.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    var reasons: [[UInt8]: String] = [:]
    for problem in sheets.problems {
      let key = Array(problem.sheet.path.utf8)
      reasons[key] = [reasons[key], problem.reason].compactMap(\.self).joined(separator: " ")
    }
    for sheet in all {
      let (reason, remark) = (reasons[Array(sheet.path.utf8)], said[Array(sheet.path.utf8)])
      guard reason != remark?.reason else { continue }
      try catalogue.replaceRemarks(
        on: [sheet.path],
        by: reason.map { reason in
          [
            FileRemark(
              path: sheet.path, kind: .note, reason: reason, fileSize: sheet.stamp.size,
              modificationTime: sheet.stamp.modificationTime, software: Self.anySoftware)
          ]
        } ?? [])
      if let reason { sheetNotes.append((sheet.path, reason)) }
    }
  }
}

extension AudioFileNote {
  fileprivate var isOfTheCueSheet: Bool { if case .unusableCueSheet = self { true } else { false } }
}

extension FileState {
  /// Whether it is this song, and was heard in the file as it is.
  fileprivate func isHeard(as song: SheetSong, _ stamp: FileStamp) -> Bool {
    hasEmbedding && FileStamp(self) == stamp && source == song.source
  }
}

extension SheetSong {
  /// What the catalogue remembers of what the sheet said.
  var entry: SheetEntry { SheetEntry(digest: digest, songCount: songCount) }
}
