import AudioFiles
import Files
import Foundation

extension Manifest {
  /// Reads a manifest. A class that is spelt in several ways is one, as most of its songs write it (`NameKey`).
  public init(contentsOf file: URL) throws(DatasetError) {
    let data: Data
    do {
      data = try Data(contentsOf: file)
    } catch {
      throw DatasetError(
        path: file.path, reason: "it cannot be read: \(error.systemReason)",
        remedy: "Name a CSV manifest; `akin dataset folder` makes one.")
    }
    guard let text = String(validating: data, as: UTF8.self), !text.utf8.contains(0) else {
      throw DatasetError(
        path: file.path, reason: "it is not a text in UTF-8",
        remedy: "Name a CSV manifest, and have the program that wrote it save it as UTF-8.")
    }
    try self.init(text: text, name: file.path, folder: file.absoluteURL.deletingLastPathComponent())
  }

  /// Reads a manifest's text; `name` is what errors call it.
  package init(text: String, name: String, folder: URL) throws(DatasetError) {
    var reader = CommaSeparatedValues(text)
    let header = try Self.next(&reader, name: name)?.cells.map { $0.trimmingCharacters(in: .whitespaces) } ?? []
    let columns = Columns(header: header)
    guard columns.path != nil else {
      throw DatasetError(
        path: name, reason: "its first line names no column `path`",
        remedy: "Begin it with \(Self.columns.joined(separator: ",")), separated by commas.")
    }
    self.init(songs: [], extraColumns: columns.extra.map { header[$0] }, folder: folder)
    var lines: [ExactPath: Int] = [:]
    while let record = try Self.next(&reader, name: name) {
      if record.cells.allSatisfy(\.isEmpty) { continue }
      func problem(_ reason: String, _ remedy: String) -> DatasetError {
        DatasetError(path: name, reason: "line \(record.line) \(reason)", remedy: remedy)
      }
      guard record.cells.dropFirst(header.count).allSatisfy(\.isEmpty) else {
        throw problem(
          "has \(record.cells.count) cells, but the first line names \(header.count)",
          "Put quotation marks around cells with commas.")
      }
      let song = columns.song(record.cells)
      guard !song.path.isEmpty else { throw problem("has no path", "Fill the cell or delete the line.") }
      if let first = lines.updateValue(record.line, forKey: ExactPath(filePath(of: song))) {
        throw problem("names the song of line \(first) again: \(song.path)", "Delete one of the two lines.")
      }
      songs.append(song)
    }
    guard !songs.isEmpty else {
      throw DatasetError(path: name, reason: "it lists no song", remedy: "`akin dataset folder` makes a manifest.")
    }
    unifyClassNames()
  }

  private static func next(
    _ reader: inout CommaSeparatedValues, name: String
  ) throws(DatasetError) -> CommaSeparatedValues.Record? {
    do {
      return try reader.next()
    } catch {
      throw DatasetError(
        path: name, reason: "line \(error.line) is not CSV: \(error.reason)",
        remedy: "Put a cell that contains quotation marks in quotation marks, and double those inside.")
    }
  }

  /// The indices of the columns.
  private struct Columns {
    private let indices: [String: Int]
    let extra: [Int]
    var path: Int? { indices["path"] }

    init(header: [String]) {
      let names = header.map { $0.lowercased() }
      indices = Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
      extra = names.indices.filter { !Manifest.columns.contains(names[$0]) }
    }

    func song(_ row: [String]) -> Song {
      func cell(_ index: Int?) -> String { index.flatMap { $0 < row.count ? row[$0] : nil } ?? "" }
      func text(_ name: String) -> String { cell(indices[name]).trimmingCharacters(in: .whitespaces) }
      // A file's name may end with a space.
      var song = Song(path: cell(indices["path"]))
      (song.artist, song.album, song.genre) = (text("artist"), text("album"), text("genre"))
      (song.subgenre, song.className) = (text("subgenre"), text("class"))
      song.extra = extra.map { cell($0) }
      return song
    }
  }

  /// The manifest as CSV.
  public var text: String {
    let lines = songs.map { song in
      [song.path, song.artist, song.album, song.genre, song.subgenre, song.className] + song.extra
    }
    return CommaSeparatedValues.text([Self.columns + extraColumns] + lines)
  }

  /// Writes the manifest, whole or not at all: if writing fails, an older file stays as it was.
  public func write(to file: URL) throws(DatasetError) {
    do {
      try FileError.write(Data(text.utf8), to: file)
    } catch {
      throw DatasetError(path: error.path, reason: error.reason, remedy: error.remedy)
    }
  }
}
