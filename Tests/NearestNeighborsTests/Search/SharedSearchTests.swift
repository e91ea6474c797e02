import Dispatch
import NearestNeighbors
import Synchronization
import Testing

/// Searches in collections that are large enough for levels from a sample, alone and at the same time.
@Suite struct SharedSearchTests {
  private static let dimension = 8
  private static let count = 1900

  /// Vectors that are spread evenly, but for those that a sample of every tenth from the fifth on would see, which are far
  /// from the query, or near.
  private static func index(sampledSign: Float?) throws -> CosineIndex<Int> {
    var state: UInt64 = 7
    func random() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 24) - 0.5
    }
    var values: [Float] = []
    for row in 0..<count {
      var vector = (0..<dimension).map { _ in random() }
      if let sampledSign, row % 10 == 5 { vector[0] = sampledSign * 5 }
      values += vector
    }
    return try CosineIndex(ids: Array(0..<count), dimension: dimension, vectors: values)
  }

  private static let query: [Float] = [1] + [Float](repeating: 0, count: dimension - 1)

  /// By the similarity of every vector.
  private static func nearest(
    _ index: CosineIndex<Int>, _ query: [Float], _ count: Int, where isIncluded: (Int) -> Bool
  ) throws -> [Int] {
    let similarities = try index.similarities(to: query)
    return Array(
      similarities.indices.filter(isIncluded)
        .sorted { similarities[$0] != similarities[$1] ? similarities[$0] > similarities[$1] : $0 < $1 }.prefix(count))
  }

  @Test(arguments: [nil, Float(-1), 1])
  func aSampleThatMisleadsChangesNothing(sampledSign: Float?) throws {
    let index = try Self.index(sampledSign: sampledSign)
    let filters: [@Sendable (Int) -> Bool] = [{ _ in true }, { $0 % 3 == 0 }, { $0 < 150 }, { $0 % 10 != 5 }]
    for isIncluded in filters {
      let found = try index.nearestRows(toEach: Self.query, count: 100, where: isIncluded)[0]
      #expect(try found == Self.nearest(index, Self.query, 100, where: isIncluded))
    }
    let zero = try index.nearestRows(toEach: [Float](repeating: 0, count: Self.dimension), count: 100) { _ in true }[0]
    #expect(zero == Array(0..<100))
  }

  @Test func searchesAtTheSameTimeFindWhatTheyFindAlone() throws {
    let index = try Self.index(sampledSign: nil)
    let wrong = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 64) { search in
      var query = [Float](repeating: 0, count: Self.dimension)
      query[search % Self.dimension] = 1
      let (count, rest) = (search % 2 == 0 ? 100 : 30, search % 5)
      let isIncluded: @Sendable (Int) -> Bool = { $0 % 5 != rest }
      let found = try? index.nearestRows(toEach: query, count: count, where: isIncluded)[0]
      let alone = try? Self.nearest(index, query, count, where: isIncluded)
      if found == nil || found != alone { wrong.add(1, ordering: .relaxed) }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }
}
