import Foundation
import TestSupport
import Testing

@Suite(.needsTheProgram) struct MapTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func akin(_ arguments: String...) throws -> AkinProcess.Output { try AkinProcess.run(arguments, in: folder) }

  @Test func picturesAndPages() throws {
    try TestSong.writeCollection(kinds: 3, variants: 4, in: folder("music"))
    #expect(try akin("index", "music", "--quiet").status == 0)
    let printed = try akin("map", "--quiet", "-j1")
    #expect(printed.status == 0 && printed.standardError.isEmpty)
    #expect(printed.standardOutput.hasPrefix("<svg ") && printed.standardOutput.hasSuffix("</svg>\n"))
    let written = try akin("map", "-o", "map.svg", "--seed", "0")
    #expect(written.status == 0 && written.standardOutput.isEmpty)
    #expect(written.standardError.contains("12 songs drawn in map.svg"))
    let svg = try String(contentsOf: URL(filePath: folder("map.svg")), encoding: .utf8)
    #expect(svg == printed.standardOutput, "neither the threads nor the place changes the map")
    #expect(try akin("map", "--quiet", "--seed", "1").standardOutput != svg)

    #expect(try akin("map", "-o", "map.html", "--colour", "album", "--perplexity", "3").status == 0)
    let page = try String(contentsOf: URL(filePath: folder("map.html")), encoding: .utf8)
    #expect(page.hasPrefix("<!doctype html>"))
    #expect(try akin("map", "--format", "html", "--color", "genre").standardOutput.hasPrefix("<!doctype html>"))
  }

  @Test func whatCannotBeDrawnIsSaid() throws {
    let empty = try akin("map")
    #expect(empty.status == 1 && empty.standardError.contains("akin index FOLDER"))
    try TestSong(kind: 0, variant: 0).write(to: folder("music/one.wav"))
    _ = try akin("index", "music", "--quiet")
    let one = try akin("map", "--quiet")
    #expect(one.status == 1 && one.standardError.contains("holds one song only"))
    try TestSong(kind: 1, variant: 0).write(to: folder("music/two.wav"))
    _ = try akin("index", "music", "--quiet")
    #expect(try akin("map", "--quiet").status == 0)
    try FileManager.default.createDirectory(
      at: URL(filePath: folder("folder.svg")), withIntermediateDirectories: true)
    let unwritable = try akin("map", "-o", "folder.svg")
    #expect(unwritable.status == 1 && unwritable.standardError.contains("cannot be written"))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full here"))
  func aFullDiskIsSaidAndDevicesAndLinksStay() throws {
    try TestSong.writeCollection(kinds: 3, variants: 4, in: folder("music"))
    _ = try akin("index", "music", "--quiet")
    // More than a buffer of output, which would otherwise fail before the end, unseen.
    let printed = try AkinProcess.run([], in: folder, shell: "\"$0\" map > /dev/full")
    #expect(printed.status == 1 && printed.standardError.contains("standard output cannot be written"))
    // A link to it, so that the machine keeps its device whatever happens.
    let (full, picture) = (folder("full.svg"), folder("picture.svg"))
    try FileManager.default.createSymbolicLink(atPath: full, withDestinationPath: "/dev/full")
    let written = try akin("map", "-o", "full.svg")
    #expect(written.status == 1 && written.standardError.contains("cannot be written"))
    try folder.write("", to: "real.svg")
    try FileManager.default.createSymbolicLink(atPath: picture, withDestinationPath: folder("real.svg"))
    #expect(try akin("map", "-o", "picture.svg").status == 0)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: picture) == folder("real.svg"))
    #expect(try String(contentsOf: URL(filePath: folder("real.svg")), encoding: .utf8).hasPrefix("<svg "))
  }

  @Test(arguments: [
    ["-o", "map.png"], ["-o", "nowhere/map.svg"], ["-o", ""], ["--perplexity", "0.5"], ["--perplexity", "nan"],
    ["--colour", "mood"], ["--format", "png"], ["-j", "0"],
  ])
  func wrongUsage(arguments: [String]) throws {
    let output = try AkinProcess.run(["map"] + arguments, in: folder)
    #expect(output.status == 64)
    #expect(output.standardOutput.isEmpty)
  }
}
