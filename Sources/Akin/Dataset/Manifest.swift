import Foundation
import SwiftCSV

/// A dataset: a CSV file with one song a line, `path,artist,album,genre,subgenre,class` and any columns of the user's
/// own. Cells may be empty; relative paths start at the manifest's folder.
public struct Manifest: Sendable, Hashable {
  /// One song.
  public struct Song: Sendable, Hashable {
    /// The path as the manifest has it.
    public var path: String
    /// The performing artist; empty where unknown.
    public var artist = ""
    /// The album; empty where unknown.
    public var album = ""
    /// The genre; empty where unknown.
    public var genre = ""
    /// The sub-genre; empty where unknown.
    public var subgenre = ""
    /// The class that the song belongs to; empty where it belongs to none.
    public var className = ""
    /// The cells of `Manifest.extraColumns`.
    public var extra: [String] = []

    /// A song of which only the path is known.
    public init(path: String) { self.path = path }
  }

  /// The columns that this program knows, in the order in which it writes them.
  public static let columns = ["path", "artist", "album", "genre", "subgenre", "class"]

  /// The songs in the order of the lines, which is also the order in which equal similarities rank.
  public var songs: [Song]
  /// The names of the user's own columns.
  public var extraColumns: [String]
  /// What relative paths start at.
  public var folder: URL

  /// A manifest that will lie in `folder`.
  public init(songs: [Song], extraColumns: [String] = [], folder: URL) {
    self.songs = songs
    self.extraColumns = extraColumns
    self.folder = folder
  }

  /// The absolute path of a song's file.
  public func filePath(of song: Song) -> String {
    song.path.hasPrefix("/") ? song.path : folder.appending(path: song.path).standardizedFileURL.path
  }

  /// The names of the classes, sorted.
  public var classNames: [String] { Set(songs.map(\.className)).subtracting([""]).sorted() }

  /// Several manifests as one, with absolute paths.
  public init(joining manifests: [Manifest]) {
    let songs = manifests.flatMap { manifest in
      manifest.songs.map { song in
        var song = song
        (song.path, song.extra) = (manifest.filePath(of: song), [])
        return song
      }
    }
    self.init(songs: songs, folder: URL(filePath: "/"))
  }

  /// The same manifest with some of its songs.
  public func selecting(_ indices: [Int]) -> Manifest {
    var result = self
    result.songs = indices.map { songs[$0] }
    return result
  }
}

// MARK: - The file

extension Manifest {
  /// Reads a manifest.
  public init(contentsOf file: URL) throws(DatasetError) {
    let text: String
    do {
      text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    } catch {
      throw DatasetError(
        path: file.path, reason: "it cannot be read: \(error.localizedDescription)",
        remedy: "Name a CSV manifest; `akin dataset folder` makes one.")
    }
    try self.init(text: text, name: file.path, folder: file.deletingLastPathComponent())
  }

  /// Reads a manifest's text; `name` is what errors call it.
  init(text: String, name: String, folder: URL) throws(DatasetError) {
    let withoutMark = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    var rows: [[String]]
    do {
      rows = [try EnumeratedCSV(string: withoutMark, delimiter: .comma, loadColumns: false).header]
      rows += try EnumeratedCSV(string: withoutMark, delimiter: .comma, loadColumns: false).rows
    } catch {
      throw DatasetError(path: name, reason: "it is no CSV: \(error)", remedy: "Check its quotation marks.")
    }
    let header = rows.removeFirst().map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    guard let pathColumn = header.firstIndex(of: "path") else {
      throw DatasetError(
        path: name, reason: "its first line names no column `path`",
        remedy: "Begin it with \(Self.columns.joined(separator: ",")).")
    }
    let extra = header.indices.filter { !Self.columns.contains(header[$0]) && !header[$0].isEmpty }
    func column(_ name: String) -> Int? { header.firstIndex(of: name) }
    let (artist, album) = (column("artist"), column("album"))
    let (genre, subgenre, className) = (column("genre"), column("subgenre"), column("class"))
    var songs: [Song] = []
    for (number, row) in rows.enumerated() where !row.allSatisfy(\.isEmpty) {
      func cell(_ column: Int?) -> String {
        guard let column, column < row.count else { return "" }
        return row[column].trimmingCharacters(in: .whitespaces)
      }
      var song = Song(path: cell(pathColumn))
      guard !song.path.isEmpty else {
        throw DatasetError(
          path: name, reason: "song \(number + 1) has no path", remedy: "Fill its first cell or delete its line.")
      }
      (song.artist, song.album, song.genre) = (cell(artist), cell(album), cell(genre))
      (song.subgenre, song.className) = (cell(subgenre), cell(className))
      song.extra = extra.map { cell($0) }
      songs.append(song)
    }
    guard !songs.isEmpty else {
      throw DatasetError(path: name, reason: "it lists no song", remedy: "`akin dataset folder` makes a manifest.")
    }
    self.init(songs: songs, extraColumns: extra.map { header[$0] }, folder: folder)
  }

  /// The manifest as CSV.
  public var text: String {
    let lines = songs.map { song in
      [song.path, song.artist, song.album, song.genre, song.subgenre, song.className] + song.extra
    }
    return ([Self.columns + extraColumns] + lines).map { cells in
      cells.map(Self.quoted).joined(separator: ",") + "\n"
    }.joined()
  }

  /// Writes the manifest; a half-written file never takes the place of a whole one.
  public func write(to file: URL) throws(DatasetError) {
    do {
      try Data(text.utf8).write(to: file, options: .atomic)
    } catch {
      throw DatasetError(
        path: file.path, reason: "it cannot be written: \(error.localizedDescription)",
        remedy: "Choose another place.")
    }
  }

  private static func quoted(_ cell: String) -> String {
    let isPlain = !cell.contains { $0 == "," || $0 == "\"" || $0.isNewline } && cell.first?.isWhitespace != true
    return isPlain ? cell : "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
