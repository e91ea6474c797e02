import Catalogue
import Testing

@Suite struct TrackTests {
  @Test func everyFieldComesBack() throws {
    try withTemporaryFolder { folder in
      let full = IndexedTrack(
        path: "/music/a b/ü 'quoted' \"%_\\.mp3", fileSize: .max, modificationTime: 1_700_000_000_123_456_789,
        tags: AudioTags(
          title: "Ψ", artists: ["名前"], album: "", albumArtists: ["Various"], genres: ["Folk"], date: "1999-12", track: 7
        ),
        duration: 215.25, embeddings: ["mfcc": [1, -0.0, Float.leastNonzeroMagnitude]])
      let bare = IndexedTrack(path: "/bare", fileSize: 0, modificationTime: -1)
      let path = folder + "/new/folders/catalogue.sqlite"
      let ids: [TrackID]
      do {
        let catalogue = try Catalogue(path: path)
        try catalogue.store(model: sampleModel())
        ids = try catalogue.store([full, bare])
      }
      let catalogue = try Catalogue(path: path)
      let tracks = try catalogue.tracks(ids: ids + [TrackID(rawValue: 99)])
      #expect(tracks.count == 2)
      let track = try #require(tracks[ids[0]])
      #expect(try catalogue.track(path: full.path) == track)
      #expect((track.path, track.tags, track.duration) == (full.path, full.tags, 215.25))
      #expect((track.fileSize, track.modificationTime) == (.max, 1_700_000_000_123_456_789))
      let vector = try #require(try catalogue.embedding(of: ids[0], model: "mfcc"))
      #expect(vector.map(\.bitPattern) == [Float(1), -0.0, .leastNonzeroMagnitude].map(\.bitPattern))
      let second = try #require(tracks[ids[1]])
      #expect((second.tags, second.duration) == (AudioTags(), nil))
      #expect(try catalogue.embedding(of: ids[1], model: "mfcc") == nil)
      #expect(try catalogue.track(path: "/music") == nil)
      #expect(try catalogue.trackCount() == 2)
    }
  }

  @Test func storingAgainKeepsTheNumberAndReplacesTheTags() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(model: sampleModel())
      let first = try catalogue.store([sampleTrack(1), sampleTrack(2)])
      var changed = sampleTrack(1)
      changed.tags.title = nil
      changed.embeddings = ["mfcc": [7, 8, 9]]
      #expect(try catalogue.store([changed]) == [first[0]])
      #expect(try catalogue.trackCount() == 2)
      #expect(try catalogue.track(path: changed.path)?.tags.title == nil)
      #expect(try catalogue.embeddings(model: "mfcc").values == [7, 8, 9, 2, 0.1, -2])
    }
  }

  enum Change: CaseIterable { case size, time, nothing }

  @Test(arguments: Change.allCases)
  func vectorsOfTheOldFileAreDropped(change: Change) throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(model: sampleModel("old"))
      try catalogue.store(model: sampleModel("new"))
      let id = try catalogue.store([sampleTrack(1, embeddings: ["old": [1, 2, 3], "new": [4, 5, 6]])])[0]
      var again = sampleTrack(1, embeddings: ["new": [7, 8, 9]])
      switch change {
      case .size: again.fileSize += 1
      case .time: again.modificationTime += 1
      case .nothing: break
      }
      try catalogue.store([again])
      #expect(try catalogue.embedding(of: id, model: "old") == (change == .nothing ? [1, 2, 3] : nil))
      #expect(try catalogue.embedding(of: id, model: "new") == [7, 8, 9])
      #expect(try catalogue.track(path: again.path)?.modificationTime == again.modificationTime)
    }
  }

  @Test func forgettingRemovesTracksAndVectorsAndNeverReusesANumber() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(model: sampleModel())
      let ids = try catalogue.store((0..<5).map { sampleTrack($0) })
      #expect(try catalogue.forget([ids[1], ids[4], TrackID(rawValue: 1234)]) == 2)
      #expect(try catalogue.embeddings(model: "mfcc").ids == [ids[0], ids[2], ids[3]])
      #expect(try catalogue.trackCount() == 3)
      let new = try catalogue.store([sampleTrack(4)])[0]
      #expect(new.rawValue > ids[4].rawValue)
    }
  }

  @Test func aBatchIsStoredAsAWholeOrNotAtAll() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(model: sampleModel())
      let bad: [([String: [Float]], CatalogueError.Reason)] = [
        (["mfcc": [1, 2]], .malformedEmbedding(track: "/music/2.flac")),
        (["mfcc": [1, 2, .nan]], .malformedEmbedding(track: "/music/2.flac")),
        (["other": [1, 2, 3]], .unknownModel(identifier: "other")),
      ]
      for (embeddings, reason) in bad {
        let error = #expect(throws: CatalogueError.self) {
          try catalogue.store([sampleTrack(1), sampleTrack(2, embeddings: embeddings), sampleTrack(3)])
        }
        #expect(error?.reason == reason)
        #expect(try catalogue.trackCount() == 0)
      }
      #expect(try catalogue.store([]).isEmpty)
    }
  }

  @Test func namesThatDifferOnlyInNormalisationAreTwoFiles() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(model: sampleModel())
      let composed = "/music/caf\u{E9}.mp3"
      let decomposed = "/music/cafe\u{301}.mp3"
      let ids = try catalogue.store([sampleTrack(1, path: composed), sampleTrack(2, path: decomposed)])
      #expect(ids[0] != ids[1])
      #expect(try catalogue.track(path: composed)?.id == ids[0])
      #expect(try catalogue.track(path: decomposed)?.id == ids[1])
      let states = try catalogue.fileStates(under: "/music", model: "mfcc")
      #expect(states.count == 2)
      #expect(states[path: composed]?.id == ids[0])
      #expect(states[path: decomposed]?.id == ids[1])
      for state in states {
        #expect(Array(state.path.utf8) == Array((state.id == ids[0] ? composed : decomposed).utf8))
      }
    }
  }
}
