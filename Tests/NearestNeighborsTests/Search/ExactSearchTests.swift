import NearestNeighbors
import Testing

/// The search rules out most vectors by their codes; its results are those of a scan of all values, to the bit.
@Suite struct ExactSearchTests {
  /// Collections that would reveal a bound that is slightly too low, or rows out of order.
  static let collections: [(name: String, make: @Sendable (_ count: Int, _ dimension: Int) -> [Float])] = [
    ("random", { randomVectors(count: $0, dimension: $1, seed: 1) }),
    (
      "nearer to each other than any code can tell",
      { count, dimension in
        let one = randomVectors(count: 1, dimension: dimension, seed: 2)
        let noise = randomVectors(count: count, dimension: dimension, seed: 3)
        return noise.indices.map { one[$0 % dimension] + noise[$0] * 1e-6 }
      }
    ),
    ("all equal", { count, dimension in (0..<count * dimension).map { Float($0 % dimension) - 0.7 } }),
    ("all zeros", { [Float](repeating: 0, count: $0 * $1) }),
    (
      "duplicates, opposites and zeros",
      { count, dimension in
        let few = randomVectors(count: 5, dimension: dimension, seed: 4)
        return (0..<count).flatMap { row in
          let sign: Float = [1, -1, 0][row % 3]
          return (0..<dimension).map { few[row % 5 * dimension + $0] * sign }
        }
      }
    ),
    (
      "one huge component, elsewhere in each row",
      { count, dimension in
        var vectors = randomVectors(count: count, dimension: dimension, seed: 5)
        for row in 0..<count { vectors[row * dimension + row * 7 % dimension] = 1e8 }
        return vectors
      }
    ),
    (
      "one row of a block spoils its scale",
      { count, dimension in
        var vectors = randomVectors(count: count, dimension: dimension, seed: 6)
        for row in stride(from: 0, to: count, by: 32) {
          for place in 0..<dimension { vectors[row * dimension + place] = place == 0 ? 1 : 0 }
        }
        return vectors
      }
    ),
    ("tiny", { randomVectors(count: $0, dimension: $1, seed: 7).map { $0 * 1e-38 } }),
    (
      "magnitudes from tiny to huge",
      { count, dimension in
        let vectors = randomVectors(count: count, dimension: dimension, seed: 8)
        let scales: [Float] = [1e-30, 1e30, 1, 1e-6, 1e6]
        return vectors.indices.map { vectors[$0] * scales[$0 / dimension % 5] }
      }
    ),
    (
      "ever nearer to the first",
      { count, dimension in
        let first = randomVectors(count: 1, dimension: dimension, seed: 9)
        let other = randomVectors(count: 1, dimension: dimension, seed: 10)
        return (0..<count).flatMap { row in
          let part = row == 0 ? 1 : Float(row) / Float(count)
          return (0..<dimension).map { first[$0] * part + other[$0] * (1 - part) }
        }
      }
    ),
  ]

  @Test(arguments: collections.indices, [1, 2, 5, 33, 60, 140, 1000])
  func answersAreThoseOfAScanOfAllValues(collection: Int, dimension: Int) throws {
    let count = dimension == 1000 ? 500 : 2500
    let vectors = Self.collections[collection].make(count, dimension)
    let index = try CosineIndex(ids: Array(0..<count), dimension: dimension, vectors: vectors)
    let random = randomVectors(count: 2, dimension: dimension, seed: 11)
    let queries =
      Array(vectors.prefix(3 * dimension)) + random + vectors.prefix(dimension).map { -$0 }
      + [Float](repeating: 0, count: dimension)
    let together = try index.nearest(toEach: queries, count: 10, threads: 2)
    for query in 0..<7 {
      let values = Array(queries[query * dimension..<(query + 1) * dimension])
      let similarities = try index.similarities(to: values)
      let order = (0..<count).sorted { (similarities[$0], -$0) > (similarities[$1], -$1) }
      let expected = order.prefix(10).map { Neighbor(id: $0, similarity: similarities[$0]) }
      #expect(try index.nearest(to: values, count: 10) == expected, "\(Self.collections[collection].name)")
      #expect(together[query] == expected, "\(Self.collections[collection].name)")
      let odd = order.lazy.filter { !$0.isMultiple(of: 2) }.prefix(10)
      #expect(try index.nearest(to: values, count: 10) { !$0.isMultiple(of: 2) }.map(\.id) == Array(odd))
    }
  }

  /// More queries than one pass takes, over more rows than one stretch.
  @Test func manyQueriesOverManyRows() throws {
    let (count, dimension, queryCount) = (20_000, 12, 230)
    let index = try CosineIndex(
      ids: Array(0..<count), dimension: dimension, vectors: randomVectors(count: count, dimension: dimension, seed: 12))
    let queries = randomVectors(count: queryCount, dimension: dimension, seed: 13)
    let found = try index.nearest(toEach: queries, count: 4, threads: 2)
    for query in stride(from: 0, to: queryCount, by: 19) {
      let values = Array(queries[query * dimension..<(query + 1) * dimension])
      let similarities = try index.similarities(to: values)
      let order = (0..<count).sorted { (similarities[$0], -$0) > (similarities[$1], -$1) }
      #expect(found[query].map(\.id) == Array(order.prefix(4)))
      #expect(try index.nearest(to: values, count: 4) == found[query])
    }
  }
}
