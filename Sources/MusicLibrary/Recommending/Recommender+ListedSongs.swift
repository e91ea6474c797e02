import AudioFiles
import Catalogue
import Foundation

/// What a playlist file lists, beside what a library has of it.
public struct ListedSongs: Sendable {
  /// The songs that the library has, in the order of the list, each once.
  public fileprivate(set) var songs: [TrackID] = []
  /// The paths of what can be asked about: these songs, and files that the library does not have.
  var paths: [String] = []
  /// Why others do not count, a sentence each.
  var lost: [String] = []
  /// How many addresses it has that are no files.
  var addressCount = 0

  /// Whether there is nothing to ask about.
  public var isEmpty: Bool { paths.isEmpty }

  /// What does not count, in a sentence; nil if all does.
  public var note: String? {
    var parts: [String] = []
    if let first = lost.first {
      let rest = lost.count > 1 ? ", and \(lost.count - 1) more" : ""
      parts.append("\(first)\(rest)")
    }
    if addressCount == 1 { parts.append("1 address is no file") }
    if addressCount > 1 { parts.append("\(addressCount) addresses are no files") }
    return parts.isEmpty ? nil : parts.joined(separator: "; ") + "; the rest counts"
  }

  /// What is wrong if nothing can be asked about.
  func error(_ path: String) -> LibraryError {
    note == nil ? .noSongs(path) : .lostSongs(path, count: lost.count + addressCount, example: lost.first)
  }
}

extension Recommender {
  /// What a playlist lists: an M3U, a PLS or an XSPF file. Each path is looked up once, however often it is listed.
  ///
  /// - Throws: `FileError`, `CatalogueError`; `AudioDecodingError` if it cannot be told whether a file is there.
  public func listedSongs(inPlaylist path: String) throws -> ListedSongs {
    let entries = try Playlist.entries(inFile: path)
    var seen: Set<String> = []
    let paths = entries.paths.filter { seen.insert($0).inserted }
    let known = try catalogue.ids(paths: paths)
    var (list, songs) = (ListedSongs(), Set<TrackID>())
    list.addressCount = entries.addressCount
    for path in paths {
      let id = try known[path] ?? indexed(path)?.id
      if let id, songs.insert(id).inserted { list.songs.append(id) }
      if id != nil || FileManager.default.fileExists(atPath: SheetSong.parts(of: path)?.sheet ?? path) {
        list.paths.append(path)
      } else {
        list.lost.append("\(path) cannot be found")
      }
    }
    return list
  }

  /// The songs of a playlist, of which some may be unknown to the library: they are listened to.
  func seed(playlist path: String) throws -> Seed {
    var list = try listedSongs(inPlaylist: path)
    var queries: [Query] = []
    for path in Self.spread(list.paths) {
      do { queries.append(try query(named: path)) } catch { list.lost.append("\(error)") }
    }
    guard !queries.isEmpty else { throw list.error(path) }
    var seed = Seed(.playlist, name: path, songs: Set(list.songs), queries: queries)
    seed.isPath = true
    seed.note = list.note.map { "\(path): \($0)" }
    return seed
  }
}
