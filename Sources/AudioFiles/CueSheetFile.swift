import AudioDecoding
import Foundation
import Tags

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A CUE sheet beside the audio files that it is about.
package struct CueSheetFile: Sendable {
  /// Its path.
  package let path: String
  /// What is in it.
  package let sheet: CueSheet

  /// Songs of a file, two or more.
  package struct Cut: Sendable {
    /// The file that holds them.
    package var file: String
    /// The songs.
    package var songs: [SheetSong]

    /// Checks that all songs begin before the file ends, which lasts so many seconds, nil if that is not known.
    package func check(inFileOf duration: Double?) throws(CueSheetError) {
      guard let start = songs.last?.source.bounds?.start else { return }
      try CueSheet.check(
        last: "last song in \(CueSheetFile.name(of: file))", beginningAt: start, inFileOf: duration)
    }
  }

  /// Reads a sheet.
  /// - Throws: `CueSheetError`.
  package init(path: String) throws(CueSheetError) {
    self.path = path
    sheet = try CueSheet(bytes: Self.bytes(of: path))
  }

  /// All bytes, up to one more than a sheet may have.
  private static func bytes(of path: String) throws(CueSheetError) -> [UInt8] {
    func failure() -> CueSheetError {
      CueSheetError(
        "it cannot be read: \(String(cString: strerror(errno)))", remedy: "Check its permissions and the disk.",
        isUnreadable: true)
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: CueSheet.mostBytes + 1)
    var count = 0
    while count < bytes.count {
      let room = bytes.count - count
      let read = bytes.withUnsafeMutableBytes { buffer in
        Foundation.read(descriptor, buffer.baseAddress.map { $0 + count }, room)
      }
      if read < 0 && errno == EINTR { continue }
      guard read >= 0 else { throw failure() }
      if read == 0 { break }
      count += read
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// The files that hold several songs by this sheet, and what keeps it from finding songs in others. A file of one song
  /// stays as it is.
  ///
  /// - Parameters:
  ///   - root: The folder that files must lie in, at any depth.
  ///   - names: The names of the audio files in a folder, given by its path.
  package func cuts(
    inside root: String, names: (_ folder: String) -> AudioNames
  ) -> (cuts: [Cut], problems: [CueSheetError]) {
    var cuts: [Cut] = []
    var problems: [CueSheetError] = []
    for index in sheet.files.indices {
      do throws(CueSheetError) {
        guard try sheet.songs(inFile: index).count > 1 else { continue }
        let cut = try cut(file: index, inside: root, names: names)
        if cuts.contains(where: { $0.file.utf8.elementsEqual(cut.file.utf8) }) {
          throw CueSheetError("it names \(Self.name(of: cut.file)) twice, as “\(sheet.files[index])” the second time")
        }
        cuts.append(cut)
      } catch {
        problems.append(error)
      }
    }
    return (cuts, problems)
  }

  /// One of the sheet's files, and its songs; see ``cuts(inside:names:)``.
  func cut(
    file index: Int, inside root: String, names: (_ folder: String) -> AudioNames
  ) throws(CueSheetError) -> Cut {
    let songs = try sheet.songs(inFile: index)
    let file = try file(named: sheet.files[index], inside: root, names: names)
    return Cut(file: file, songs: songs.map { SheetSong($0, sheet: path, file: file, songCount: songs.count) })
  }

  /// What the sheet says of the song of a name; nil if it has no such song.
  package func tags(ofSong path: String) -> AudioTags? {
    for index in sheet.files.indices {
      guard let songs = try? sheet.songs(inFile: index) else { continue }
      for song in songs
      where SheetSong(song, sheet: self.path, file: "", songCount: 0).path.utf8.elementsEqual(path.utf8) {
        return song.tags
      }
    }
    return nil
  }

  private static func name(of path: String) -> String { (path as NSString).lastPathComponent }

  // MARK: - Which file is meant

  /// The path of the file that the sheet means by a name: the one of that name; or else the only one of that name in
  /// another case, normalisation or code page; or else the only one with another ending, since rips are converted; or
  /// else, if the sheet names one file only, the only one that is called like the sheet.
  private func file(
    named written: String, inside root: String, names: (_ folder: String) -> AudioNames
  ) throws(CueSheetError) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    var isOutside: String?
    for name in readings(of: written) {
      var (parts, isAbsolute) = CueFileName.parts(of: name)
      // Of a path on the disk of whoever ripped it only the name says something here.
      if isAbsolute { parts = Array(parts.suffix(1)) }
      guard let last = parts.popLast() else { continue }
      let place = AudioFileWalk.lexicalPath(([folder] + parts).joined(separator: "/"))
      guard place.utf8.elementsEqual(root.utf8) || AudioFileWalk.lies(place, below: root) else {
        isOutside = name
        continue
      }
      if let found = names(place).match(last) { return place + "/" + found }
    }
    if sheet.files.count == 1, let found = names(folder).only(like: Self.name(of: path)) {
      return folder + "/" + found
    }
    if let isOutside {
      throw CueSheetError(
        "its file “\(isOutside)” lies outside of \(root)",
        remedy: "Move the file beside the sheet, or correct the sheet.")
    }
    let reading = readings(of: written).last ?? written
    throw CueSheetError(
      "its file “\(reading)” is not there", remedy: "Bring the file back, correct the sheet, or delete it.")
  }

  /// A name as it may be meant: what code page it is in may show by all names and titles.
  private func readings(of name: String) -> [String] {
    guard !sheet.isDeclared else { return [name] }
    let decoded = LegacyCharset.detect(in: sheet.texts).flatMap { $0.decoded(name) }
    return [decoded, name].compactMap(\.self)
  }

  /// Which of two sheets is to be believed for a file: the one that is called like the file; or else the first.
  package static func prefers(_ sheet: String, to other: String, for file: String) -> Bool {
    func isNamed(like path: String) -> Bool {
      let name = CueFileName.stem(of: Self.name(of: path))
      return name == CueFileName.stem(of: Self.name(of: file)) || name == CueFileName.key(of: Self.name(of: file))
    }
    let (first, second) = (isNamed(like: sheet), isNamed(like: other))
    return first == second ? sheet.utf8.lexicographicallyPrecedes(other.utf8) : first
  }
}
