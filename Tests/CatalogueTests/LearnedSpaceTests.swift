import Catalogue
import Foundation
import Testing

@Suite struct LearnedSpaceTests {
  @Test func whatIsLearnedIsARevisionAndWhatIsOnlyTriedIsNot() throws {
    try withTemporaryFolder { folder in
      let catalogue = try Catalogue(path: folder + "/c")
      try catalogue.store(model: sampleModel())
      try catalogue.store(model: sampleModel("other"))
      let other = try catalogue.revision(model: "other")
      var revisions = [try catalogue.revision(model: "mfcc")]
      func store(_ data: Data?, kind: String = "tags", record: String = "{}") throws -> Bool {
        try catalogue.store(.init(space: "space", kind: kind, record: record, data: data), model: "mfcc")
        let revision = try catalogue.revision(model: "mfcc")
        defer { revisions.append(revision) }
        return revision != revisions.last
      }
      #expect(try !store(nil))
      #expect(try store(Data([1])))
      #expect(try !store(Data([1]), record: "another"))
      #expect(try store(Data([2])))
      #expect(try store(Data([3]), kind: "ear"))
      let now = try #require(try catalogue.revision(model: "mfcc", space: "space"))
      #expect(now.revision == revisions.last)
      #expect(now.learned.map(\.kind).sorted() == ["ear", "tags"])
      #expect(try catalogue.revision(model: "none", space: "space") == nil)
      #expect(try catalogue.learnedSpaces("elsewhere").isEmpty)
      #expect(try store(nil))
      #expect(try catalogue.forgetLearnedSpace("space", kind: "ear"))
      #expect(try !catalogue.forgetLearnedSpace("space", kind: "ear"))
      #expect(try catalogue.revision(model: "mfcc") != revisions.last)
      #expect(try catalogue.revision(model: "other") == other)
      #expect(throws: CatalogueError.self) {
        try catalogue.store(.init(space: "space", kind: "tags", record: "{}", data: nil), model: "none")
      }
    }
  }
}
