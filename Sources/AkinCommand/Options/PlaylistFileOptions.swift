import ArgumentParser
import AudioFiles
import Catalogue
import Files
import Foundation
import MusicLibrary

/// Where songs are written as a playlist.
struct PlaylistFileOptions: ParsableArguments {
  @Option(
    name: .customLong("m3u"), help: ArgumentHelp("Write the songs as a playlist; - prints it.", valueName: "file"))
  var m3u: String?

  @Option(
    name: .customLong("xspf"),
    help: ArgumentHelp("Write the songs as an XSPF playlist, which holds any path; - prints it.", valueName: "file"))
  var xspf: String?

  @Flag(
    help: """
      Write the playlist's paths relative to the folder that it lies in, so that both can be moved together; with \
      --m3u - relative to the current folder.
      """)
  var relative = false

  @Option(help: ArgumentHelp("Write the playlist's paths relative to a folder.", valueName: "folder"))
  var relativeTo: String?

  @OptionGroup var overwriting: OverwriteOptions

  static let discussion = """
    A playlist (M3U) is text in UTF-8 with one path a line, absolute unless --relative or --relative-to is given. A \
    relative path that begins with # or a blank is written with ./ before it. A path with control characters or a \
    blank at its end is written as a file:// URL. A song whose path has an end of a line in it cannot be in a \
    playlist: it is left out with a note.
    """

  /// The files that are to be written.
  var files: [String] { [m3u, xspf].compactMap(\.self).filter { $0 != "-" } }

  /// Whether a playlist takes standard output.
  var printsPlaylist: Bool { m3u == "-" || xspf == "-" }

  func validate() throws {
    for (name, file) in [("--m3u", m3u), ("--xspf", xspf)] where file == "" {
      throw ValidationError("\(name) must name a file, or - to print the playlist.")
    }
    if let m3u, m3u == xspf { throw ValidationError("--m3u and --xspf name one file.") }
    if m3u == "-" && xspf == "-" { throw ValidationError("Print either --m3u - or --xspf -.") }
    if m3u == nil && (relative || relativeTo != nil) {
      throw ValidationError("--relative and --relative-to go with --m3u.")
    }
    if relative && relativeTo != nil { throw ValidationError("Give either --relative or --relative-to.") }
    if let relativeTo { try Self.checkFolder(relativeTo) }
  }

  /// Refuses, before any work, to overwrite what is no playlist, and the library in any case.
  func check(library: String) throws(FileError) {
    for file in files {
      if let identity = FileIdentity(path: file), identity == FileIdentity(path: library) {
        throw FileError(path: file, reason: "it is the library itself", remedy: "Name another file.")
      }
      try overwriting.check(file, is: .playlist)
    }
  }

  func write(_ tracks: [Track], notes: Terminal) throws {
    // A filter with a typo must not empty a playlist.
    if tracks.isEmpty && !printsPlaylist { return }
    let playlist = Playlist(tracks: tracks)
    if let m3u { try writeM3U(playlist, to: m3u, notes: notes) }
    if let xspf { try write(playlist.xspf(), to: xspf) }
  }

  private func writeM3U(_ playlist: Playlist, to file: String, notes: Terminal) throws {
    let own = file == "-" ? "." : (file as NSString).deletingLastPathComponent
    let m3u = playlist.extendedM3U(relativeTo: relative ? (own.isEmpty ? "." : own) : relativeTo)
    try write(m3u.text, to: file)
    for track in m3u.omitted {
      notes.warn("left out of the playlist: \(shownPath(track.path)), since its path has an end of a line")
    }
  }

  private func write(_ text: String, to file: String) throws(FileError) {
    if file == "-" {
      StandardOutput.writeFile(text)
    } else {
      try overwriting.write(Data(text.utf8), to: file, as: .playlist)
    }
  }

  private static func checkFolder(_ folder: String) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw ValidationError("There is no folder \(folder) that paths could be relative to.")
    }
  }
}
