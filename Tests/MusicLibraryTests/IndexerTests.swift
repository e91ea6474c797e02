import Catalogue
import Foundation
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
    _ names: String..., model: EmbeddingModel = .mfcc, prune: Bool = false,
    shouldStop: @Sendable () -> Bool = { false }, report: @Sendable (Indexer.Event) -> Void = { _ in }
  ) throws -> Indexer.Summary {
    try Indexer(catalogue: catalogue, model: model, threads: 2).index(
      names.map { folder($0) }, prune: prune, shouldStop: shouldStop, report: report)
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
    #expect(counts(try index("music")) == [2, 1, 1, 2, 0])
    // Without a name all roots that are known.
    #expect(counts(try Indexer(catalogue: catalogue, model: .mfcc, threads: 1).index([])) == [0, 0, 4, 0, 0])
    let track = try #require(try catalogue.track(path: folder("music/moved.flac")))
    #expect(track.tags.title == "Song 1-0" && track.tags.artist == "Artist 1")
  }

  @Test func aTouchedFileIsHeardAgain() throws {
    try song("a.wav")
    try index("music")
    let later = Date(timeIntervalSinceNow: 60)
    try FileManager.default.setAttributes([.modificationDate: later], ofItemAtPath: folder("music/a.wav"))
    #expect(counts(try index("music")) == [0, 1, 0, 0, 0])
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

  @Test func brokenFilesAreNamedEachTimeAndTheRestIsIndexed() throws {
    try song("a.wav")
    try folder.write("this is no music", to: "music/text.mp3")
    try folder.write("", to: "music/empty.flac")
    try folder.write("notes", to: "music/notes.txt")
    let events = Mutex<[String]>([])
    for count in [1, 0] {
      let summary = try self.index(
        "music",
        report: { event in
          if case .skipped(let path, _) = event { events.withLock { $0.append(path) } }
        })
      #expect(summary.added == count && summary.unchanged == 1 - count)
      #expect(Set(summary.skipped.map(\.path)) == [folder("music/text.mp3"), folder("music/empty.flac")])
      #expect(summary.skipped.allSatisfy { !$0.reason.isEmpty && !$0.reason.contains($0.path) })
    }
    #expect(events.withLock { $0.count } == 4)
  }

  @Test func aFileThatTurnsBadKeepsWhatWasHeard() throws {
    try song("a.wav")
    try index("music")
    try folder.write("no music any more", to: "music/a.wav")
    let summary = try index("music")
    #expect(counts(summary) == [0, 0, 0, 0, 1])
    #expect(try catalogue.trackCount() == 1)
    try song("a.wav", kind: 2)
    #expect(counts(try index("music")) == [0, 1, 0, 0, 0])
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
    #expect(away.skipped.contains { $0.path == folder("music/other") && $0.reason.contains("1 songs are kept") })
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
