/// The squared Euclidean distance ‖x − y‖² (paper 2.4).
///
/// Summed from differences and in double precision: the expanded form ‖x‖² − 2xy + ‖y‖² loses all precision for
/// embeddings that lie close together, among which semi-hard mining chooses. The order of the sum is fixed.
public struct SquaredEuclideanDistance: Sendable {
  /// Creates the distance.
  public init() {}

  /// The distance of two vectors of equal length.
  public func callAsFunction(_ first: ArraySlice<Float>, _ second: ArraySlice<Float>) -> Double {
    precondition(first.count == second.count, "vectors of \(first.count) and \(second.count) elements")
    return first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in Self.distance(first, second) }
    }
  }

  /// The distances between all rows of a batch: `count` × `count`, symmetric, 0 on the diagonal.
  ///
  /// O(count² · dimension).
  public func matrix(of embeddings: EmbeddingMatrix) -> DistanceMatrix {
    let count = embeddings.count
    var distances = [Float](repeating: 0, count: count * count)
    for first in 0..<count {
      for second in first + 1..<count {
        let distance = Float(self(embeddings[first], embeddings[second]))
        distances[first * count + second] = distance
        distances[second * count + first] = distance
      }
    }
    return DistanceMatrix(count: count, values: distances)
  }

  private static func distance(_ first: UnsafeBufferPointer<Float>, _ second: UnsafeBufferPointer<Float>) -> Double {
    var sums = SIMD4<Double>.zero
    let whole = first.count - first.count % 4
    for index in stride(from: 0, to: whole, by: 4) {
      let difference = SIMD4<Double>(first.lanes(at: index) - second.lanes(at: index))
      sums += difference * difference
    }
    // The remainder goes to the first lane.
    for index in whole..<first.count {
      let difference = Double(first[index] - second[index])
      sums[0] += difference * difference
    }
    return sums.sum()
  }
}
