import Catalogue
import Foundation
import Testing

/// Tracks whose files have other paths or tags now.
@Suite struct RelocationTests {
  @Test func whatIsBlockedAndMixedFollowsAFolderThatMoved() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/library.sqlite")
      for path in ["/gone/a", "/gone/b", folder] { try catalogue.block(.folder(path)) }
      try catalogue.store(
        Catalogue.Mix(
          name: "m", request: #"{"like":["/gone/a/1.mp3","/gone/a","a song"]}"#, file: "/gone/a/lists/m.m3u"))
      try catalogue.follow([
        ("/gone/a/1.mp3", "/new/x/1.mp3"), ("/gone/a/d/2.mp3", "/new/x/d/2.mp3"), ("/gone/a/3.mp3", "/new/x/other.mp3"),
        // These went apart, and this folder is still there.
        ("/gone/b/1.mp3", "/new/y/1.mp3"), ("/gone/b/2.mp3", "/new/z/2.mp3"), (folder + "/1.mp3", "/new/f/1.mp3"),
      ])
      #expect(Set(try catalogue.blocks()) == [.folder("/new/x"), .folder("/gone/b"), .folder(folder)])
      let mix = try #require(try catalogue.mixes().first)
      #expect(mix.request == #"{"like":["/new/x/1.mp3","/new/x","a song"]}"#)
      #expect(mix.file == "/new/x/lists/m.m3u")
    }
  }

  private func withTracks(
    _ paths: String..., body: (_ catalogue: Catalogue, _ ids: [TrackID]) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(model: Catalogue.Model(identifier: "m", name: "m", kind: "test", dimension: 2))
      let tracks = paths.enumerated().map { index, path in
        IndexedTrack(
          path: path, fileSize: 10, modificationTime: 20, tags: AudioTags(title: path), duration: 30,
          soundDigest: "digest \(index)", embeddings: ["m": [1, Float(index)]])
      }
      try body(catalogue, catalogue.store(tracks))
    }
  }

  private func relocation(_ id: TrackID, from old: String, to new: String) -> Catalogue.Relocation {
    .init(
      id: id, oldPath: old,
      track: IndexedTrack(
        path: new, fileSize: 11, modificationTime: 21, tags: AudioTags(title: "new"), soundDigest: "d"))
  }

  @Test func tracksTakeEachOthersPathsAndKeepTheirVectors() throws {
    try withTracks("/a", "/b", "/c") { catalogue, ids in
      let moves = [
        relocation(ids[0], from: "/a", to: "/b"), relocation(ids[1], from: "/b", to: "/c"),
        relocation(ids[2], from: "/c", to: "/a"),
      ]
      #expect(try catalogue.relocate(moves) == Set(ids))
      #expect(try ["/b", "/c", "/a"].map { try catalogue.track(path: $0)?.id } == ids)
      for (index, id) in ids.enumerated() {
        #expect(try catalogue.embedding(of: id, model: "m") == [1, Float(index)])
      }
      let track = try #require(try catalogue.track(path: "/a"))
      #expect((track.fileSize, track.modificationTime, track.tags.title) == (11, 21, "new"))
      #expect(try catalogue.search("new").count == 3)
      #expect(try catalogue.fileStates(soundDigest: "d", model: "m").map(\.hasEmbedding) == [true, true, true])
    }
  }

  @Test func aTrackWhoseFileWasReplacedIsForgotten() throws {
    try withTracks("/a", "/b") { catalogue, ids in
      let moved = try catalogue.relocate([relocation(ids[0], from: "/a", to: "/b")])
      #expect(moved == [ids[0]])
      #expect(try catalogue.fileStates(under: "/", model: nil).map(\.id) == [ids[0]])
    }
  }

  @Test func whatAnotherProcessHasMovedIsLeftAlone() throws {
    try withTracks("/a", "/b") { catalogue, ids in
      try catalogue.relocate([relocation(ids[0], from: "/a", to: "/elsewhere")])
      #expect(try catalogue.relocate([relocation(ids[0], from: "/a", to: "/b")]).isEmpty)
      #expect(try catalogue.fileStates(under: "/", model: nil).map(\.path) == ["/b", "/elsewhere"])
    }
  }

  @Test func aCopyHasTheVectorsOfItsOriginal() throws {
    try withTracks("/a", "/b") { catalogue, ids in
      let copy = IndexedTrack(path: "/copy", fileSize: 1, modificationTime: 2, soundDigest: "digest 1")
      let id = try catalogue.store(copy, asCopyOf: ids[1])
      #expect(try catalogue.embedding(of: id, model: "m") == [1, 1])
      #expect(try catalogue.fileStates(soundDigest: "digest 1", model: "m").map(\.id) == [ids[1], id])
    }
  }

  @Test func tracksWithoutADigestOfAVersionAreFound() throws {
    try withTracks("/m/a", "/m/b", "/n/c") { catalogue, ids in
      #expect(try catalogue.statesWithoutDigest(under: "/m", prefix: "digest ").isEmpty)
      try catalogue.store(soundDigests: [ids[1]: "older"])
      #expect(try catalogue.statesWithoutDigest(under: "/m", prefix: "digest ").map(\.id) == [ids[1]])
      #expect(try catalogue.statesWithoutDigest(under: "/n", prefix: "other").map(\.id) == [ids[2]])
    }
  }

  @Test func theLastIndexingIsRemembered() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      #expect(try catalogue.lastIndexing() == nil)
      var run = Catalogue.LastIndexing(
        began: Date(timeIntervalSince1970: 1_700_000_000), seconds: 1.5, model: "m", added: 1, updated: 2, moved: 3,
        unchanged: 4, forgotten: 5, skipped: 6, wasInterrupted: true)
      try catalogue.store(lastIndexing: run)
      #expect(try catalogue.lastIndexing() == run)
      run.added = 7
      try catalogue.store(lastIndexing: run)
      #expect(try Catalogue(path: folder + "/c").lastIndexing() == run)
    }
  }
}
