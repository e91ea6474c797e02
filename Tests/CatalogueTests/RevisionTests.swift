import Catalogue
import Testing

@Suite struct RevisionTests {
  @Test func everyChangeOfAModelsVectorsIsARevision() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      #expect(try catalogue.revision(model: "mfcc") == nil)
      try catalogue.store(model: sampleModel())
      try catalogue.store(model: sampleModel("other"))
      var revisions: [Int64?] = [try catalogue.revision(model: "mfcc")]
      let other = try catalogue.revision(model: "other")
      let ids = try catalogue.store([sampleTrack(1), sampleTrack(2)])
      revisions.append(try catalogue.revision(model: "mfcc"))
      try catalogue.store([sampleTrack(1, embeddings: ["mfcc": [3, 2, 1]])])
      revisions.append(try catalogue.revision(model: "mfcc"))
      // A track that is gone takes its vectors with it.
      try catalogue.forget([ids[0]])
      revisions.append(try catalogue.revision(model: "mfcc"))
      // A changed file loses the vectors of models that have not heard it again.
      var changed = sampleTrack(2, embeddings: [:])
      changed.fileSize += 1
      try catalogue.store([changed])
      revisions.append(try catalogue.revision(model: "mfcc"))
      #expect(Set(revisions).count == revisions.count)
      #expect(try catalogue.revision(model: "other") == other)
      #expect(try catalogue.embeddings(model: "mfcc").revision == revisions.last)
    }
  }

  @Test func otherChangesAreNot() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(model: sampleModel())
      try catalogue.store([sampleTrack(1)])
      let revision = try catalogue.revision(model: "mfcc")
      try catalogue.store(model: sampleModel())
      try catalogue.store([sampleTrack(1, embeddings: [:])])
      try catalogue.addRoot("/music")
      #expect(try catalogue.revision(model: "mfcc") == revision)
    }
  }

  /// A catalogue that is made again in the same way is another one.
  @Test func revisionsAreNeverUsedAgain() throws {
    try withTemporaryFolder { folder in
      let revisions = try (0..<2).map { number in
        let catalogue = try Catalogue(path: folder + "/\(number)")
        try catalogue.store(model: sampleModel())
        try catalogue.store([sampleTrack(1)])
        return try catalogue.revision(model: "mfcc")
      }
      #expect(revisions[0] != revisions[1])
    }
  }
}
