import MetricLearning
import Reproducibility
import Testing

@Suite struct WithinClassNormalisationTests {
  private static func random(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Float(generator.normal()) }
  }

  /// Rows whose scatter has the eigenvalues `scales²` along rotated axes.
  private static func rows(_ count: Int, scales: [Float], seed: UInt64) -> [[Float]] {
    let dimension = scales.count
    let values = random(count * dimension, seed: seed)
    let turn = random(dimension * dimension, seed: 9)
    return (0..<count).map { row in
      (0..<dimension).map { column in
        (0..<dimension).reduce(0) { sum, axis in
          sum + values[row * dimension + axis] * scales[axis] * turn[axis * dimension + column]
        }
      }
    }
  }

  /// By the definition: y = x - Σ (1 - 1/√(1 + λ l)) (v · x) v, eigenvectors by the full decomposition.
  private static func reference(
    _ vector: [Float], _ scatter: Scatter, strength: Double, count: Int
  ) throws -> [Double] {
    let dimension = vector.count
    let eigen = try #require(SymmetricEigen(scatter.values, count: dimension))
    var result = vector.map { Double($0) }
    for place in 0..<count {
      let along = zip(eigen[place], vector).reduce(0) { $0 + $1.0 * Double($1.1) }
      let shrinkage = 1 - 1 / (1 + strength * eigen.values[place] / scatter.trace).squareRoot()
      for (index, value) in zip(0..., eigen[place]) { result[index] -= shrinkage * along * value }
    }
    return result
  }

  @Test("Agrees with its definition, by iteration for few of many directions and by decomposition for all")
  func definition() throws {
    for (dimension, count) in [(90, 4), (90, 17), (7, 7), (5, 20)] {
      let scales = (0..<dimension).map { 3 / Float(1 + $0) }
      let rows = Self.rows(60, scales: scales, seed: 1)
      var scatter = Scatter(dimension: dimension)
      scatter.add(deviations: Scatter.deviations(of: Array(rows[..<20])) + Scatter.deviations(of: Array(rows[20...])))
      let learned = WithinClassNormalisation(fitting: scatter, strength: 50, count: count)
      #expect(learned.count == min(count, dimension))
      var shrunk = rows.flatMap { $0 }
      learned.apply(to: &shrunk)
      for (place, row) in rows.enumerated() {
        let expected = try Self.reference(row, scatter, strength: 50, count: learned.count)
        let scale = expected.reduce(0) { max($0, abs($1)) }
        for (value, other) in zip(shrunk[place * dimension..<(place + 1) * dimension], expected) {
          #expect(abs(Double(value) - other) < 2e-3 * scale)
        }
      }
    }
  }

  @Test("Differences within classes count less, which reveals classes that they hid")
  func findsHiddenClasses() {
    // Ten classes that differ in the last 6 dimensions; their songs differ far more in the first two.
    let centres = Self.random(10 * 6, seed: 3)
    var generator = SeededGenerator(seed: 4)
    var classes: [[[Float]]] = []
    for label in 0..<10 {
      classes.append(
        (0..<8).map { _ in
          (0..<2).map { _ in Float(6 * generator.normal()) }
            + (0..<6).map { centres[label * 6 + $0] + Float(0.2 * generator.normal()) }
        })
    }
    var scatter = Scatter(dimension: 8)
    scatter.add(deviations: classes.flatMap(Scatter.deviations))
    let learned = WithinClassNormalisation(fitting: scatter, strength: 1000, count: 2)
    func rightNeighbours(_ vectors: [Float]) -> Int {
      let matrix = EmbeddingMatrix(count: 80, dimension: 8, values: vectors)
      var right = 0
      for song in 0..<80 {
        var row = [Float](repeating: 0, count: 80)
        CosineSimilarity().write(from: matrix[song], to: matrix, into: &row)
        row[song] = -2
        let nearest = row.indices.max { row[$0] < row[$1] } ?? 0
        if nearest / 8 == song / 8 { right += 1 }
      }
      return right
    }
    let plain = classes.flatMap { $0.flatMap { $0 } }
    var shrunk = plain
    learned.apply(to: &shrunk)
    #expect(rightNeighbours(plain) < 50)
    #expect(rightNeighbours(shrunk) > 75)
  }

  @Test("A removed direction is left unchanged")
  func spares() {
    let rows = Self.rows(40, scales: [5, 4, 3, 2, 1, 1], seed: 2)
    let groups = [Array(rows[..<10]), Array(rows[10..<25]), Array(rows[25...])]
    let spared = WithinClassNormalisation.directions(between: [groups], count: 5)
    // Three means differ in two directions.
    #expect(spared.count == 2)
    for (place, direction) in spared.enumerated() {
      #expect(abs(direction.reduce(0) { $0 + $1 * $1 } - 1) < 1e-9)
      for other in spared[..<place] { #expect(abs(zip(direction, other).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-9) }
    }
    var scatter = Scatter(dimension: 6)
    scatter.add(deviations: groups.flatMap(Scatter.deviations))
    let learned = WithinClassNormalisation(fitting: scatter.removing(spared), strength: 100, count: 6)
    for direction in spared {
      let vector = direction.map { Float($0) }
      var shrunk = vector
      learned.apply(to: &shrunk)
      for (value, other) in zip(shrunk, vector) { #expect(abs(value - other) < 1e-4) }
    }
    var plain = rows[0]
    learned.apply(to: &plain)
    #expect(plain != rows[0])
  }

  @Test("All collections weigh the same, except empty ones")
  func averages() {
    var (one, other) = (Scatter(dimension: 2), Scatter(dimension: 2))
    one.add(deviations: [3, 0, 0, 1])
    other.add(deviations: [0, 0.1])
    let average = Scatter.average([one, other, Scatter(dimension: 2)], dimension: 2)
    #expect(zip(average.values, [0.45, 0, 0, 0.55]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(Scatter.average([], dimension: 3).trace == 0)
    let nothing = WithinClassNormalisation(fitting: Scatter(dimension: 3), strength: 1, count: 2)
    var vector: [Float] = [1, 2, 3]
    nothing.apply(to: &vector)
    #expect(nothing.count == 0 && vector == [1, 2, 3])
    #expect(Scatter.deviations(of: [[1, 2]]).isEmpty)
    #expect(Scatter.deviations(of: [[0], [2]]).map(abs).allSatisfy { abs($0 - 2.0.squareRoot().asFloat) < 1e-6 })
  }
}

extension Double {
  fileprivate var asFloat: Float { Float(self) }
}
