import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct ManifestTests {
  private static func read(_ text: String) throws(DatasetError) -> Manifest {
    try Manifest(text: text, name: "songs.csv", folder: URL(filePath: "/music/", directoryHint: .isDirectory))
  }

  @Test func readsWhatDesignSays() throws {
    let manifest = try Self.read("path,artist,album,genre,subgenre,class\na.mp3,A,B,C,D,E\nb.mp3,,,,,\n")
    var first = Manifest.Song(path: "a.mp3")
    (first.artist, first.album, first.genre, first.subgenre, first.className) = ("A", "B", "C", "D", "E")
    #expect(manifest.songs == [first, Manifest.Song(path: "b.mp3")])
    #expect(manifest.classNames == ["E"])
  }

  @Test func pathsAreComparedByteByByte() throws {
    let text = "path,class\ncaf\u{E9}.mp3,x\ncafe\u{301}.mp3,x\n"
    let manifest = try Self.read(text)
    #expect(manifest.songs.count == 2)
    var (first, second, empty) = (manifest, manifest, manifest)
    empty.songs = []
    (first.songs, second.songs) = ([manifest.songs[0]], [manifest.songs[1]])
    #expect(throws: Never.self) { try DatasetParts(training: first, validation: second, test: empty) }
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func anyLineEnd(end: String) throws {
    let manifest = try Self.read(["path,class", "a.mp3,x", "", "b.mp3,y"].joined(separator: end))
    #expect(manifest.songs.map(\.path) == ["a.mp3", "b.mp3"])
    #expect(manifest.songs.map(\.className) == ["x", "y"])
  }

  @Test func quotationMarksCommasAndNewlines() throws {
    let text = "path,artist,class\n\"a,b.mp3\",\"Say \"\"Hi\"\"\",\"two\nlines\"\n"
    let manifest = try Self.read(text)
    #expect(manifest.songs.map(\.path) == ["a,b.mp3"])
    #expect(manifest.songs.map(\.artist) == ["Say \"Hi\""])
    #expect(manifest.songs.map(\.className) == ["two\nlines"])
  }

  @Test func plainCellsMayHoldQuotationMarks() throws {
    let manifest = try Self.read("path,artist,class\n 7\" single.mp3, \"A, B\" ,x")
    #expect(manifest.songs.map(\.path) == ["7\" single.mp3"] && manifest.songs.map(\.artist) == ["A, B"])
  }

  @Test func columnsInAnyOrderAndCaseWithAMarkInFront() throws {
    let manifest = try Self.read("\u{FEFF}Mood, CLASS ,Path,note\nsad,x,a.mp3,\"1,2\"\n")
    #expect(manifest.songs.map(\.path) == ["a.mp3"] && manifest.songs.map(\.className) == ["x"])
    #expect(manifest.extraColumns == ["Mood", "note"])
    #expect(manifest.songs.map(\.extra) == [["sad", "1,2"]])
  }

  @Test func shortLinesHaveEmptyCells() throws {
    let manifest = try Self.read("path,artist,album,genre,subgenre,class,mood\na.mp3,A\nb.mp3\n")
    #expect(manifest.songs.map(\.artist) == ["A", ""])
    #expect(manifest.songs.map(\.extra) == [[""], [""]])
  }

  @Test(arguments: [
    "plain", "7\" single", "with, comma", "with \"quotes\"", "\"", "line\nbreak", "carriage\r\nreturn",
    " space in front",
    "space behind ", "ünïcødé 音楽 🎵", "e\u{301} decomposed", "\u{301}combining first", ",\u{301}", "tab\there",
    "separator\u{2028}in it", "100 %", "#hash?query", "semi;colon", "-", "'",
  ])
  func aRoundTripKeepsCells(cell: String) throws {
    var song = Manifest.Song(path: "folder/\(cell).mp3")
    song.extra = [cell, ""]
    song.className = cell.trimmingCharacters(in: .whitespaces)
    var other = Manifest.Song(path: "/absolute/\(cell).mp3")
    other.extra = ["", cell]
    let manifest = Manifest(
      songs: [song, other], extraColumns: ["one", "two, three"], folder: URL(filePath: "/music"))
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "songs.csv")
    try manifest.write(to: file)
    let read = try Manifest(contentsOf: file)
    #expect(read.songs == manifest.songs)
    #expect(read.songs.map { Array($0.path.utf8) } == manifest.songs.map { Array($0.path.utf8) })
    #expect(read.extraColumns == manifest.extraColumns)
    #expect(read.text == manifest.text)
    #expect(Array(read.filePath(of: read.songs[0]).utf8) == Array("\(folder.path)/folder/\(cell).mp3".utf8))
    #expect(Array(read.filePath(of: read.songs[1]).utf8) == Array("/absolute/\(cell).mp3".utf8))
  }

  @Test func relativePathsStartAtTheManifest() throws {
    let folder = try TemporaryFolder()
    try folder.write("path\n./a.mp3\n../b.mp3\n", to: "sets/songs.csv")
    let manifest = try Manifest(contentsOf: URL(filePath: folder("sets/songs.csv")))
    #expect(manifest.songs.map(manifest.filePath) == [folder("sets/a.mp3"), folder("b.mp3")])
  }

  @Test(arguments: [
    ("", "path"), ("\n", "path"), ("artist,class\na,b\n", "no column `path`"),
    ("path;class\na.mp3;x\n", "no column `path`"),
    ("path,class\n", "no song"), ("path,class\n\n,\n", "no song"), ("path,class\n,x\n", "line 2 has no path"),
    ("path,class\na.mp3,x\nb.mp3,Hall, Oates\n", "line 3 has 3 cells"),
    ("path\na.mp3\n./a.mp3\n", "line 3 names the song of line 2"),
    ("path,class\n\"a\"b.mp3,x\n", "line 2 is not CSV"),
    ("path,class\r\na.mp3,\"x\r\ny\"\r\nb.mp3,\"z\r\n", "line 4 is not CSV: a quotation mark is never closed"),
  ])
  func errorsNameTheLineAndTheRemedy(text: String, words: String) throws {
    let error = try #require(throws: DatasetError.self) { try Self.read(text) }
    #expect(error.description.contains(words))
    #expect(error.path == "songs.csv" && !error.remedy.isEmpty)
  }

  @Test func bytesThatAreNoTextAreRefused() throws {
    let folder = try TemporaryFolder()
    for (index, bytes) in [
      [0xFF, 0xFE, 0x70, 0x00], Array("path\nM\u{fc}".utf16).map { UInt8(truncatingIfNeeded: $0) }, [0x70, 0x00],
    ].enumerated() {
      let file = folder.url.appending(path: "\(index).csv")
      try Data(bytes.map { UInt8($0) }).write(to: file)
      let error = try #require(throws: DatasetError.self) { try Manifest(contentsOf: file) }
      #expect(error.reason.contains("UTF-8"))
    }
    for name in ["missing.csv", "."] {
      let error = try #require(throws: DatasetError.self) { try Manifest(contentsOf: folder.url.appending(path: name)) }
      #expect(error.reason.contains("cannot be read: "))
      #expect(error.remedy.contains("akin dataset folder"))
    }
  }

  @Test func joiningListsASongOnce() throws {
    let one = Manifest(songs: [.init(path: "a.mp3"), .init(path: "b.mp3")], folder: URL(filePath: "/m"))
    let two = Manifest(songs: [.init(path: "/m/b.mp3"), .init(path: "c.mp3")], folder: URL(filePath: "/n"))
    #expect(Manifest(joining: [one, two]).songs.map(\.path) == ["/m/a.mp3", "/m/b.mp3", "/n/c.mp3"])
  }

  @Test func writingWhereOneCannotSaysWhy() throws {
    let folder = try TemporaryFolder()
    let manifest = Manifest(songs: [.init(path: "a.mp3")], folder: folder.url)
    let error = try #require(throws: DatasetError.self) {
      try manifest.write(to: folder.url.appending(path: "no/x.csv"))
    }
    #expect(error.reason == "the folder that it is to lie in is not there")
  }
}
