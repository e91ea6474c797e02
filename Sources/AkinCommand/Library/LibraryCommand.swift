import ArgumentParser
import AudioFiles
import Catalogue
import Files
import Foundation
import MusicLibrary

struct LibraryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "library", abstract: "Back up, move, check and tidy up the library, and exchange vectors.",
    subcommands: [
      LibraryExportCommand.self, LibraryImportCommand.self, LibraryVacuumCommand.self, LibraryCheckCommand.self,
      LibraryVectorsCommand.self, LibraryAddVectorsCommand.self,
    ])
}

extension LibraryOptions {
  /// How large a file is.
  static func bytes(of path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
  }
}

struct LibraryExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a copy of the library as one file.",
    discussion: """
      The copy holds everything: songs, vectors, models, and what you heard, blocked and mixed. It is the library as it \
      is at one moment, also while akin index runs. akin library import restores it, on another machine too. A copy is \
      a library: akin status --library FILE looks into it. The music itself is not in it.
      """)

  @Argument(help: ArgumentHelp("The file to write.", valueName: "file"))
  var file: String

  @Flag(help: "Overwrite a file that is there.")
  var force = false

  @OptionGroup var library: LibraryOptions
  @OptionGroup var notes: QuietOptions

  func run() throws {
    let catalogue = try library.openRequired()
    // Through a link, as writing does.
    let target = URL(filePath: file).resolvingSymlinksInPath().path
    let type = try? FileManager.default.attributesOfItem(atPath: target)[.type] as? FileAttributeType
    if let type, type != .typeRegular {
      throw FileError(path: file, reason: "it is no regular file", remedy: "Name another file.")
    }
    if LibraryIndexFile.isName(target, besideLibrary: URL(filePath: catalogue.path).resolvingSymlinksInPath().path) {
      throw FileError(
        path: file, reason: "the search keeps its own files under such names", remedy: "Name another file.")
    }
    // SQLite would take the log for the copy's own.
    if FileManager.default.fileExists(atPath: target + "-wal") {
      throw FileError(
        path: file, reason: "a library has its log beside it, \(shownPath(target))-wal", remedy: "Name another file.")
    }
    if FileManager.default.fileExists(atPath: target) {
      let isItself =
        URL(filePath: target).resolvingSymlinksInPath() == URL(filePath: catalogue.path).resolvingSymlinksInPath()
      guard force, !isItself else {
        throw FileError(
          path: file, reason: isItself ? "it is the library itself" : "it is there already",
          remedy: isItself ? "Name another file." : "Name another file, or overwrite it with --force.")
      }
    }
    Interruption.listen()
    try catalogue.write(copy: target, replaces: force) { Interruption.isRequested }
    let size = decimal(Double(LibraryOptions.bytes(of: target)) / 1e6, 1)
    notes.terminal.note("\(counted(try catalogue.statistics().tracks, "song")) in \(shownPath(file)) (\(size) MB)")
  }
}

struct LibraryImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Restore a copy that akin library export wrote.",
    discussion: """
      If the music lies elsewhere now, say so with --map, once for each folder: --map /home/ann/Music=/mnt/music. All \
      paths move: those of songs, of indexed folders, of what you heard and blocked, and in mixes. Songs whose size and \
      time are still the same need not be heard again. A folder in which no song lies is refused. The copy is checked first. Nothing else may use a library that is \
      replaced.
      """)

  @Argument(help: ArgumentHelp("The copy.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("Where a folder lies now.", valueName: "old=new"))
  var map: [String] = []

  @Flag(help: "Replace the library that is there.")
  var force = false

  @OptionGroup var library: LibraryOptions
  @OptionGroup var notes: QuietOptions

  func validate() throws { _ = try places() }

  func run() throws {
    let path = try library.path
    guard FileManager.default.fileExists(atPath: file) else {
      throw FileError(
        path: file, reason: "there is no such file", remedy: "Name a copy that `akin library export` wrote.")
    }
    if FileManager.default.fileExists(atPath: path), !force {
      throw FileError(
        path: path, reason: "there is a library already",
        remedy: "Name another with --library, or replace this one with --force.")
    }
    if URL(filePath: file).resolvingSymlinksInPath() == URL(filePath: path).resolvingSymlinksInPath() {
      throw FileError(path: file, reason: "it is the library itself", remedy: "Name a copy of it.")
    }
    Interruption.listen()
    let moved = try LibraryRestoration.restore(copy: file, to: path, map: PathMap(places())) {
      Interruption.isRequested
    }
    let songs = try Catalogue(asking: path).statistics().tracks
    let elsewhere = moved > 0 ? ", \(moved) of them elsewhere than before" : ""
    notes.terminal.note("\(counted(songs, "song")) restored to \(shownPath(path))\(elsewhere)")
  }

  private func places() throws -> [PathMap.Place] {
    let places = try map.map { text in
      // A name may have = in it; both sides begin with a slash.
      guard let border = text.range(of: "=/"), text.hasPrefix("/"), !text[border.upperBound...].contains("=/") else {
        throw ValidationError("--map wants two absolute paths with one = between them, such as /old/music=/new/music.")
      }
      return PathMap.Place(
        old: AudioFileWalk.lexicalPath(String(text[..<border.lowerBound])),
        new: AudioFileWalk.lexicalPath("/" + text[border.upperBound...]))
    }
    for (number, place) in places.enumerated() where places[..<number].contains(where: { $0.old == place.old }) {
      throw ValidationError("--map gives \(shownPath(place.old)) two places.")
    }
    return places
  }
}

struct LibraryVacuumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vacuum", abstract: "Make the library's file as small as what it holds.",
    discussion: "Needs as much free room beside the library as it takes. Nothing is deleted.")

  @OptionGroup var library: LibraryOptions
  @OptionGroup var notes: QuietOptions

  func run() throws {
    let catalogue = try library.openRequired()
    let before = LibraryOptions.bytes(of: catalogue.path) + LibraryOptions.bytes(of: catalogue.path + "-wal")
    Interruption.listen()
    try catalogue.vacuum { Interruption.isRequested }
    let after = LibraryOptions.bytes(of: catalogue.path) + LibraryOptions.bytes(of: catalogue.path + "-wal")
    notes.terminal.note("\(decimal(Double(before) / 1e6, 1)) MB before, \(decimal(Double(after) / 1e6, 1)) MB now")
  }
}

struct LibraryCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Look for damage in the library, and in the files beside it.",
    discussion: """
      Reads everything: SQLite's own structure, the checksums of songs and vectors, and the packed files that searches \
      read. Looks at no music. Exit status 2 if the library itself is damaged; packed files are made anew by the next \
      question.
      """)

  @OptionGroup var library: LibraryOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let check = try LibraryCheck(try library.openRequired())
    StandardOutput.write(output.json ? JSON.text(check, pretty: true) : Self.text(check))
    if !check.faults.isEmpty { throw ExitCode.doneInPart }
  }

  private static func text(_ check: LibraryCheck) -> String {
    var lines = check.faults.map { "\(visible($0.item)): \(visible($0.reason))" }
    lines += check.packedFaults.map { "\(visible($0.item)): \(visible($0.reason)); the next question makes it anew" }
    lines += check.outdated.map { "\(visible($0)): older than the library; the next question makes it anew" }
    if check.faults.isEmpty {
      lines.append("The library is whole.")
    } else {
      lines.append("The library is damaged. Restore it with akin library import, or move it away and index again.")
    }
    return lines.joined(separator: "\n")
  }
}
