import AudioDecoding
import Catalogue
import Foundation
import GRDB
import MusicLibrary
import SongModels
import Synchronization
import TestSupport
import Testing

@Suite struct IndexerTests {
  private let folder: TemporaryFolder
  private let catalogue: Catalogue

  init() throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
  }

  @discardableResult
  private func index(
    _ names: String..., model: EmbeddingModel = .mfcc, prune: Bool = false, retry: Bool = false, videos: Bool = false,
    shouldStop: @Sendable () -> Bool = { false }, report: @Sendable (Indexer.Event) -> Void = { _ in }
  ) throws -> Indexer.Summary {
    try Indexer(catalogue: catalogue, model: model, threads: 2).index(
      names.map { folder($0) }, options: .init(prune: prune, retry: retry, videos: videos), shouldStop: shouldStop,
      report: report)
  }

  private func counts(_ summary: Indexer.Summary) -> [Int] {
    [summary.added, summary.updated, summary.unchanged, summary.forgotten, summary.skipped.count]
  }

  private func song(_ name: String, kind: Int = 0, variant: Int = 0) throws {
    try TestSong(kind: kind, variant: variant, seconds: 0.5).write(to: folder("music/\(name)"))
  }

  private func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: folder(name)) }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: folder(name), withDestinationPath: target)
  }

  private func paths() throws -> [String] {
    try catalogue.fileStates(under: folder.path, model: nil).map { String($0.path.dropFirst(folder.path.count + 1)) }
  }

  @Test func doesOnlyWhatIsNewOrChanged() throws {
    try TestSong.writeCollection(kinds: 2, variants: 2, in: folder("music"))
    let first = try index("music")
    #expect(counts(first) == [4, 0, 0, 0, 0])
    #expect(abs(first.seconds - 4) < 0.1 && !first.wasInterrupted)
    #expect(counts(try index("music")) == [0, 0, 4, 0, 0])
    try TestSong(kind: 1, variant: 7, seconds: 2).write(to: folder("music/artist 0/song 0.flac"))
    try song("new.wav")
    try remove("music/artist 1/song 1.flac")
    try FileManager.default.moveItem(atPath: folder("music/artist 1/song 0.flac"), toPath: folder("music/moved.flac"))
    let second = try index("music")
    #expect(counts(second) == [1, 1, 1, 1, 0] && second.moved == 1)
    // Without a name all roots that are known.
    #expect(counts(try Indexer(catalogue: catalogue, model: .mfcc, threads: 1).index([])) == [0, 0, 4, 0, 0])
    let track = try #require(try catalogue.track(path: folder("music/moved.flac")))
    #expect(track.tags.title == "Song 1-0" && track.tags.artist == "Artist 1")
  }

  @Test func missingAndEmptyRootsForgetNothing() throws {
    try song("a.wav")
    try song("b.wav")
    try index("music")
    try FileManager.default.moveItem(atPath: folder("music"), toPath: folder("away"))
    for name in ["missing", "empty"] {
      if name == "empty" {
        try FileManager.default.createDirectory(atPath: folder("music"), withIntermediateDirectories: true)
      }
      let summary = try index("music")
      #expect(counts(summary) == [0, 0, 0, 0, 1])
      #expect(try #require(summary.skipped.first).path == folder("music"))
      #expect(try #require(summary.skipped.first).reason.contains("2 songs are kept (--prune forgets them)"))
      #expect(try catalogue.trackCount() == 2)
    }
    try remove("music")
    try FileManager.default.moveItem(atPath: folder("away"), toPath: folder("music"))
    #expect(counts(try index("music")) == [0, 0, 2, 0, 0])
  }

  @Test(arguments: [true, false])
  func pruningForgetsMissingAndEmptyRoots(isEmpty: Bool) throws {
    try song("a.wav")
    try index("music")
    try remove("music")
    if isEmpty { try FileManager.default.createDirectory(atPath: folder("music"), withIntermediateDirectories: true) }
    #expect(counts(try index("music", prune: true)) == [0, 0, 0, 1, 0])
    #expect(try catalogue.trackCount() == 0 && catalogue.roots().isEmpty)
  }

  @Test func aRootBelowAnotherIsADiskOfItsOwn() throws {
    try song("a.wav")
    try song("usb/b.wav")
    try index("music")
    try index("music/usb")
    #expect(try catalogue.roots() == [folder("music"), folder("music/usb")])
    try remove("music/usb")
    let summary = try index("music")
    #expect(counts(summary) == [0, 0, 1, 0, 1])
    #expect(summary.skipped.map(\.path) == [folder("music/usb")])
    #expect(counts(try index("music", prune: true)) == [0, 0, 1, 1, 0])
    #expect(try paths() == ["music/a.wav"])
    #expect(counts(try Indexer(catalogue: catalogue, model: .mfcc, threads: 1).index([])) == [0, 0, 1, 0, 0])
  }

  /// "é" as one code point and as two are names of different files and folders.
  @Test func namesAreComparedByteByByte() throws {
    let names = ["caf\u{E9}", "cafe\u{301}"]
    for (variant, name) in names.enumerated() { try song("\(name)/\(name).wav", variant: variant) }
    #expect(counts(try index("music/\(names[0])", "music/\(names[1])")) == [2, 0, 0, 0, 0])
    #expect(try catalogue.roots().count == 2)
    let files = names.map { "music/\($0)/\($0).wav" }
    #expect(counts(try index(files[0], files[1])) == [0, 0, 2, 0, 0])
  }

  @Test func rootsThatOverlapAreHeardOnce() throws {
    try song("a.wav")
    try song("sub/b.wav")
    #expect(counts(try index("music/sub", "music", "music/a.wav", "music")) == [2, 0, 0, 0, 0])
  }

  @Test func aSingleFileIsARootUntilItIsGone() throws {
    try song("a.wav")
    try song("b.wav")
    #expect(counts(try index("music/a.wav")) == [1, 0, 0, 0, 0])
    try remove("music/a.wav")
    #expect(counts(try Indexer(catalogue: catalogue, model: .mfcc, threads: 1).index([])) == [0, 0, 0, 1, 0])
    #expect(try catalogue.roots().isEmpty)
  }

  @Test func brokenFilesAreNamedAndTriedAgainOnlyIfSomethingChanged() throws {
    try song("a.wav")
    try folder.write("this is no music", to: "music/text.mp3")
    try folder.write("", to: "music/empty.flac")
    let broken: Set = [folder("music/text.mp3"), folder("music/empty.flac")]
    let events = Mutex<[String]>([])
    func indexing(retry: Bool = false, model: EmbeddingModel = .mfcc) throws -> Indexer.Summary {
      try index(
        "music", model: model, retry: retry,
        report: { event in
          switch event {
          case .skipped(let path, _): events.withLock { $0.append(path) }
          case .found(let pending, _): events.withLock { $0.append("\(pending)") }
          default: break
          }
        })
    }
    let first = try indexing()
    #expect(first.added == 1 && Set(first.skipped.map(\.path)) == broken && first.refusedEarlier.isEmpty)
    #expect(first.skipped.allSatisfy { !$0.reason.isEmpty && !$0.reason.contains($0.path) })
    #expect(events.withLock { $0.count } == 3)

    events.withLock { $0 = [] }
    let second = try indexing()
    #expect(counts(second) == [0, 0, 1, 0, 0] && Set(second.refusedEarlier.map(\.path)) == broken)
    #expect(Set(second.refusedEarlier.map(\.reason)) == Set(first.skipped.map(\.reason)))
    #expect(events.withLock { $0 } == ["0"])

    #expect(Set(try indexing(retry: true).skipped.map(\.path)) == broken)
    // Another model may hear what this one cannot.
    let network = try UntrainedModel.make(seed: 1)
    #expect(try indexing(model: network).skipped.count == 2)
    // Another version of this program or of FFmpeg may, too.
    let remarks = try catalogue.remarks().map { remark in
      var remark = remark
      remark.software = "akin 0.1"
      return remark
    }
    try catalogue.replaceRemarks(on: remarks.map(\.path), by: remarks)
    #expect(try indexing(model: network).skipped.count == 2)

    // One is replaced by a song, the other is deleted: nothing is left to be said.
    try TestSong(kind: 1, variant: 0, seconds: 0.5).write(to: folder("music/empty.flac"))
    try remove("music/text.mp3")
    #expect(counts(try indexing(model: network)) == [1, 0, 1, 0, 0])
    #expect(try catalogue.remarks().isEmpty)
  }

  @Test func silenceIsTold() throws {
    try song("loud.wav")
    for (name, peak) in [("silent.wav", Float(0)), ("faint.wav", 1e-4)] {
      let samples = (0..<44_100).map { peak * Float(sin(Double($0) * 0.3)) }
      try AudioEncoder.write(
        [samples], sampleRate: 22_050, to: folder("music/\(name)"), format: .wav, sampleFormat: .float32)
    }
    #expect(try index("music").added == 3)
    let told = try catalogue.remarks().filter { $0.reason == AudioFileNote.silent.description }
    #expect(Set(told.map { ($0.path as NSString).lastPathComponent }) == ["silent.wav", "faint.wav"])
  }

  @Test func whatOnlyTheDiskRefusesIsTriedAgain() throws {
    try song("a.wav")
    try song("b.wav", kind: 1)
    let (path, away) = (folder("music/b.wav"), folder("b.wav"))
    // As if a share had gone between the scan and the listening.
    let summary = try index(
      "music",
      report: { event in
        if case .found = event {
          #expect(throws: Never.self) { try FileManager.default.moveItem(atPath: path, toPath: away) }
        }
      })
    #expect(counts(summary) == [1, 0, 0, 0, 1])
    #expect(try catalogue.remarks().map(\.path) == [path])
    try FileManager.default.moveItem(atPath: away, toPath: path)
    #expect(counts(try index("music")) == [1, 0, 1, 0, 0])
    #expect(try catalogue.remarks().isEmpty)
  }

  @Test func aFileThatTurnsBadKeepsWhatWasHeardAndSaysSo() throws {
    try song("a.wav")
    try index("music")
    for text in ["no music any more", ""] {
      try folder.write(text, to: "music/a.wav")
      let summary = try index("music")
      #expect(counts(summary) == [0, 0, 0, 0, 1])
      #expect(try index("music").refusedEarlier.map(\.path) == [folder("music/a.wav")])
      #expect(try catalogue.trackCount() == 1)
      #expect(try catalogue.remarks().map(\.kind) == [.refused])
    }
    try song("a.wav", kind: 2)
    #expect(counts(try index("music")) == [0, 1, 0, 0, 0])
    #expect(try catalogue.remarks().isEmpty)
  }

  @Test func aFileThatIsAsItWasHeardIsNotRefusedAnyMore() throws {
    try song("a.wav")
    try song("b.wav", kind: 1)
    try index("music")
    // A copy that kept the time stamp, as `cp -p` and backups make it.
    try FileManager.default.moveItem(atPath: folder("music/a.wav"), toPath: folder("a.wav"))
    try folder.write("", to: "music/a.wav")
    #expect(counts(try index("music")) == [0, 0, 1, 0, 1])
    try remove("music/a.wav")
    try FileManager.default.moveItem(atPath: folder("a.wav"), toPath: folder("music/a.wav"))
    #expect(try catalogue.remarks().count == 1)
    #expect(counts(try index("music")) == [0, 0, 2, 0, 0])
    #expect(try catalogue.remarks().isEmpty)
  }

  @Test func nothingIsSaidOfAFileThatIsGoneFromAFolderOfItsOwn() throws {
    try folder.write("", to: "music/empty.flac")
    try index("music")
    #expect(try catalogue.remarks().count == 1)
    try remove("music/empty.flac")
    try index("music")
    #expect(try catalogue.remarks().isEmpty)
  }

  @Test func whatIsNoFileIsNoRoot() throws {
    try FileManager.default.createDirectory(atPath: folder("music"), withIntermediateDirectories: true)
    try #require(mkfifo(folder("music/pipe"), 0o600) == 0)
    let summary = try index("music/pipe")
    #expect(summary.skipped.map(\.path) == [folder("music/pipe")])
    #expect(try catalogue.roots().isEmpty)
    // One that an earlier version took for a root is left alone.
    try catalogue.addRoot(folder("music/pipe"))
    #expect(counts(try Indexer(catalogue: catalogue, model: .mfcc, threads: 1).index([])) == [0, 0, 0, 0, 0])
    #expect(try catalogue.roots().isEmpty)
  }

  // MARK: - One file, one song

  private func hardLink(_ name: String, to target: String) throws {
    try FileManager.default.linkItem(atPath: folder(target), toPath: folder(name))
  }

  private func query(_ name: String) throws -> Recommender.Query {
    try Recommender(catalogue: catalogue, model: .mfcc).query(named: folder(name))
  }

  @Test func aFileWithSeveralNamesIsOneSong() throws {
    try song("b.wav")
    try song("c.wav", kind: 1)
    try hardLink("music/a.wav", to: "music/b.wav")
    #expect(counts(try index("music")) == [2, 0, 0, 0, 0])
    #expect(try paths() == ["music/a.wav", "music/c.wav"])
    // In another root, and in another run.
    try song("../other/d.wav", kind: 2)
    try hardLink("other/e.wav", to: "music/c.wav")
    try link("other/f.wav", to: "../music/b.wav")
    #expect(counts(try index("other")) == [1, 0, 2, 0, 0])
    #expect(counts(try index("other", "music")) == [0, 0, 3, 0, 0])
    #expect(try paths() == ["music/a.wav", "music/c.wav", "other/d.wav"])
    // Each name asks as the one song, which is not among the answers.
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc)
    for (name, path) in [
      ("music/b.wav", "music/a.wav"), ("other/f.wav", "music/a.wav"), ("other/e.wav", "music/c.wav"),
    ] {
      let query = try query(name)
      #expect(try query.id == catalogue.track(path: folder(path))?.id)
      let answers = try recommender.similar(to: query, count: 9).map(\.track.path)
      #expect(answers.count == 2 && !answers.contains(folder(path)))
    }
    // A copy is a song of its own.
    try FileManager.default.copyItem(atPath: folder("music/c.wav"), toPath: folder("other/copy.wav"))
    #expect(try index("other").added == 1)
  }

  @Test func ofAFileWithSeveralNamesOneStaysWhenTheOtherIsDeleted() throws {
    try song("a.wav")
    try song("c.wav", kind: 1)
    try hardLink("music/b.wav", to: "music/a.wav")
    try index("music")
    try remove("music/a.wav")
    let summary = try index("music")
    #expect(counts(summary) == [0, 0, 1, 0, 0] && summary.moved == 1)
    #expect(try paths() == ["music/b.wav", "music/c.wav"])
  }

  @Test func aChangedFileIsStillOneSong() throws {
    try song("a.wav")
    try FileManager.default.createDirectory(atPath: folder("other"), withIntermediateDirectories: true)
    try hardLink("other/b.wav", to: "music/a.wav")
    try index("music")
    // Changed in place, and heard by its other name first.
    let bytes = try Data(contentsOf: URL(filePath: folder("music/a.wav")))
    let file = try FileHandle(forWritingTo: URL(filePath: folder("music/a.wav")))
    try file.seekToEnd()
    try file.write(contentsOf: bytes.suffix(4))
    try file.close()
    #expect(counts(try index("other")) == [1, 0, 0, 0, 0])
    #expect(counts(try index("music")) == [0, 0, 1, 1, 0])
    #expect(try paths() == ["other/b.wav"])
  }

  @Test func tracksOfOneFileFromAnEarlierVersionBecomeOne() throws {
    try song("a.wav")
    try index("music")
    try hardLink("music/b.wav", to: "music/a.wav")
    let track = try #require(try catalogue.track(path: folder("music/a.wav")))
    try catalogue.store([
      IndexedTrack(
        path: folder("music/b.wav"), fileSize: track.fileSize, modificationTime: track.modificationTime,
        embeddings: ["mfcc-1": try #require(try catalogue.embedding(of: track.id, model: "mfcc-1"))])
    ])
    #expect(counts(try index("music")) == [0, 0, 1, 1, 0])
    #expect(try paths() == ["music/a.wav"])
  }

  // MARK: - Names

  @Test func onlyNamesWithOneDotAreHidden() throws {
    try song("...And Justice for All/...One.wav")
    try song("..Album/a.wav", kind: 1)
    try song(".hidden/b.wav", kind: 2)
    try song(".c.wav", kind: 3)
    try folder.write("", to: "music/cover.JPG")
    try folder.write("", to: "music/notes.mid")
    try folder.write("", to: "music/README")
    let summary = try index("music")
    #expect(try paths() == ["music/...And Justice for All/...One.wav", "music/..Album/a.wav"])
    #expect(summary.leftOut == ["jpg": 1, "mid": 1, "": 1])
    // Named, they are heard, and they stay.
    #expect(try index("music/.hidden", "music/.c.wav").added == 2)
    #expect(counts(try index("music")) == [0, 0, 4, 0, 0])
    #expect(try index("music").leftOut == summary.leftOut)
  }

  @Test func videosAreLeftOutUnlessTheyAreAskedFor() throws {
    try song("a.wav")
    let film = TestVideo(song: TestSong(kind: 1, variant: 0))
    try film.write(to: folder("music/film.avi"))
    try film.write(to: folder("music/clip.MOV"))
    try TestVideo(song: TestSong(kind: 1, variant: 1), hasSound: false).write(to: folder("music/silent.mkv"))
    try TestVideo(song: TestSong(kind: 2, variant: 0), hasPictures: false).write(to: folder("music/sound.mp4"))
    var summary = try index("music")
    #expect(counts(summary) == [2, 0, 0, 0, 0] && summary.videos == 3 && summary.leftOut.isEmpty)
    #expect(try paths() == ["music/a.wav", "music/sound.mp4"])
    // Known to be videos, they are not opened again.
    summary = try index("music", report: { if case .found(let pending, _) = $0 { #expect(pending == 0) } })
    #expect(counts(summary) == [0, 0, 2, 0, 0] && summary.videos == 3)
    // One that is named is taken, and stays.
    #expect(counts(try index("music/film.avi")) == [1, 0, 0, 0, 0])
    summary = try index("music")
    #expect(counts(summary) == [0, 0, 3, 0, 0] && summary.videos == 2)
    summary = try index("music", videos: true)
    #expect(counts(summary) == [1, 0, 3, 0, 1] && summary.videos == 0)
    #expect(summary.skipped.map(\.path) == [folder("music/silent.mkv")])
    #expect(counts(try index("music")) == [0, 0, 4, 0, 0])
  }

  // MARK: - What is away

  @Test func moreThanHalfOfARootIsKept() throws {
    for index in 0..<5 { try song("\(index).wav", variant: index) }
    try index("music")
    try remove("music/0.wav")
    try remove("music/1.wav")
    #expect(counts(try index("music")) == [0, 0, 3, 2, 0])
    try remove("music/2.wav")
    try remove("music/3.wav")
    let kept = try index("music")
    #expect(counts(kept) == [0, 0, 1, 0, 1])
    let reason = try #require(kept.skipped.first).reason
    #expect(kept.skipped[0].path == folder("music") && reason.contains("2 of its 3") && reason.contains("--prune"))
    #expect(try catalogue.trackCount() == 3)
    #expect(counts(try index("music", prune: true)) == [0, 0, 1, 2, 0])
  }

  @Test func whatCannotBeReadIsKeptEvenWhenPruning() throws {
    for index in 0..<3 { try song("\(index).wav", variant: index) }
    try song("share/a.wav", kind: 1)
    try song("share/b.wav", kind: 2)
    try index("music")
    // A link in a circle can be read by nobody, a share that does not answer neither.
    try remove("music/share")
    try link("music/share", to: "share")
    for prune in [false, true] {
      let summary = try index("music", prune: prune)
      #expect(counts(summary) == [0, 0, 3, 0, 1])
      let skipped = try #require(summary.skipped.first)
      #expect(skipped.path == folder("music/share") && skipped.reason.hasSuffix("2 songs are kept"))
    }
    // As a root of its own it is named once.
    try catalogue.addRoot(folder("music/share"))
    let summary = try index("music", prune: true)
    #expect(counts(summary) == [0, 0, 3, 0, 1])
    #expect(try #require(summary.skipped.first).reason.hasSuffix("2 songs are kept"))
  }

  @Test func whatHasMovedIsNotLost() throws {
    for index in 0..<3 { try song("\(index).wav", variant: index) }
    try index("music")
    try FileManager.default.createDirectory(atPath: folder("music/new"), withIntermediateDirectories: true)
    for index in 0..<3 {
      try FileManager.default.moveItem(atPath: folder("music/\(index).wav"), toPath: folder("music/new/\(index).wav"))
    }
    let summary = try index("music")
    #expect(counts(summary) == [0, 0, 0, 0, 0] && summary.moved == 3)
  }

  /// An album that is converted in place: the songs of before are gone, as if they had been deleted one by one.
  @Test func whatWasConvertedIsNotLost() throws {
    for index in 0..<4 { try song("album/\(index). a.b.wav", variant: index) }
    try song("other.wav", kind: 1)
    try index("music")
    for index in 0..<4 {
      try remove("music/album/\(index). a.b.wav")
      try song("album/\(index). a.b.flac", variant: index)
    }
    #expect(counts(try index("music")) == [4, 0, 1, 4, 0])
    #expect(try paths().sorted() == (0..<4).map { "music/album/\($0). a.b.flac" } + ["music/other.wav"])
    // Songs of these names in another folder, or of other names in this one, replace nothing.
    for index in 0..<4 {
      try remove("music/album/\(index). a.b.flac")
      try song("album 2/\(index). a.b.mp3", variant: index + 4)
      try song("album/\(index). a.mp3", variant: index + 8)
    }
    #expect(counts(try index("music")) == [8, 0, 1, 0, 1])
  }

  @Test(arguments: [true, false]) func aDiskBelowARootThatIsAwayForgetsNothing(isEmpty: Bool) throws {
    for index in 0..<5 { try song("\(index).wav", variant: index) }
    try song("usb/a.wav", kind: 1)
    try index("music")
    // As if another file system had begun there.
    try catalogue.changeMountPoints(add: [folder("music/usb")], remove: [])
    try remove("music/usb")
    if isEmpty {
      try FileManager.default.createDirectory(atPath: folder("music/usb"), withIntermediateDirectories: true)
    }
    for _ in 0..<2 {
      let summary = try index("music")
      #expect(counts(summary) == [0, 0, 5, 0, 1])
      #expect(summary.skipped.first?.path == folder("music/usb"))
    }
    #expect(counts(try index("music", prune: true)) == [0, 0, 5, 1, 0])
    #expect(try catalogue.mountPoints().isEmpty)
  }

  @Test func aDiskThatComesBackUnderAnotherNameHasNoTwins() throws {
    for index in 0..<3 { try song("\(index).wav", variant: index) }
    try song("usb/a.wav", kind: 1)
    try song("usb/b.wav", kind: 2)
    try index("music")
    try catalogue.changeMountPoints(add: [folder("music/usb")], remove: [])
    try FileManager.default.moveItem(atPath: folder("music/usb"), toPath: folder("music/usb1"))
    // What is not on it any more may be on another disk.
    try remove("music/usb1/b.wav")
    let summary = try index("music")
    #expect(counts(summary) == [0, 0, 3, 0, 1] && summary.moved == 1)
    #expect(summary.skipped.map(\.path) == [folder("music/usb")])
    #expect(try paths().filter { $0.contains("usb") } == ["music/usb/b.wav", "music/usb1/a.wav"])
  }

  /// As a library of version 0.2 is after its migration.
  private func forgetThatItWasSeen() throws {
    let database = try DatabaseQueue(path: catalogue.path)
    try database.write { try $0.execute(sql: "UPDATE track SET tagVersion = 0, checksum = NULL") }
  }

  @Test(arguments: [true, false]) func aDiskThatIsAwayAfterAnUpgradeForgetsNothing(isEmpty: Bool) throws {
    for index in 0..<5 { try song("album/\(index).wav", variant: index) }
    try song("usb/artist/a.wav", kind: 1)
    try song("usb/b.wav", kind: 2)
    try index("music")
    try forgetThatItWasSeen()
    try FileManager.default.moveItem(atPath: folder("music/usb"), toPath: folder("usb"))
    if isEmpty {
      try FileManager.default.createDirectory(atPath: folder("music/usb"), withIntermediateDirectories: true)
    }
    // A song that is gone alone is gone.
    try remove("music/album/0.wav")
    for run in 0..<2 {
      let summary = try index("music")
      #expect(counts(summary) == [0, 0, 4, run == 0 ? 1 : 0, 1])
      #expect(summary.skipped.map(\.path) == [folder("music/usb")])
      #expect(summary.skipped.allSatisfy { $0.reason.contains("2 songs are kept (--prune forgets them)") })
    }
    if isEmpty { try remove("music/usb") }
    try FileManager.default.moveItem(atPath: folder("usb"), toPath: folder("music/usb"))
    #expect(counts(try index("music")) == [0, 0, 6, 0, 0])
    // Seen once, it is an album like any other.
    try remove("music/usb")
    #expect(counts(try index("music")) == [0, 0, 4, 2, 0])
  }

  @Test func anAlbumOfWhichAPictureIsLeftIsForgottenAfterAnUpgrade() throws {
    for index in 0..<3 { try song("\(index).wav", variant: index) }
    try song("album/a.wav", kind: 1)
    try folder.write("", to: "music/album/cover.jpg")
    try index("music")
    try forgetThatItWasSeen()
    try remove("music/album/a.wav")
    #expect(counts(try index("music")) == [0, 0, 3, 1, 0])
  }

  @Test func aDiskWhoseSongsWereCopiedIsForgotten() throws {
    try song("usb/a.wav")
    try index("music")
    try catalogue.changeMountPoints(add: [folder("music/usb")], remove: [])
    #expect(counts(try index("music")) == [0, 0, 1, 0, 0])
    #expect(try catalogue.mountPoints().isEmpty)
  }

  @Test func linksAreFollowedOnceAndHiddenFilesLeftOut() throws {
    try song("z/a.wav")
    try song(".hidden.wav")
    try song(".folder/b.wav")
    try TestSong(kind: 1, variant: 0, seconds: 0.5).write(to: folder("elsewhere/c.wav"))
    try link("music/loop", to: ".")
    try link("music/b", to: "z")
    try link("music/same.wav", to: "z/a.wav")
    try link("music/other", to: "../elsewhere")
    try link("music/self.wav", to: "self.wav")
    let summary = try index("music")
    #expect(try paths() == ["music/other/c.wav", "music/z/a.wav"])
    #expect(summary.skipped.map(\.path) == [folder("music/self.wav")])
    #expect(counts(try index("music")) == [0, 0, 2, 0, 1])
    // Asked for by a path through a link, or by its own, it is the same song.
    let recommender = try Recommender(catalogue: catalogue, model: .mfcc)
    #expect(try recommender.query(named: folder("music/other/c.wav")).id != nil)
    #expect(try recommender.query(named: folder("music/b/a.wav")).id != nil)
    // A link to a disk that is away hides its songs.
    try remove("elsewhere")
    let away = try index("music")
    #expect(away.forgotten == 0)
    #expect(away.skipped.contains { $0.path == folder("music/other") && $0.reason.contains("1 song is kept") })
    #expect(try index("music", prune: true).forgotten == 1)
  }

  @Test func namesThatDifferInNormalisationAloneAreTwoSongs() throws {
    try song("\u{e9}.wav")
    try song("e\u{301}.wav", variant: 3)
    try song("音楽 🎵 'q' \"d\" %20 #.wav", variant: 5)
    let count = try FileManager.default.contentsOfDirectory(atPath: folder("music")).count
    #expect(counts(try index("music")) == [count, 0, 0, 0, 0])
    #expect(counts(try index("music")) == [0, 0, count, 0, 0])
    try remove("music/e\u{301}.wav")
    #expect(try index("music").forgotten == 1)
  }

  @Test func aStopKeepsWhatIsDone() throws {
    try TestSong.writeCollection(kinds: 2, variants: 4, in: folder("music"))
    let asked = Atomic<Int>(0)
    let summary = try index("music", shouldStop: { asked.wrappingAdd(1, ordering: .relaxed).newValue > 3 })
    #expect(summary.wasInterrupted)
    #expect(summary.added == 3)
    #expect(try catalogue.trackCount() == 3)
    #expect(counts(try index("music")) == [5, 0, 3, 0, 0])
  }

  @Test func anotherModelHearsAllSongsAgain() throws {
    try song("a.wav")
    try index("music")
    // mfcc-standardised compares the same vectors in another way.
    #expect(counts(try index("music", model: .mfccStandardised)) == [0, 0, 1, 0, 0])
    let network = try UntrainedModel.make(seed: 1)
    #expect(counts(try index("music", model: network)) == [0, 1, 0, 0, 0])
    #expect(try catalogue.models().map(\.kind) == ["mfcc", "prcnn"])
    #expect(counts(try index("music")) == [0, 0, 1, 0, 0])
  }

  @Test func anEmptyPathIsNotTheWorkingFolder() throws {
    let summary = try Indexer(catalogue: catalogue, model: .mfcc, threads: 1).index([""])
    #expect(counts(summary) == [0, 0, 0, 0, 1])
  }
}

extension Catalogue {
  /// The number of tracks.
  fileprivate func trackCount() throws -> Int { try fileStates(under: "/", model: nil).count }
}
