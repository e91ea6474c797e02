import AudioFiles
import Files
import Foundation

extension Playlist {
  /// What a playlist lists.
  public struct Entries: Sendable, Hashable {
    /// The paths of its songs, in their order.
    public var paths: [String]
    /// How many other addresses it has, such as those of radio stations.
    public var addressCount: Int
  }

  /// The paths of the songs in a playlist: see ``entries(inFile:)``.
  public static func paths(inFile path: String) throws(FileError) -> [String] { try entries(inFile: path).paths }

  /// What an M3U, a PLS or an XSPF file lists. Relative paths lie beside the file.
  ///
  /// A text that is not valid UTF-8 is read as Latin-1, which is what M3U and PLS were before.
  ///
  /// - Throws: `FileError` if it cannot be read, or is none of these formats.
  public static func entries(inFile path: String) throws(FileError) -> Entries {
    guard let format = Format(path: path) else {
      throw FileError(path: path, reason: "its ending is none of a playlist", remedy: "Name an M3U, PLS or XSPF file.")
    }
    let data: Data
    do { data = try Data(contentsOf: URL(filePath: path)) } catch {
      throw FileError(path: path, reason: "it cannot be read: \(error.systemReason)", remedy: "Check the path.")
    }
    guard data.count <= largestFile else {
      throw FileError(
        path: path, reason: "it has \(data.count) bytes, more than any playlist", remedy: "Name another file.")
    }
    let entries: [String]
    switch format {
    case .m3u: entries = lines(data).filter { !$0.hasPrefix("#") }
    case .pls: entries = plsEntries(lines(data))
    case .xspf:
      guard let found = XSPFReader.locations(in: String(decoding: data, as: UTF8.self)) else {
        throw FileError(path: path, reason: "it is no XSPF playlist: its XML is damaged", remedy: "Export it anew.")
      }
      entries = found
    }
    let folder = (AudioFileWalk.lexicalPath(path) as NSString).deletingLastPathComponent
    let paths = entries.compactMap { resolved($0, folder: folder, isAddress: format == .xspf) }
    return Entries(paths: paths, addressCount: entries.count - paths.count)
  }

  private static let largestFile = 64 << 20

  private static func lines(_ data: Data) -> [String] {
    let text = String(data: data, encoding: .utf8) ?? String(data: data, encoding: .isoLatin1) ?? ""
    return text.split { $0.isNewline }.map { $0.trimmingCharacters(in: .whitespaces.union(["\u{FEFF}"])) }
      .filter { !$0.isEmpty }
  }

  /// `File1=…` and so on, in the order of their numbers.
  private static func plsEntries(_ lines: [String]) -> [String] {
    lines.compactMap { line -> (Int, String)? in
      guard line.lowercased().hasPrefix("file"), let equals = line.firstIndex(of: "="),
        let number = Int(line[line.index(line.startIndex, offsetBy: 4)..<equals])
      else { return nil }
      return (number, String(line[line.index(after: equals)...]))
    }.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// An absolute path; nil for an address that is no file's.
  ///
  /// - Parameter isAddress: Whether a relative entry is a part of a URL too, as in XSPF.
  private static func resolved(_ entry: String, folder: String, isAddress: Bool) -> String? {
    if entry.lowercased().hasPrefix("file:") { return URL(string: entry)?.path }
    if let scheme = entry.range(of: "://"), entry[..<scheme.lowerBound].allSatisfy(\.isLetter) { return nil }
    let path = isAddress ? entry.removingPercentEncoding ?? entry : entry
    return AudioFileWalk.lexicalPath(path.hasPrefix("/") ? path : folder + "/" + path)
  }
}
