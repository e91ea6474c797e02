import NearestNeighbors
import Testing

@Suite struct CosineIndexTests {
  /// Sizes around the blocks of 16 values and the passes of 8 queries, and those of Akin's models: 60, 140, 384.
  static let dimensions = [1, 2, 3, 7, 15, 16, 17, 31, 32, 33, 60, 140, 384]

  @Test(arguments: dimensions)
  func similaritiesAreTheDefinition(dimension: Int) throws {
    let count = 53
    let vectors = randomVectors(count: count, dimension: dimension, seed: UInt64(dimension))
    let query = randomVectors(count: 1, dimension: dimension, seed: 999)
    let index = try CosineIndex(ids: Array(0..<count), dimension: dimension, vectors: vectors)
    let similarities = try index.similarities(to: query)
    try #require(similarities.count == count)
    for row in 0..<count {
      let expected = cosine(vectors[row * dimension..<(row + 1) * dimension], query[...])
      #expect(abs(Double(similarities[row]) - expected) < 1e-6)
      #expect((-1...1).contains(similarities[row]))
    }
  }

  @Test(arguments: dimensions, [1, 2, 9, 52, 53, 54, 1000])
  func nearestAreTheFirstOfAFullSort(dimension: Int, wanted: Int) throws {
    let count = 53
    let vectors = randomVectors(count: count, dimension: dimension, seed: UInt64(dimension))
    let query = randomVectors(count: 1, dimension: dimension, seed: 7)
    let index = try CosineIndex(ids: (0..<count).map { "song \($0)" }, dimension: dimension, vectors: vectors)
    let found = try index.nearest(to: query, count: wanted)
    // Stable sort: equal similarities (all of ±1 in one dimension) stay in the order of insertion.
    let similarities = try index.similarities(to: query)
    let order = (0..<count).sorted { (similarities[$0], -$0) > (similarities[$1], -$1) }.prefix(wanted)
    #expect(found == order.map { Neighbor(id: "song \($0)", similarity: similarities[$0]) })
    // Compared with the definition in Double: the similarities found are the largest.
    let exact = (0..<count).map { cosine(vectors[$0 * dimension..<($0 + 1) * dimension], query[...]) }.sorted(by: >)
    for (answer, expected) in zip(found, exact) {
      #expect(abs(Double(answer.similarity) - expected) < 1e-6)
    }
  }

  @Test func equalSimilaritiesComeInTheOrderOfInsertion() throws {
    let pattern: [[Float]] = [[0, 1], [1, 0], [1, 1], [1, 0], [0, 1], [1, 0], [1, 1]]
    let index = try CosineIndex(ids: Array(0..<7), dimension: 2, vectors: pattern.flatMap { $0 })
    #expect(try index.nearest(to: [1, 0], count: 7).map(\.id) == [1, 3, 5, 2, 6, 0, 4])
    #expect(try index.nearest(to: [1, 0], count: 2).map(\.id) == [1, 3])
    #expect(try index.nearest(to: [1, 0], count: 4).map(\.id) == [1, 3, 5, 2])
  }

  @Test func duplicatesAreEquallyNear() throws {
    let one = randomVectors(count: 1, dimension: 37, seed: 1)
    let index = try CosineIndex(ids: Array(0..<5), dimension: 37, vectors: one + one + one + one + one)
    let found = try index.nearest(to: one, count: 5)
    #expect(found.map(\.id) == [0, 1, 2, 3, 4])
    #expect(Set(found.map(\.similarity)).count == 1)
    #expect(found[0].similarity > 0.999999)
  }

  @Test func zeroVectorsHaveSimilarityZero() throws {
    let index = try CosineIndex(ids: [0, 1, 2], dimension: 3, vectors: [0, 0, 0, -1, -2, -3, 1, 2, 3])
    let found = try index.nearest(to: [1, 2, 3], count: 3)
    #expect(found.map(\.id) == [2, 0, 1])
    #expect(found[1].similarity == 0)
    #expect(try index.similarities(to: [0, 0, 0]) == [0, 0, 0])
    #expect(try index.nearest(to: [0, 0, 0], count: 2).map(\.id) == [0, 1])
  }

  @Test(arguments: [Float.leastNonzeroMagnitude, 1e-30, 1e-3, 1e30, Float.greatestFiniteMagnitude])
  func lengthsDoNotMatter(scale: Float) throws {
    let index = try CosineIndex(ids: [0, 1], dimension: 2, vectors: [scale, scale, scale, -scale])
    let similarities = try index.similarities(to: [scale, scale])
    #expect(abs(similarities[0] - 1) < 1e-6)
    #expect(abs(similarities[1]) < 1e-6)
  }

  @Test func filterLeavesOutRows() throws {
    let count = 40
    let vectors = randomVectors(count: count, dimension: 5, seed: 3)
    let query = randomVectors(count: 1, dimension: 5, seed: 4)
    let index = try CosineIndex(ids: Array(0..<count), dimension: 5, vectors: vectors)
    let all = try index.nearest(to: query, count: count)
    let odd = try index.nearest(to: query, count: 6) { !$0.isMultiple(of: 2) }
    #expect(odd == Array(all.filter { !$0.id.isMultiple(of: 2) }.prefix(6)))
    #expect(try index.nearest(to: query, count: 6) { _ in false }.isEmpty)
  }

  @Test func nothingIsFoundWhereThereIsNothing() throws {
    let empty = try CosineIndex(ids: [Int](), dimension: 4, vectors: [])
    #expect(try empty.nearest(to: [1, 2, 3, 4], count: 3).isEmpty)
    #expect(try empty.similarities(to: [1, 2, 3, 4]).isEmpty)
    #expect(try empty.nearest(toEach: [1, 2, 3, 4, 5, 6, 7, 8], count: 3, threads: 2) == [[], []])
    let index = try CosineIndex(ids: [0, 1], dimension: 1, vectors: [1, 2])
    #expect(try index.nearest(to: [1], count: 0).isEmpty)
    #expect(try index.nearest(toEach: [], count: 3, threads: 2).isEmpty)
  }

  @Test(arguments: [1, 2, 3, 5], [1, 7, 8, 9, 50])
  func manyQueriesFindWhatEachFindsAlone(threads: Int, queryCount: Int) throws {
    let dimension = 21
    let count = 101
    let vectors = randomVectors(count: count, dimension: dimension, seed: 5)
    let queries = randomVectors(count: queryCount, dimension: dimension, seed: 6)
    let index = try CosineIndex(ids: Array(0..<count), dimension: dimension, vectors: vectors)
    let together = try index.nearest(toEach: queries, count: 7, threads: threads) { query, row in query != row }
    try #require(together.count == queryCount)
    for query in 0..<queryCount {
      let values = Array(queries[query * dimension..<(query + 1) * dimension])
      #expect(try together[query] == index.nearest(to: values, count: 7) { $0 != query })
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func valuesThatAreNotFiniteAreRefused(value: Float) throws {
    func place(_ error: NearestNeighborsError?) -> [Int]? {
      guard case .notFinite(let vector, let component, _) = error else { return nil }
      return [vector, component]
    }
    let building = #expect(throws: NearestNeighborsError.self) {
      try CosineIndex(ids: [0, 1], dimension: 3, vectors: [1, 2, 3, 4, value, 6])
    }
    #expect(place(building) == [1, 1])
    let index = try CosineIndex(ids: [0], dimension: 3, vectors: [1, 2, 3])
    let searching = #expect(throws: NearestNeighborsError.self) { try index.nearest(to: [1, 2, value], count: 1) }
    #expect(place(searching) == [0, 2])
    #expect(throws: NearestNeighborsError.self) { try index.similarities(to: [1, 2, value]) }
    #expect(throws: NearestNeighborsError.self) {
      try index.nearest(toEach: [1, 2, 3, 1, 2, value], count: 1, threads: 1)
    }
  }
}
