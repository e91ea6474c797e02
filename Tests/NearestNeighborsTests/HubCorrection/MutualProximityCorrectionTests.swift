import Foundation
import NearestNeighbors
import Testing

@Suite struct MutualProximityCorrectionTests {
  private static let prior = MutualProximityCorrection.Prior(typical: .init(mean: 0.05, deviation: 0.2), weight: 3)

  /// Vectors around a common direction, so that those near it are hubs.
  private func index(count: Int, dimension: Int = 20, seed: UInt64 = 5) throws -> CosineIndex<Int> {
    try CosineIndex(
      ids: Array(0..<count), dimension: dimension,
      vectors: randomVectors(count: count, dimension: dimension, seed: seed).map { $0 + 0.2 })
  }

  private func row(_ row: Int, of count: Int, dimension: Int = 20, seed: UInt64 = 5) -> [Float] {
    let all = randomVectors(count: count, dimension: dimension, seed: seed)
    return all[row * dimension..<(row + 1) * dimension].map { $0 + 0.2 }
  }

  private func probability(_ similarity: Double, _ statistics: (mean: Double, deviation: Double)) -> Double {
    erfc((statistics.mean - similarity) / statistics.deviation / 2.0.squareRoot()) / 2
  }

  private func plainStatistics(_ similarities: [Double]) -> (mean: Double, deviation: Double) {
    let (typical, weight) = (Self.prior.typical, Self.prior.weight)
    let total = weight + Double(similarities.count)
    let mean = (weight * Double(typical.mean) + similarities.reduce(0, +)) / total
    let spread = similarities.reduce(0) { $0 + $1 * $1 }
    let known = Double(typical.deviation * typical.deviation + typical.mean * typical.mean)
    return (mean, ((weight * known + spread) / total - mean * mean).squareRoot())
  }

  /// The standard score of mutual proximity, by its definition and bisection.
  private func score(
    _ cosine: Double, _ one: (mean: Double, deviation: Double), _ other: (mean: Double, deviation: Double)
  ) -> Double {
    let proximity = probability(cosine, one) * probability(cosine, other)
    var range = (-40.0, 40.0)
    for _ in 0..<80 {
      let middle = (range.0 + range.1) / 2
      let found = probability(middle, (0, 1))
      if found * found < proximity { range.0 = middle } else { range.1 = middle }
    }
    return range.0
  }

  /// From cosines to similarities by the definition.
  @Test(arguments: [2, 3, 10, 200])
  func isTheDefinition(count: Int) throws {
    let index = try index(count: count)
    let correction = MutualProximityCorrection(of: index.vectors, prior: Self.prior)
    let rows = (0..<count).map { row($0, of: count) }
    let cosines = rows.map { one in rows.map { cosine(one[...], $0[...]) } }
    let statistics = cosines.enumerated().map { row, cosines in
      plainStatistics(cosines.enumerated().filter { $0.offset != row }.map(\.element))
    }
    for (known, expected) in zip(correction.statistics, statistics) {
      #expect(abs(Double(known.mean) - expected.mean) < 1e-5)
      #expect(abs(Double(known.deviation) - expected.deviation) < 1e-5)
    }
    let mean = statistics.map(\.mean).reduce(0, +) / Double(count)
    let unit = statistics.map(\.deviation).reduce(0, +) / Double(count) / (1 - mean)
    for query in stride(from: 0, to: count, by: max(1, count / 5)) {
      let found = try index.similarities(to: rows[query], correctedBy: correction, excluding: query)
      #expect(try index.similarities(to: rows[query], correctedBy: correction, sameAs: query) == found)
      for other in 0..<count where other != query {
        let own = score(cosines[query][other], statistics[query], statistics[other])
        let identity = score(1, statistics[query], statistics[other])
        let (ratio, scale) = (own / identity, unit * identity)
        let exponent = min(4, scale > 1 ? 0.5 / log(scale) : 4)
        let expected = ratio < 0 ? unit * own / (1 - unit * own) : ratio * pow(scale, 1 - pow(ratio, exponent))
        #expect(abs(Double(found[other]) - expected) < 2e-4)
      }
    }
  }

  @Test func risesWithTheCosineToOneAndTreatsBothAlike() {
    let statistics: [SimilarityStatistics] = [
      .init(mean: 0, deviation: 0.1), .init(mean: 0.2, deviation: 0.15), .init(mean: -0.1, deviation: 0.02),
      .init(mean: 0.9, deviation: 0.3),
    ]
    let correction = MutualProximityCorrection(statistics: statistics, prior: Self.prior)
    for one in statistics {
      for other in statistics {
        var last = -Float.infinity
        for step in -1000...1000 {
          let similarity = correction.similarity(Float(step) / 1000, one, other)
          #expect((-1...1).contains(similarity) && similarity >= last)
          #expect(similarity == correction.similarity(Float(step) / 1000, other, one))
          last = similarity
        }
        // Whatever is usual for the two, the same is the same.
        #expect(last == 1)
      }
    }
    // A hub moves away, and an item that is near to nothing comes nearer.
    let (hub, other) = (statistics[1], statistics[0])
    #expect(correction.similarity(0.3, hub, hub) < correction.similarity(0.3, other, other))
  }

  /// Between average items only what is usual becomes 0, in both tails and where they meet.
  @Test(arguments: [-0.5, -0.1, -0.001, 0, 0.001, 0.06, 0.1, 0.5, 1] as [Float], [0.03, 0.1, 0.5] as [Float])
  func averageItemsKeepTheirCosine(cosine: Float, deviation: Float) {
    let average = SimilarityStatistics(mean: 0.01, deviation: deviation)
    let correction = MutualProximityCorrection(statistics: [average, average], prior: Self.prior)
    let expected = (cosine - 0.01) / 0.99
    let found = correction.similarity(cosine, average, average)
    #expect(abs(found - (expected < 0 ? expected / (1 - expected) : expected)) < 2e-6)
  }

  /// Copies count once: a collection with some is, for all others and for the original, the collection without.
  @Test(arguments: [1, 2, 5, 20, 700], [true, false])
  func copiesChangeNothing(copies: Int, areFirst: Bool) throws {
    let (count, dimension) = (600, 20)
    let values = randomVectors(count: count, dimension: dimension, seed: 5).map { $0 + 0.2 }
    let added = (0..<copies).flatMap { _ in values[7 * dimension..<8 * dimension] }
    let more = areFirst ? added + values : values + added
    let (own, others) = areFirst ? (copies..<copies + count, 0..<copies) : (0..<count, count..<count + copies)
    let plain = try CosineIndex(ids: Array(0..<count), dimension: dimension, vectors: values)
    let index = try CosineIndex(ids: Array(0..<count + copies), dimension: dimension, vectors: more)
    let known = Copies(among: more, dimension: dimension)
    #expect(known.distinctRows.count == count && known.row(of: row(7, of: count)) == (areFirst ? 0 : 7))
    let correction = MutualProximityCorrection(
      of: plain.vectors, copies: Copies(among: values, dimension: dimension), prior: Self.prior)
    let other = MutualProximityCorrection(of: index.vectors, copies: known, prior: Self.prior)
    #expect(other.statistics[own] == correction.statistics[...])
    #expect(other.statistics[others].allSatisfy { $0 == correction.statistics[7] })
    #expect(other.average == correction.average)
    for query in [7, 9] {
      let expected = try plain.similarities(to: row(query, of: count), correctedBy: correction, excluding: query)
      let found = try index.similarities(
        to: row(query, of: count), correctedBy: other, excluding: own.lowerBound + query)
      #expect(found[own] == expected[...])
    }
    let first = try index.nearest(
      to: row(7, of: count), count: copies, correctedBy: other, excluding: own.lowerBound + 7)
    #expect(first.allSatisfy { $0.similarity > 0.999 && others.contains($0.id) })
  }

  @Test(arguments: [40, 500, 1300])
  func nearestIsTheTopOfAllSimilarities(count: Int) throws {
    let index = try index(count: count)
    let correction = MutualProximityCorrection(of: index.vectors, prior: Self.prior)
    for query in [0, 7, count / 3, count - 1] {
      let all = try index.similarities(to: row(query, of: count), correctedBy: correction, excluding: query)
      let ranked = all.indices.filter { $0 != query }.sorted { all[$0] > all[$1] }.prefix(20)
      let found = try index.nearest(to: row(query, of: count), count: 20, correctedBy: correction, excluding: query)
      #expect(found.map(\.id) == Array(ranked))
      #expect(found.map(\.similarity) == ranked.map { all[$0] })
    }
    #expect(MutualProximityCorrection(of: index.vectors, prior: Self.prior).statistics == correction.statistics)
  }

  @Test func hubsAreFoundLessOften() throws {
    let (count, neighbours) = (300, 10)
    let index = try index(count: count)
    let correction = MutualProximityCorrection(of: index.vectors, prior: Self.prior)
    var plain = [Int](repeating: 0, count: count)
    var corrected = plain
    for query in 0..<count {
      let vector = row(query, of: count)
      for neighbor in try index.nearest(to: vector, count: neighbours, where: { $0 != query }) {
        plain[neighbor.id] += 1
      }
      for neighbor in try index.nearest(to: vector, count: neighbours, correctedBy: correction, excluding: query) {
        corrected[neighbor.id] += 1
      }
    }
    #expect(try #require(corrected.max()) < #require(plain.max()))
    // Every song is found ten times on average: the more evenly, the smaller the sum of squares.
    #expect(corrected.reduce(0) { $0 + $1 * $1 } < plain.reduce(0) { $0 + $1 * $1 })
  }

  @Test(arguments: [0, 1, 2, 600])
  func oddCollectionsHaveFiniteSimilarities(count: Int) throws {
    for vector in [[0, 0, 0], [1, 2, 3]] as [[Float]] {
      let index = try CosineIndex(
        ids: Array(0..<count), dimension: 3, vectors: (0..<count).flatMap { _ in vector })
      let correction = MutualProximityCorrection(of: index.vectors, prior: Self.prior)
      for query in [[1, 2, 3], [0, 0, 0], [-1, -2, -3], [2, -1, 0]] as [[Float]] {
        let similarities = try index.similarities(to: query, correctedBy: correction)
        #expect(similarities.count == count && similarities.allSatisfy(\.isFinite))
        #expect(try index.nearest(to: query, count: 5, correctedBy: correction).count == min(5, count))
      }
    }
  }
}
