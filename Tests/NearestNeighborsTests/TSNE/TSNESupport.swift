import Foundation

/// Cubes around corners, as `Tests/Goldens/tsne.py` makes them.
func clusteredVectors(count: Int, dimension: Int, clusters: Int, seed: UInt64) -> [Float] {
  var generator = TestGenerator(state: seed)
  func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
  let centres = (0..<clusters * dimension).map { _ in uniform() * 2 }
  return (0..<count).flatMap { row in
    let label = row % clusters
    return (0..<dimension).map { component in
      Float(centres[label * dimension + component] + uniform() * (1 + Double(label % 3) * 0.5))
    }
  }
}

func euclidean(_ left: ArraySlice<Float>, _ right: ArraySlice<Float>) -> Float {
  Float(zip(left, right).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }.squareRoot())
}

func distance(_ left: SIMD2<Float>, _ right: SIMD2<Float>) -> Float {
  ((left - right) * (left - right)).sum().squareRoot()
}

/// How far neighbours in a map are neighbours of the vectors, from 0 to 1 (Venna and Kaski, 2001).
func trustworthiness(of coordinates: [SIMD2<Float>], vectors: [Float], dimension: Int, neighbors: Int) -> Double {
  let count = coordinates.count
  var penalty = 0
  for row in 0..<count {
    let own = vectors[row * dimension..<(row + 1) * dimension]
    let others = (0..<count).filter { $0 != row }
    let distances = (0..<count).map { euclidean(own, vectors[$0 * dimension..<($0 + 1) * dimension]) }
    var ranks = [Int](repeating: 0, count: count)
    for (rank, other) in others.sorted(by: { distances[$0] < distances[$1] }).enumerated() { ranks[other] = rank + 1 }
    let shown = others.map { (distance(coordinates[$0], coordinates[row]), $0) }.sorted { $0.0 < $1.0 }
    for (_, other) in shown.prefix(neighbors) { penalty += max(0, ranks[other] - neighbors) }
  }
  return 1 - 2 * Double(penalty) / Double(count * neighbors * (2 * count - 3 * neighbors - 1))
}
