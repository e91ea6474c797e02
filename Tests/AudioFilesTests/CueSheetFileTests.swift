import AudioFiles
import Foundation
import Tags
import TestSupport
import Testing

/// Which files a CUE sheet means.
@Suite struct CueSheetFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func cuts(
    _ file: String, sheet: String = "sub/album.cue", files: [String]
  ) throws -> (files: [String], problems: [String]) {
    for name in files { try folder.write("x", to: name) }
    try folder.write(
      "FILE \"\(file)\" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 01:00:00", to: sheet)
    let walk = AudioFileWalk(root: folder.path)
    let names = Dictionary(grouping: walk.files.map(\.path)) { ($0 as NSString).deletingLastPathComponent }
    let found = try CueSheetFile(path: folder(sheet)).cuts(inside: folder.path) { path in
      AudioNames((names[path] ?? []).map { ($0 as NSString).lastPathComponent })
    }
    return (found.cuts.map { String($0.file.dropFirst(folder.path.utf8.count + 1)) }, found.problems.map(\.description))
  }

  @Test(arguments: [
    ("a.wav", ["sub/a.wav", "sub/b.wav"], "sub/a.wav"), ("a.wav", ["sub/a.flac", "sub/b.flac"], "sub/a.flac"),
    ("A.WAV", ["sub/a.wav", "sub/b.wav"], "sub/a.wav"), ("a.wav", ["sub/a.wav", "sub/A.wav"], "sub/a.wav"),
    ("cd/a.wav", ["sub/cd/a.wav", "sub/a.wav"], "sub/cd/a.wav"), (#"cd\a.wav"#, ["sub/cd/a.wav"], "sub/cd/a.wav"),
    (#"D:\Rips\a.wav"#, ["sub/a.wav"], "sub/a.wav"), ("/elsewhere/a.wav", ["sub/a.wav"], "sub/a.wav"),
    ("../a.wav", ["a.wav"], "a.wav"), ("./a.wav", ["sub/a.wav"], "sub/a.wav"),
    ("e\u{301}.wav", ["sub/\u{E9}.flac"], "sub/\u{E9}.flac"),
    // Called like the sheet.
    ("CDImage.wav", ["sub/album.flac", "sub/b.flac"], "sub/album.flac"),
  ]) func theFileIsFound(name: String, files: [String], found: String) throws {
    let result = try cuts(name, files: files)
    #expect(result.files == [found] && result.problems.isEmpty, "\(result.problems)")
  }

  @Test(arguments: [
    ("a.wav", ["sub/b.wav"], "is not there"), ("a.wav", ["sub/a.flac", "sub/a.ape"], "is not there"),
    ("../../a.wav", ["a.wav"], "outside"), ("/etc/passwd", ["sub/b.wav"], "is not there"), ("", ["sub/b.wav"], "there"),
    ("..", ["sub/b.wav"], "there"),
  ]) func whatIsNotThereIsTold(name: String, files: [String], reason: String) throws {
    let result = try cuts(name, files: files)
    #expect(result.files.isEmpty)
    #expect(result.problems.count == 1 && result.problems[0].contains(reason), "\(result.problems)")
  }

  @Test func aNameInAnOldCodePageIsFound() throws {
    let name: [UInt8] = [0xCF, 0xE5, 0xF1, 0xED, 0xE8, 0x20, 0xE2, 0xE5, 0xF1, 0xED, 0xFB]
    try folder.write("x", to: "Песни весны.flac")
    try folder.write("x", to: "other.flac")
    let text = "TRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 01:00:00"
    let bytes = Array("FILE \"".utf8) + name + Array(".wav\" WAVE\n\(text)".utf8)
    try Data(bytes).write(to: URL(filePath: folder("sheet.cue")))
    let sheet = try CueSheetFile(path: folder("sheet.cue"))
    let cuts = sheet.cuts(inside: folder.path) { AudioNames(AudioNames.inFolder($0)) }.cuts
    #expect(cuts.map(\.file) == [folder("Песни весны.flac")])
    #expect(cuts[0].songs.map(\.path) == [folder("sheet.cue/track0001"), folder("sheet.cue/track0002")])
  }

  @Test func filesOfOneSongStayAsTheyAre() throws {
    let text = (1...3).map { "FILE \($0).wav WAVE\nTRACK \($0) AUDIO\nINDEX 01 00:00:00" }.joined(separator: "\n")
    try folder.write(text, to: "a.cue")
    let found = try CueSheetFile(path: folder("a.cue")).cuts(inside: folder.path) { _ in AudioNames([]) }
    // Not even whether they are there matters.
    #expect(found.cuts.isEmpty && found.problems.isEmpty)
  }

  @Test func aSheetCalledLikeTheFileGoesFirst() {
    #expect(CueSheetFile.prefers("/m/b.cue", to: "/m/a.cue", for: "/m/b.flac"))
    #expect(CueSheetFile.prefers("/m/b.flac.cue", to: "/m/a.cue", for: "/m/b.flac"))
    #expect(!CueSheetFile.prefers("/m/b.cue", to: "/m/a.cue", for: "/m/c.flac"))
  }

  @Test(arguments: [
    ("/m/a.cue/track0003", "/m/a.cue"), ("/m/a.flac/track12345", "/m/a.flac"), ("/m/track0001.mp3", nil),
    ("/m/track001", nil), ("/m/a.cue/track00x1", nil), ("track0001", nil),
  ]) func namesOfSongs(path: String, sheet: String?) {
    #expect(SheetSong.parts(of: path)?.sheet == sheet)
  }
}
