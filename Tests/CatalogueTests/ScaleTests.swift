import Catalogue
import Testing

@Suite struct ScaleTests {
  @Test func tenThousandTracks() throws {
    try withTemporaryFolder { folder in
      let count = 10_000
      let dimension = 140
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(model: sampleModel(dimension: dimension))
      var ids: [TrackID] = []
      for start in stride(from: 0, to: count, by: 1000) {
        ids += try catalogue.store(
          (start..<start + 1000).map { number in
            sampleTrack(number, embeddings: ["mfcc": (0..<dimension).map { Float(number * dimension + $0) }])
          })
      }
      let embeddings = try catalogue.embeddings(model: "mfcc")
      #expect(embeddings.ids == ids)
      #expect(embeddings.values == (0..<count * dimension).map { Float($0) })
      let states = try catalogue.fileStates(under: "/music", model: "mfcc")
      #expect(states.count == count)
      #expect((0..<count).allSatisfy { states[path: "/music/\($0).flac"]?.id == ids[$0] })
      #expect(try catalogue.tracks(ids: ids).count == count)
      #expect(try catalogue.search("title 9999").map(\.id) == [ids[9999]])
      #expect(try catalogue.forget(ids.prefix(5000)) == 5000)
      #expect(try catalogue.embeddings(model: "mfcc").ids == Array(ids.dropFirst(5000)))
    }
  }
}
