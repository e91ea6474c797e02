import Catalogue
import MetricLearning
import SearchSpaces
import SongModels
import Testing

@Suite struct LearnedRoutesTests {
  /// What another process learns, or forgets, answers without a new start.
  @Test func whatIsLearnedMeanwhileAnswers() async throws {
    let served = try ServedSongs()
    let client = served.client()
    func similar() async throws -> String {
      try await client.response("/api/v1/songs/1/similar?count=11").text
    }
    /// Asks until the answer is another.
    func changed(from known: String) async throws -> String? {
      let deadline = ContinuousClock.now + .seconds(30)
      while ContinuousClock.now < deadline {
        let answer = try await similar()
        if answer != known { return answer }
        await Task.yield()
      }
      return nil
    }
    let plain = try await similar()
    let model = EmbeddingModel.standard
    var direction = [Float](repeating: 0, count: model.searchDimension)
    direction[40] = 1
    let change = SpaceChange(
      kind: .tags, change: LowRankChange(dimension: direction.count, directions: direction, gains: [30]))
    let other = try Catalogue(path: served.catalogue.path)
    try other.store(
      .init(space: model.spaceIdentifier, kind: "tags", record: "{}", data: change.data), model: model.identifier)
    let learned = try #require(try await changed(from: plain))
    try other.forgetLearnedSpace(model.spaceIdentifier, kind: "tags")
    let forgotten = try #require(try await changed(from: learned))
    #expect(forgotten == plain)
  }
}
