import AudioDecoding
import AudioFiles
import Catalogue
import Foundation
import Tags

/// Reads the tags of known songs again without listening to them, and finds the code pages of those that declare a
/// wrong one.
struct TagUpdate {
  let catalogue: Catalogue
  let threads: Int

  /// Reads tags again: those that an earlier version read, or, if a code page is given, all, which are read in it; or
  /// all, if the code pages that are remembered are to be forgotten.
  /// Files that are gone, changed or broken are left to the rest of the indexing.
  ///
  /// - Parameters:
  ///   - roots: the folders and files to look at.
  ///   - shouldStop: asked before each file; what was read by then is stored.
  ///   - progress: is told after each file how many of how many are done.
  /// - Returns: the songs whose tags were read, files that turned out to hold several songs, and whether none was left
  ///   because of a stop.
  func readAgain(
    under roots: [String], charset: LegacyCharset?, forgetsCharsets: Bool, shouldStop: () -> Bool,
    progress: (_ done: Int, _ of: Int) -> Void
  ) throws(CatalogueError) -> (paths: [String], albums: [IndexScan.Album], isComplete: Bool) {
    var states: [FileState] = []
    var seen: Set<TrackID> = []
    // One root may lie below another.
    for root in roots {
      states += try catalogue.tagStates(under: root, areAllWanted: charset != nil || forgetsCharsets).filter {
        seen.insert($0.id).inserted
      }
    }
    var paths: [String] = []
    var albums: [IndexScan.Album] = []
    var read: [TrackID: AudioTags] = [:]
    let isComplete = try SongListening(threads: threads, worker: {}).run(
      states, shouldStop: shouldStop,
      progress: { done throws(CatalogueError) in progress(done, states.count) },
      make: { state, _ in
        (try FileStamp(path: state.source.file), try AudioDecoder.info(ofFile: state.source.file))
      },
      finish: { index, result throws(CatalogueError) in
        let state = states[index]
        guard case .success(let (stamp, info)) = result, stamp == FileStamp(state) else { return }
        if state.source.bounds == nil && !info.cueSongs.isEmpty {
          return albums.append(IndexScan.Album(path: state.path, stamp: stamp, info: info))
        }
        guard let tags = Self.tags(of: state, info) else { return }
        read[state.id] = tags
        paths.append(states[index].path)
        guard read.count >= 64 else { return }
        try catalogue.update(tags: read, charset: charset, forgetsCharset: forgetsCharsets)
        read = [:]
      })
    if !read.isEmpty { try catalogue.update(tags: read, charset: charset, forgetsCharset: forgetsCharsets) }
    return (paths, albums, isComplete)
  }

  /// What a file, or a sheet and its file, say of a song; nil if the sheet is gone or cannot be read.
  private static func tags(of state: FileState, _ info: AudioFileInfo) -> AudioTags? {
    guard state.source.bounds != nil, let sheet = SheetSong.parts(of: state.path)?.sheet else { return info.tags }
    let tags: AudioTags?
    if sheet.utf8.elementsEqual(state.source.file.utf8) {
      tags = SheetSong.songs(info.cueSongs, inFile: sheet).first { $0.path.utf8.elementsEqual(state.path.utf8) }?.tags
    } else {
      tags = (try? CueSheetFile(path: sheet))?.tags(ofSong: state.path)
    }
    return tags?.filled(fromAlbum: info.tags)
  }

  /// Finds the code page of each folder in which these songs lie: that of songs in it whose code page is known, or else
  /// what its texts are strong evidence for. An album is a folder here.
  func findCharsets(around paths: [String]) throws(CatalogueError) {
    for folder in Set(paths.map { ($0 as NSString).deletingLastPathComponent }).sorted() {
      let songs = try catalogue.tracks(inFolder: folder)
      let open = songs.filter { $0.charset == nil && !$0.track.tags.undeclared.isEmpty }
      guard !open.isEmpty else { continue }
      guard
        let charset = songs.lazy.compactMap(\.charset).first
          ?? LegacyCharset.detect(inAlbum: open.map(\.track.tags))
      else { continue }
      let tags = open.filter { charset.suits($0.track.tags.undeclaredTexts) }.map { ($0.track.id, $0.track.tags) }
      try catalogue.update(tags: Dictionary(uniqueKeysWithValues: tags), charset: charset)
    }
  }
}
