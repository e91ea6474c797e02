import Catalogue
import Testing

@Suite struct RootTests {
  @Test func rootsAreRememberedOnce() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      for root in ["/music", "/music/", "/music//", "/", "/b", "/b"] { try catalogue.addRoot(root) }
      #expect(try catalogue.roots() == ["/", "/b", "/music"])
      try catalogue.removeRoot("/b/")
      try catalogue.removeRoot("/nothing")
      #expect(try catalogue.roots() == ["/", "/music"])
    }
  }

  static let paths = [
    "/music", "/music/a.mp3", "/music/sub/b.mp3", "/music/sub/deep/\u{600}/c.mp3", "/music.mp3", "/music0/d.mp3",
    "/musica/e.mp3", "/Music/f.mp3", "/music/%/g.mp3", "/music/_x/h.mp3", "/music/\u{10FFFF}", "/zoo/\u{301}i.mp3",
  ]

  @Test(arguments: [
    "/music", "/music/", "/music/sub", "/music/a.mp3", "/", "/music/%", "/music/_", "/zoo", "/none",
    "/music/sub/deep/\u{600}",
  ])
  func filesUnderARootAreThoseInIt(root: String) throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(Self.paths.map { IndexedTrack(path: $0, fileSize: 1, modificationTime: 1) })
      let states = try catalogue.fileStates(under: root, model: nil)
      let prefix = Array(root.utf8.reversed().drop { $0 == UInt8(ascii: "/") }.reversed())
      let expected = Self.paths.filter {
        let bytes = Array($0.utf8)
        return bytes == prefix || bytes.starts(with: prefix + [UInt8(ascii: "/")])
      }
      #expect(Set(states.map(\.path)) == Set(expected))
      #expect(states.count == expected.count)
    }
  }

  @Test func statesTellSizeTimeAndWhetherThereIsAVector() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(model: sampleModel())
      try catalogue.store(model: sampleModel("other"))
      let ids = try catalogue.store([sampleTrack(1), sampleTrack(2, embeddings: ["other": [1, 2, 3]])])
      let states = try catalogue.fileStates(under: "/music", model: "mfcc")
      let first = try #require(states[path: "/music/1.flac"])
      #expect((first.id, first.fileSize, first.modificationTime) == (ids[0], 1001, 1_000_000_007))
      #expect(first.hasEmbedding)
      #expect(states[path: "/music/2.flac"]?.hasEmbedding == false)
      #expect(states[path: "/music/3.flac"] == nil)
      #expect(try catalogue.fileStates(under: "/music", model: nil).allSatisfy { !$0.hasEmbedding })
      #expect(throws: CatalogueError.self) { try catalogue.fileStates(under: "/music", model: "unknown") }
    }
  }
}
