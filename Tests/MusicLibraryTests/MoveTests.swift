import AudioDecoding
import Catalogue
import Foundation
import GRDB
import MusicLibrary
import SongModels
import Synchronization
import TestSupport
import Testing

/// What was heard is recognised by its sound, wherever its file is now.
@Suite struct MoveTests {
  private let folder: TemporaryFolder
  private let catalogue: Catalogue

  init() throws {
    folder = try TemporaryFolder()
    catalogue = try Catalogue(path: folder("library.sqlite"))
  }

  /// What an indexing did: added, updated, moved, unchanged, forgotten; and how many songs it listened to.
  private struct Result: Equatable {
    var counts: [Int]
    var heard: Int
    var copied = 0
  }

  private func index(
    _ names: String..., model: EmbeddingModel = .mfcc, prune: Bool = false, skipped: Int = 0
  ) throws -> Result {
    let pending = Mutex(0)
    let summary = try Indexer(catalogue: catalogue, model: model, threads: 2).index(
      names.map { folder($0) }, options: .init(prune: prune),
      report: { event in
        if case .found(let count, _) = event { pending.withLock { $0 = count } }
      })
    #expect(summary.skipped.count == skipped, "\(summary.skipped)")
    return Result(
      counts: [summary.added, summary.updated, summary.moved, summary.unchanged, summary.forgotten],
      heard: pending.withLock { $0 }, copied: summary.copied)
  }

  private func song(_ name: String, kind: Int = 0, variant: Int = 0, title: String? = nil) throws {
    try TestSong(kind: kind, variant: variant, seconds: 0.5).write(to: folder(name), tags: AudioTags(title: title))
  }

  private func move(_ name: String, to target: String) throws {
    let parent = (folder(target) as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: folder(name), toPath: folder(target))
  }

  private func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: folder(name)) }

  private func id(_ name: String) throws -> TrackID { try #require(try catalogue.track(path: folder(name))).id }

  private func title(_ name: String) throws -> String? {
    try #require(try catalogue.track(path: folder(name))).tags.title
  }

  private func vector(_ id: TrackID, _ model: EmbeddingModel = .mfcc) throws -> [Float] {
    try #require(try catalogue.embedding(of: id, model: model.identifier))
  }

  @Test func aMovedSongKeepsItsNumberAndTheVectorsOfAllModels() throws {
    try song("music/a.flac", title: "A")
    try song("music/b.flac", kind: 1, title: "B")
    _ = try index("music")
    let network = try UntrainedModel.make(seed: 1)
    _ = try index("music", model: network)
    let a = try id("music/a.flac")
    let vectors = try (vector(a), vector(a, network))
    try move("music/a.flac", to: "music/album/c.flac")
    #expect(try index("music") == Result(counts: [0, 0, 1, 1, 0], heard: 0))
    #expect(try id("music/album/c.flac") == a)
    #expect(try title("music/album/c.flac") == "A")
    #expect(try vector(a) == vectors.0)
    #expect(try vector(a, network) == vectors.1)
    #expect(try catalogue.track(path: folder("music/a.flac")) == nil)
    // Every table that has the path has the new one.
    #expect(try catalogue.search("A").map(\.path) == [folder("music/album/c.flac")])
    #expect(try index("music", model: network) == Result(counts: [0, 0, 0, 2, 0], heard: 0))
  }

  @Test func editedTagsAreReadWithoutListening() throws {
    try song("music/a.flac", title: "A")
    _ = try index("music")
    let (a, vector) = (try id("music/a.flac"), try vector(id("music/a.flac")))
    try song("music/a.flac", title: "Another title")
    #expect(try index("music") == Result(counts: [0, 1, 0, 0, 0], heard: 0))
    #expect(try id("music/a.flac") == a)
    #expect(try title("music/a.flac") == "Another title")
    #expect(try self.vector(a) == vector)
    #expect(try catalogue.search("another title").map(\.id) == [a])
    // Touched alone.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: 60)], ofItemAtPath: folder("music/a.flac"))
    #expect(try index("music") == Result(counts: [0, 1, 0, 0, 0], heard: 0))
    #expect(try index("music") == Result(counts: [0, 0, 0, 1, 0], heard: 0))
    // Other sound is listened to.
    try song("music/a.flac", kind: 2, title: "Another title")
    #expect(try index("music") == Result(counts: [0, 1, 0, 0, 0], heard: 1))
    #expect(try id("music/a.flac") == a)
    #expect(try self.vector(a) != vector)
  }

  @Test func aSongThatIsMovedAndTaggedAtOnceIsMoved() throws {
    try song("music/a.mp3", title: "A")
    try song("music/b.mp3", kind: 1)
    _ = try index("music")
    let a = try id("music/a.mp3")
    try remove("music/a.mp3")
    try song("music/other/z.mp3", title: "A much longer title than before")
    #expect(try index("music") == Result(counts: [0, 0, 1, 1, 0], heard: 0))
    #expect(try id("music/other/z.mp3") == a)
    #expect(try title("music/other/z.mp3") == "A much longer title than before")
  }

  @Test(arguments: [false, true]) func songsThatTakeEachOthersNamesAreTold(prune: Bool) throws {
    for (kind, name) in ["a", "b", "c"].enumerated() { try song("music/\(name).flac", kind: kind, title: name) }
    _ = try index("music")
    let (a, b, c) = (try id("music/a.flac"), try id("music/b.flac"), try id("music/c.flac"))
    // a and b change places.
    try move("music/a.flac", to: "music/x.flac")
    try move("music/b.flac", to: "music/a.flac")
    try move("music/x.flac", to: "music/b.flac")
    #expect(try index("music", prune: prune) == Result(counts: [0, 0, 2, 1, 0], heard: 0))
    #expect(try [id("music/b.flac"), id("music/a.flac"), id("music/c.flac")] == [a, b, c])
    // One takes the place of another, which is gone.
    try remove("music/c.flac")
    try move("music/b.flac", to: "music/c.flac")
    #expect(try index("music", prune: prune) == Result(counts: [0, 0, 1, 1, 1], heard: 0))
    #expect(try id("music/c.flac") == a)
    #expect(try title("music/c.flac") == "a")
    // A new song takes the place of one that has moved.
    try move("music/a.flac", to: "music/d.flac")
    try song("music/a.flac", kind: 5, title: "new")
    #expect(try index("music", prune: prune) == Result(counts: [1, 0, 1, 1, 0], heard: 1))
    #expect(try id("music/d.flac") == b)
    #expect(try title("music/a.flac") == "new")
    #expect(try index("music", prune: prune) == Result(counts: [0, 0, 0, 3, 0], heard: 0))
  }

  @Test func songsOfOneSoundAreToldByTheirNames() throws {
    for name in ["one", "two", "three"] { try song("music/\(name).flac", title: name) }
    try song("music/other.flac", kind: 1)
    _ = try index("music")
    let ids = try ["one", "two", "three"].map { try id("music/\($0).flac") }
    #expect(Set(ids).count == 3)
    for name in ["one", "two", "three"] { try move("music/\(name).flac", to: "music/new/\(name).flac") }
    #expect(try index("music") == Result(counts: [0, 0, 3, 1, 0], heard: 0))
    #expect(try ["one", "two", "three"].map { try id("music/new/\($0).flac") } == ids)
  }

  @Test func aCopyIsAnotherSongThatSoundsTheSame() throws {
    try song("music/a.flac", title: "A")
    _ = try index("music")
    try song("music/copy.flac", title: "The copy")
    #expect(try index("music") == Result(counts: [1, 0, 0, 1, 0], heard: 0, copied: 1))
    let (a, copy) = (try id("music/a.flac"), try id("music/copy.flac"))
    #expect(a != copy)
    #expect(try title("music/copy.flac") == "The copy")
    #expect(try vector(a) == vector(copy))
    // A model that has not heard the original listens to both.
    let network = try UntrainedModel.make(seed: 1)
    #expect(try index("music", model: network).heard == 2)
  }

  @Test func aSongOfALostFolderIsFoundInAnother() throws {
    for kind in 0..<3 { try song("disk/\(kind).flac", kind: kind, title: "\(kind)") }
    _ = try index("disk")
    let ids = try (0..<3).map { try id("disk/\($0).flac") }
    try move("disk", to: "elsewhere/music")
    try remove("elsewhere/music/2.flac")
    // Only the other folder is named.
    #expect(try index("elsewhere") == Result(counts: [0, 0, 2, 0, 0], heard: 0))
    #expect(try [id("elsewhere/music/0.flac"), id("elsewhere/music/1.flac")] == Array(ids.prefix(2)))
    #expect(try id("disk/2.flac") == ids[2])
    // What did not turn up is kept until it is given up.
    #expect(try index(skipped: 1) == Result(counts: [0, 0, 0, 2, 0], heard: 0))
    #expect(try index(prune: true) == Result(counts: [0, 0, 0, 2, 1], heard: 0))
  }

  @Test func aWholeFolderThatIsRenamedIsMovedWithManyFiles() throws {
    for variant in 0..<80 { try song("music/album/\(variant).wav", variant: variant) }
    _ = try index("music")
    let first = try id("music/album/0.wav")
    try move("music/album", to: "music/renamed")
    #expect(try index("music") == Result(counts: [0, 0, 80, 0, 0], heard: 0))
    #expect(try id("music/renamed/0.wav") == first)
  }

  /// As a library is after the migration.
  private func forgetDigests() throws {
    let database = try DatabaseQueue(path: catalogue.path)
    try database.write { try $0.execute(sql: "UPDATE track SET soundDigest = NULL") }
  }

  @Test func songsOfAnEarlierVersionGetDigestsWithoutListening() throws {
    try song("music/a.flac", title: "A")
    try song("music/b.flac", kind: 1)
    _ = try index("music")
    let a = try id("music/a.flac")
    try forgetDigests()
    #expect(try index("music") == Result(counts: [0, 0, 0, 2, 0], heard: 0))
    try remove("music/a.flac")
    try song("music/z.flac", title: "A new title")
    #expect(try index("music") == Result(counts: [0, 0, 1, 1, 0], heard: 0))
    #expect(try id("music/z.flac") == a)
  }

  @Test func whatMovedBeforeItHadADigestIsToldByNameSizeAndTime() throws {
    try song("music/a.flac", title: "A")
    try song("music/b.flac", kind: 1)
    _ = try index("music")
    let a = try id("music/a.flac")
    try forgetDigests()
    try move("music/a.flac", to: "music/album/a.flac")
    #expect(try index("music") == Result(counts: [0, 0, 1, 1, 0], heard: 0))
    #expect(try id("music/album/a.flac") == a)
  }

  @Test func aModelThatHearsOtherPartsLeavesDigests() throws {
    try song("music/a.flac")
    try song("music/b.flac", kind: 1)
    let network = try UntrainedModel.make(seed: 1)
    _ = try index("music", model: network)
    try move("music/a.flac", to: "music/c.flac")
    #expect(try index("music", model: network) == Result(counts: [0, 0, 1, 1, 0], heard: 0))
  }

  @Test func notesGoWithASong() throws {
    try song("music/a.flac")
    _ = try index("music")
    let track = try #require(try catalogue.track(path: folder("music/a.flac")))
    let note = FileRemark(
      path: track.path, kind: .note, reason: "it is odd", fileSize: track.fileSize,
      modificationTime: track.modificationTime, software: "test")
    try catalogue.replaceRemarks(on: [], by: [note])
    try move("music/a.flac", to: "music/b.flac")
    #expect(try index("music").counts == [0, 0, 1, 0, 0])
    var moved = note
    moved.path = folder("music/b.flac")
    #expect(try catalogue.remarks() == [moved])
  }

  @Test func whatIsStoppedWhileItComparesForgetsNothing() throws {
    try song("music/a.flac")
    try song("music/b.flac", kind: 1)
    try song("music/c.flac", kind: 2)
    _ = try index("music")
    try move("music/a.flac", to: "music/d.flac")
    let summary = try Indexer(catalogue: catalogue, model: .mfcc, threads: 1)
      .index([folder("music")], shouldStop: { true })
    #expect(summary.wasInterrupted && summary.forgotten == 0)
    #expect(try catalogue.fileStates(under: folder.path, model: nil).count == 3)
    #expect(try index("music") == Result(counts: [0, 0, 1, 2, 0], heard: 0))
  }
}
