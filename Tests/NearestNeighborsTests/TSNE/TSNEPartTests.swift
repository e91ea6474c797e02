import Foundation
import NearestNeighbors
import Testing

/// The parts of t-SNE, compared with their definitions.
@Suite struct TSNEPartTests {
  private let threads = 2

  private func exactForces(_ coordinates: [SIMD2<Float>]) -> (forces: [SIMD2<Double>], sum: Double) {
    var sum = 0.0
    let forces = coordinates.indices.map { own in
      var force = SIMD2<Double>.zero
      for other in coordinates.indices where other != own {
        let difference = SIMD2<Double>(coordinates[own]) - SIMD2<Double>(coordinates[other])
        let kernel = 1 / (1 + (difference * difference).sum())
        sum += kernel
        force += kernel * kernel * difference
      }
      return force
    }
    return (forces, sum)
  }

  /// Points as far apart as they are at the start, in the middle and at the end of a descent, and in a long line.
  private static let extents: [SIMD2<Float>] = [
    [1e-4, 1e-4], [0.02, 0.03], [0.1, 0.1], [1, 2], [20, 15], [70, 60], [300, 0.5], [0, 40],
  ]

  @Test(arguments: extents)
  func repulsionIsTheSumOverAllPairs(extent: SIMD2<Float>) {
    let values = randomVectors(count: 700, dimension: 2, seed: 8)
    let coordinates = (0..<700).map { SIMD2(values[2 * $0], values[2 * $0 + 1]) * extent }
    let expected = exactForces(coordinates)
    let norm = expected.forces.reduce(0) { $0 + ($1 * $1).sum() }.squareRoot()
    var forces = [SIMD2<Float>](repeating: .zero, count: 700)
    func error() -> Double {
      zip(forces, expected.forces).reduce(0) { sum, pair in
        let difference = SIMD2<Double>(pair.0) - pair.1
        return sum + (difference * difference).sum()
      }.squareRoot() / norm
    }
    var exact = ExactRepulsion()
    #expect(abs(exact.evaluate(coordinates, into: &forces, threads: threads) / expected.sum - 1) < 1e-5)
    #expect(error() < 1e-5)
    var interpolated = InterpolatedRepulsion()
    for _ in 0..<2 {
      // The second time with the grid of the first.
      #expect(abs(interpolated.evaluate(coordinates, into: &forces, threads: threads) / expected.sum - 1) < 0.005)
      #expect(error() < 0.02)
    }
  }

  @Test(arguments: [(1, 1), (2, 5), (33, 3), (70, 17), (200, 64)], TSNE.Metric.allCases)
  func neighborsAreTheNearest(size: (count: Int, dimension: Int), metric: TSNE.Metric) {
    let (count, dimension) = size
    var vectors = randomVectors(count: count, dimension: dimension, seed: 6)
    for component in 0..<dimension where count > 40 { vectors[40 * dimension + component] = 0 }
    let rows = (0..<count).map { vectors[$0 * dimension..<($0 + 1) * dimension] }
    for neighborCount in Set([1, 7, count - 1]) where neighborCount < count && neighborCount > 0 {
      let nearest = MetricVectors(vectors, count: count, dimension: dimension, metric: metric)
        .nearest(neighborCount, threads: threads)
      var scale: Double?
      for row in 0..<count {
        func distance(_ other: Int) -> Double {
          metric == .cosine ? 1 - cosine(rows[row], rows[other]) : Double(euclidean(rows[row], rows[other]))
        }
        let expected = (0..<count).filter { $0 != row }.map(distance).sorted().prefix(neighborCount)
        let found = nearest.rows[row * neighborCount..<(row + 1) * neighborCount].map { Int($0) }
        #expect(found == found.sorted() && Set(found).count == neighborCount && !found.contains(row))
        for (one, other) in zip(found.map(distance).sorted(), expected) { #expect(abs(one - other) < 1e-5) }
        for (index, other) in found.enumerated() {
          let root = Double(nearest.squaredDistances[row * neighborCount + index]).squareRoot()
          // Euclidean distances are scaled: only their ratios count.
          if metric == .euclidean, scale == nil { scale = root / distance(other) }
          #expect(abs(root - distance(other) * (scale ?? 1)) < 1e-4)
        }
      }
    }
  }
}
