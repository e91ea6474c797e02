import AudioDecoding
import Foundation
import Tags

/// A song that a listener names by a path, whether a library has it or not.
package struct NamedSong: Sendable, Hashable {
  /// The file's path, or the name of a song in it.
  package var path: String
  /// The file, and the part of it that the song is.
  package var source: SongSource

  /// What a path names: a CUE sheet all songs that it finds, in their order; "album.cue/track0003" or "album.flac/track0003"
  /// one of them; any other path a file as a whole, whatever sheet is beside it or inside.
  ///
  /// - Throws: `CueSheetError`, or `AudioDecodingError` for a file that should hold a sheet.
  package static func songs(at path: String) throws -> [NamedSong] {
    let isThere = FileManager.default.fileExists(atPath: path)
    if AudioFileEndings.isCueSheet(path) && isThere { return try songs(ofSheet: path) }
    guard !isThere, let (sheet, _) = SheetSong.parts(of: path), FileManager.default.fileExists(atPath: sheet) else {
      return [NamedSong(path: path, source: SongSource(file: path))]
    }
    let all =
      AudioFileEndings.isCueSheet(sheet)
      ? try songs(ofSheet: sheet)
      : SheetSong.songs(try AudioDecoder.info(ofFile: sheet).cueSongs, inFile: sheet).map {
        NamedSong(path: $0.path, source: $0.source)
      }
    guard let song = all.first(where: { $0.path.utf8.elementsEqual(path.utf8) }) else {
      throw CueSheetError("\(sheet) has no song of that name", remedy: "Check the path.")
    }
    return [song]
  }

  private static func songs(ofSheet path: String) throws(CueSheetError) -> [NamedSong] {
    let sheet = try CueSheetFile(path: path)
    let folder = (AudioFileWalk.lexicalPath(path) as NSString).deletingLastPathComponent
    var problems: [CueSheetError] = []
    var songs: [NamedSong] = []
    for index in sheet.sheet.files.indices {
      do throws(CueSheetError) {
        let cut = try sheet.cut(file: index, inside: folder) { AudioNames(AudioNames.inFolder($0)) }
        // A file of one song is that song, under its own name.
        songs += cut.songs.map { song in
          cut.songs.count == 1
            ? NamedSong(path: cut.file, source: SongSource(file: cut.file))
            : NamedSong(path: song.path, source: song.source)
        }
      } catch {
        problems.append(error)
      }
    }
    if songs.isEmpty, let problem = problems.first { throw problem }
    return songs
  }
}
