import Foundation
import NearestNeighbors
import Testing

/// Maps, and the promises of t-SNE.
@Suite struct TSNETests {
  private func map(
    _ vectors: [Float], count: Int, dimension: Int, threads: Int = 2, _ change: (inout TSNE) -> Void = { _ in }
  ) throws -> TSNEMap {
    var tsne = TSNE()
    tsne.metric = .euclidean
    tsne.iterationLimit = 300
    change(&tsne)
    return try tsne.map(vectors, count: count, dimension: dimension, threads: threads)
  }

  @Test(arguments: [TSNE.Method.exact, .interpolated])
  func neighborsInTheMapAreNeighborsInSpace(method: TSNE.Method) throws {
    let vectors = clusteredVectors(count: 400, dimension: 12, clusters: 8, seed: 3)
    let map = try map(vectors, count: 400, dimension: 12) { ($0.method, $0.iterationLimit) = (method, 1000) }
    let trust = trustworthiness(of: map.coordinates, vectors: vectors, dimension: 12, neighbors: 10)
    #expect(trust > 0.95)
    // Coordinates that have nothing to do with the vectors have about ½.
    var generator = TestGenerator(state: 1)
    let coordinates = map.coordinates.shuffled(using: &generator)
    let shuffled = trustworthiness(of: coordinates, vectors: vectors, dimension: 12, neighbors: 10)
    #expect(shuffled < 0.7)
    #expect(map.isExact == (method == .exact))
  }

  @Test(arguments: [TSNE.Method.exact, .interpolated], TSNE.Metric.allCases)
  func theNumberOfThreadsChangesNothing(method: TSNE.Method, metric: TSNE.Metric) throws {
    let vectors = clusteredVectors(count: 600, dimension: 9, clusters: 5, seed: 4)
    let maps = try [1, 2, 7].map { threads in
      try map(vectors, count: 600, dimension: 9, threads: threads) { ($0.method, $0.metric) = (method, metric) }
    }
    #expect(maps[0] == maps[1] && maps[0] == maps[2])
    let other = try map(vectors, count: 600, dimension: 9) {
      ($0.method, $0.metric, $0.randomSeed) = (method, metric, 1)
    }
    #expect(other.coordinates != maps[0].coordinates)
  }

  @Test(arguments: 0...12, [TSNE.Method.exact, .interpolated])
  func anyNumberOfVectorsHasAMap(count: Int, method: TSNE.Method) throws {
    let vectors = randomVectors(count: count, dimension: 3, seed: 1)
    let map = try map(vectors, count: count, dimension: 3) { $0.method = method }
    #expect(map.coordinates.count == count)
    #expect(map.coordinates.allSatisfy { $0.x.isFinite && $0.y.isFinite && abs($0.x) < 1000 && abs($0.y) < 1000 })
    #expect(map.divergence.isFinite && map.divergence >= 0)
    #expect(map.perplexity == max(1, Double(count - 1) / 3))
    if count == 1 { #expect(map.coordinates == [.zero]) }
    if count > 1 { #expect(Set(map.coordinates).count == count) }
  }

  @Test(arguments: [TSNE.Method.exact, .interpolated])
  func copiesLieSideBySide(method: TSNE.Method) throws {
    var vectors = clusteredVectors(count: 200, dimension: 6, clusters: 4, seed: 9)
    vectors += vectors[..<60]
    let map = try map(vectors, count: 210, dimension: 6) { ($0.method, $0.perplexity) = (method, 10) }
    #expect(Set(map.coordinates).count == 210, "none hides another")
    for copy in 0..<10 {
      let distances = map.coordinates.map { distance($0, map.coordinates[copy]) }
      #expect(distances.filter { $0 < distances[200 + copy] }.count < 8)
    }
  }

  @Test(arguments: [(TSNE.Metric.cosine, Float(0)), (.cosine, 5), (.euclidean, 5)])
  func copiesOnly(metric: TSNE.Metric, value: Float) throws {
    let vectors = [Float](repeating: value, count: 150 * 4)
    for method in [TSNE.Method.exact, .interpolated] {
      let map = try map(vectors, count: 150, dimension: 4) { ($0.method, $0.metric) = (method, metric) }
      #expect(Set(map.coordinates).count == 150)
      #expect(map.coordinates.allSatisfy { $0.x.isFinite && $0.y.isFinite } && map.divergence.isFinite)
    }
  }

  @Test func aConstantDimensionAndTheUnitChangeNothing() throws {
    let vectors = clusteredVectors(count: 300, dimension: 5, clusters: 3, seed: 2)
    let wider: [Float] = (0..<300).flatMap { row in vectors[row * 5..<row * 5 + 5] + [7.5] }
    let longer = try map(wider, count: 300, dimension: 6) { $0.iterationLimit = 1000 }
    let plain = try map(vectors, count: 300, dimension: 5) { $0.iterationLimit = 1000 }
    #expect(abs(longer.divergence - plain.divergence) < 0.03 * plain.divergence)
    let large = try map(vectors.map { $0 * 0x1p100 }, count: 300, dimension: 5) { $0.iterationLimit = 1000 }
    #expect(large == plain)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func whatIsNotFiniteIsRefused(value: Float) throws {
    var vectors = randomVectors(count: 20, dimension: 3, seed: 1)
    vectors[17] = value
    let error = #expect(throws: TSNEError.self) { try map(vectors, count: 20, dimension: 3) }
    guard case .notFinite(vector: 5, component: 2, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    var distances = [Float](repeating: 1, count: 9)
    distances[5] = -1
    #expect(throws: TSNEError.notFinite(vector: 1, component: 2, value: -1)) {
      try TSNE().map(distances: distances, count: 3, threads: 1)
    }
  }

  @Test func progressIsReportedAndMayInterrupt() throws {
    let vectors = randomVectors(count: 50, dimension: 3, seed: 1)
    var seen: [TSNEProgress] = []
    var tsne = TSNE()
    tsne.iterationLimit = 20
    _ = try tsne.map(vectors, count: 50, dimension: 3, threads: 1) { progress in
      seen.append(progress)
      return true
    }
    #expect(seen.first == .neighbors && seen.filter { $0 != .neighbors }.count == 20)
    #expect(seen.last == .iteration(19, limit: 20))
    for stop in 1...seen.count {
      var calls = 0
      #expect(throws: TSNEError.interrupted) {
        try tsne.map(vectors, count: 50, dimension: 3, threads: 1) { _ in
          calls += 1
          return calls < stop
        }
      }
      #expect(calls == stop)
    }
  }

  @Test func distancesAloneGiveTheSameQuality() throws {
    let vectors = clusteredVectors(count: 300, dimension: 12, clusters: 6, seed: 5)
    let distances = (0..<300 * 300).map { pair in
      euclidean(vectors[(pair / 300) * 12..<(pair / 300 + 1) * 12], vectors[(pair % 300) * 12..<(pair % 300 + 1) * 12])
    }
    let plain = try map(vectors, count: 300, dimension: 12) { $0.iterationLimit = 1000 }
    let map = try TSNE().map(distances: distances, count: 300, threads: 2)
    #expect(map.divergence < 1.1 * plain.divergence)
    #expect(trustworthiness(of: map.coordinates, vectors: vectors, dimension: 12, neighbors: 10) > 0.93)
  }
}
