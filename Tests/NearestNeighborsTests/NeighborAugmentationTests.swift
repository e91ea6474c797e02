import Foundation
import NearestNeighbors
import Testing

@Suite struct NeighborAugmentationTests {
  private static let prior = MutualProximityCorrection.Prior(typical: .init(mean: 0.05, deviation: 0.2), weight: 3)
  private static let augmentation = NeighborAugmentation(neighborCount: 4, weight: 0.6)
  private static let dimension = 20

  private func unit(_ vector: [Double]) -> [Double] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return vector.map { $0 / length }
  }

  private func rows(_ values: [Float]) -> [[Double]] {
    stride(from: 0, to: values.count, by: Self.dimension).map {
      values[$0..<$0 + Self.dimension].map(Double.init)
    }
  }

  /// The definition: the most unusual, at most one for each 20 vectors, and no copies.
  private func moved(
    _ vector: [Double], towards others: [(vector: [Double], proximity: Double)], of count: Int
  ) -> [Double] {
    let candidates = others.filter { other in zip(vector, other.vector).reduce(0) { $0 + $1.0 * $1.1 } < 0.999 }
    let nearest = candidates.sorted { $0.proximity > $1.proximity }.prefix(min(4, count / 20))
    var sum = vector
    for neighbor in nearest { for place in sum.indices { sum[place] += 0.15 * neighbor.vector[place] } }
    return unit(sum)
  }

  private func statistics(_ cosines: [Double]) -> (mean: Double, deviation: Double) {
    let (typical, weight) = (Self.prior.typical, Self.prior.weight)
    let total = weight + Double(cosines.count)
    let mean = (weight * Double(typical.mean) + cosines.reduce(0, +)) / total
    let known = Double(typical.deviation * typical.deviation + typical.mean * typical.mean)
    return (mean, ((weight * known + cosines.reduce(0) { $0 + $1 * $1 }) / total - mean * mean).squareRoot())
  }

  @Test(arguments: [1, 19, 45, 97, 200])
  func isTheDefinition(count: Int) throws {
    var values = randomVectors(count: count, dimension: Self.dimension, seed: 9).map { $0 + 0.2 }
    // The last is a copy of the first.
    values.replaceSubrange((count - 1) * Self.dimension..<count * Self.dimension, with: values[..<Self.dimension])
    let index = try CosineIndex(ids: Array(0..<count), dimension: Self.dimension, vectors: values)
    let correction = MutualProximityCorrection(of: index.vectors, prior: Self.prior)
    let units = rows(values).map(unit)
    /// The others, and mutual proximity by its definition.
    func others(_ query: [Float], excluding row: Int?) throws -> [(vector: [Double], proximity: Double)] {
      let cosines = try index.similarities(to: query).map(Double.init)
      let own = statistics(cosines.enumerated().filter { $0.offset != row && $0.element < 0.999 }.map(\.element))
      return units.indices.filter { $0 != row }.map { other in
        let theirs = correction.statistics[other]
        let deviations = [
          (cosines[other] - own.mean) / own.deviation,
          (cosines[other] - Double(theirs.mean)) / Double(theirs.deviation),
        ]
        return (units[other], deviations.reduce(1) { $0 * erfc(-$1 / 2.0.squareRoot()) / 2 })
      }
    }
    let found = rows(try Self.augmentation.applied(to: index.vectors, correctedBy: correction)).map(unit)
    for row in 0..<count {
      let query = Array(values[row * Self.dimension..<(row + 1) * Self.dimension])
      let expected = moved(units[row], towards: try others(query, excluding: row), of: count)
      for (a, b) in zip(found[row], expected) { #expect(abs(a - b) < 1e-5, "row \(row)") }
    }
    let query = randomVectors(count: 1, dimension: Self.dimension, seed: 10)
    for excluded in [nil, 0] {
      let expected = moved(
        unit(query.map(Double.init)), towards: try others(query, excluding: excluded), of: count)
      let vector = Self.augmentation.applied(
        to: query, in: index.vectors, correctedBy: correction, excluding: excluded)
      for (a, b) in zip(unit(vector.map(Double.init)), expected) { #expect(abs(a - b) < 1e-5) }
    }
  }

  @Test func aLargerCollectionIsSampled() throws {
    let count = NeighborAugmentation.sampleSize + 3000
    let values = randomVectors(count: count, dimension: 4, seed: 3)
    let index = try CosineIndex(ids: Array(0..<count), dimension: 4, vectors: values)
    let correction = MutualProximityCorrection(of: index.vectors, prior: Self.prior)
    let one = NeighborAugmentation(neighborCount: 1, weight: 0.5)
    let moved = try one.applied(to: index.vectors, correctedBy: correction)
    #expect(moved.count == values.count && moved.allSatisfy { $0.isFinite })
    let sampled = Set(Copies(noneAmong: count).sample(NeighborAugmentation.sampleSize))
    for row in stride(from: 0, to: count, by: 1001) {
      let own = index.vectors.values(ofRow: row)
      let neighbor = own.indices.map { (moved[4 * row + $0] - own[$0]) / 0.5 }
      let nearest = try index.nearest(to: neighbor, count: 1)[0]
      #expect(nearest.similarity > 0.9999 && sampled.contains(nearest.id) && nearest.id != row)
    }
  }

  @Test func nothingToMoveTowards() throws {
    let empty = try PackedVectors([], dimension: 3)
    #expect(
      try Self.augmentation.applied(to: empty, correctedBy: MutualProximityCorrection(of: empty, prior: Self.prior))
        .isEmpty)
    let zeros = try PackedVectors([Float](repeating: 0, count: 90), dimension: 3)
    let moved = try Self.augmentation.applied(
      to: zeros, correctedBy: MutualProximityCorrection(of: zeros, prior: Self.prior))
    #expect(moved == [Float](repeating: 0, count: 90))
  }
}
