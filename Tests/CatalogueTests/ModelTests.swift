import Catalogue
import Foundation
import Testing

@Suite struct ModelTests {
  @Test func modelsComeBackAsTheyWere() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      #expect(try catalogue.models().isEmpty)
      #expect(try catalogue.currentModel() == nil)
      var trained = sampleModel("b3c1", dimension: 60)
      trained.data = Data((0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) })
      try catalogue.store(model: sampleModel())
      try catalogue.store(model: trained)
      #expect(try catalogue.models() == [sampleModel(), trained])
    }
  }

  @Test func storingAgainRenamesAndKeepsTheVectors() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(model: sampleModel())
      try catalogue.store([sampleTrack(1)])
      var renamed = sampleModel()
      renamed.name = "Another name"
      renamed.created = Date(timeIntervalSince1970: 0)
      try catalogue.store(model: renamed)
      #expect(try catalogue.models().map(\.name) == ["Another name"])
      #expect(try catalogue.models().map(\.created) == [sampleModel().created])
      #expect(try catalogue.embeddings(model: "mfcc").values == [1, 0.1, -1])
      let error = #expect(throws: CatalogueError.self) { try catalogue.store(model: sampleModel(dimension: 4)) }
      #expect(error?.reason == .conflictingModel(identifier: "mfcc"))
    }
  }

  @Test func vectorsOfDifferentModelsAreNeverMixed() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(model: sampleModel("two", dimension: 2))
      try catalogue.store(model: sampleModel("three", dimension: 3))
      let ids = try catalogue.store(
        (0..<20).map { number in
          let value = Float(number)
          var embeddings: [String: [Float]] = [:]
          if number.isMultiple(of: 2) { embeddings["two"] = [value, 2] }
          if number.isMultiple(of: 3) { embeddings["three"] = [value, 3, 3] }
          return sampleTrack(number, embeddings: embeddings)
        })
      let two = try catalogue.embeddings(model: "two")
      #expect((two.dimension, two.ids) == (2, stride(from: 0, to: 20, by: 2).map { ids[$0] }))
      #expect(two.values == stride(from: 0, to: 20, by: 2).flatMap { [Float($0), 2] })
      let three = try catalogue.embeddings(model: "three")
      #expect((three.dimension, three.ids) == (3, stride(from: 0, to: 20, by: 3).map { ids[$0] }))
      #expect(three.values == stride(from: 0, to: 20, by: 3).flatMap { [Float($0), 3, 3] })
      #expect(try catalogue.trackCount() == 20)
      let error = #expect(throws: CatalogueError.self) { try catalogue.embeddings(model: "four") }
      #expect(error?.reason == .unknownModel(identifier: "four"))
    }
  }

  @Test func oneModelIsTheCurrentOne() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(model: sampleModel("a"))
      try catalogue.store(model: sampleModel("b"))
      try catalogue.setCurrentModel(identifier: "a")
      try catalogue.setCurrentModel(identifier: "b")
      #expect(try catalogue.currentModel() == sampleModel("b"))
      let error = #expect(throws: CatalogueError.self) { try catalogue.setCurrentModel(identifier: "c") }
      #expect(error?.reason == .unknownModel(identifier: "c"))
      #expect(try catalogue.currentModel()?.identifier == "b")
      try catalogue.setCurrentModel(identifier: nil)
      #expect(try catalogue.currentModel() == nil)
    }
  }
}
