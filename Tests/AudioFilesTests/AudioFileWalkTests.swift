import AudioFiles
import Foundation
import TestSupport
import Testing

/// What a walk finds, by names alone: nothing here is opened.
@Suite struct AudioFileWalkTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func names(_ walk: AudioFileWalk) -> [String] {
    walk.files.map { String($0.path.dropFirst(folder.path.count + 1)) }
  }

  @Test func oneDotHidesAndSeveralDoNot() throws {
    let files = [
      "...And Justice for All/...One.mp3", "..a/..b.mp3", ".hidden/c.mp3", ".d.mp3", "._e.mp3", "....mp3", "f.mp3",
      "sub/.g/h.mp3",
    ]
    for file in files { try folder.write("x", to: file) }
    #expect(
      names(AudioFileWalk(root: folder.path)) == [
        "....mp3", "...And Justice for All/...One.mp3", "..a/..b.mp3", "f.mp3",
      ])
    #expect(names(AudioFileWalk(root: folder(".hidden"))) == [".hidden/c.mp3"])
    #expect(names(AudioFileWalk(root: folder(".d.mp3"))) == [".d.mp3"])
  }

  @Test func endingsDecideAndWhatTheyLeaveOutIsCounted() throws {
    let music = [
      "a.MP3", "b.Flac", "c.webm", "d.mp4", "e.mkv", "f.mov", "g.3gp", "h.asf", "i.w64", "j.tak", "k.mp1", "l.eac3",
      "m.shn", "n.bwf", "o.mp+", "p.xm",
    ]
    for file in music { try folder.write("x", to: file) }
    for file in ["q.jpg", "r.JPG", "s.cue", "README", "t.", "u.no ending", "v.\u{1b}[31m", "mp3"] {
      try folder.write("x", to: file)
    }
    let walk = AudioFileWalk(root: folder.path)
    #expect(names(walk) == music)
    #expect(walk.leftOut == ["jpg": 2, "cue": 1, "": 5])
    #expect(AudioFileEndings.sound.isDisjoint(with: AudioFileEndings.containers))
    #expect(AudioFileEndings.mayBeVideo("/x/a.MKV") && !AudioFileEndings.mayBeVideo("/x/a.mka"))
    for ending in AudioFileEndings.sound.union(AudioFileEndings.containers) {
      #expect(AudioFileEndings.ending(of: "x." + ending.uppercased()) == ending)
      #expect(AudioFileEndings.text.contains("." + ending))
    }
  }

  @Test func namesOfOneFileShareItsIdentity() throws {
    try folder.write("x", to: "a.mp3")
    try folder.write("x", to: "other.mp3")
    try FileManager.default.linkItem(atPath: folder("a.mp3"), toPath: folder("b.mp3"))
    try FileManager.default.createSymbolicLink(atPath: folder("c.mp3"), withDestinationPath: "a.mp3")
    let identity = try #require(FileIdentity(path: folder("a.mp3")))
    #expect(FileIdentity(path: folder("b.mp3")) == identity && FileIdentity(path: folder("c.mp3")) == identity)
    #expect(FileIdentity(path: folder("other.mp3")) != identity && FileIdentity(path: folder("none.mp3")) == nil)
    let walk = AudioFileWalk(root: folder.path)
    #expect(names(walk) == ["a.mp3", "b.mp3", "other.mp3"])
    #expect(walk.distinctFiles.map(\.path) == [folder("a.mp3"), folder("other.mp3")])
    try folder.write("longer", to: "a.mp3")
    #expect(FileIdentity(path: folder("a.mp3")) != identity)
  }

  private static let otherFileSystem = "/dev/shm"
  private static var hasOtherFileSystem: Bool {
    func device(_ path: String) -> Int? {
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return attributes?[.systemNumber] as? Int
    }
    guard let other = device(otherFileSystem) else { return false }
    return other != device(FileManager.default.temporaryDirectory.path)
  }

  @Test(.enabled(if: hasOtherFileSystem, "there is no second file system here"))
  func foldersOnAnotherFileSystemAreTold() throws {
    let name = "akin-tests-" + UUID().uuidString
    let other = Self.otherFileSystem + "/" + name
    try FileManager.default.createDirectory(atPath: other + "/sub", withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: other) } }
    try Data("x".utf8).write(to: URL(filePath: other + "/sub/a.mp3"))
    try FileManager.default.createSymbolicLink(atPath: folder("usb"), withDestinationPath: other)
    try folder.write("x", to: "own/b.mp3")
    try FileManager.default.createSymbolicLink(atPath: folder("own link"), withDestinationPath: "own")
    let walk = AudioFileWalk(root: folder.path)
    #expect(names(walk) == ["own/b.mp3", "usb/sub/a.mp3"] && walk.mountPoints == [folder("usb")])
  }
}
