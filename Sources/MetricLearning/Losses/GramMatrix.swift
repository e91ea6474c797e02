/// The inner products g_ij = e_i · e_j of all rows of a batch, in double precision: `count` × `count`, symmetric.
///
/// A loss that depends on the embeddings only through these has the gradient ∂L/∂e_i = Σ_j (c_ij + c_ji) e_j with
/// c = ∂L/∂g, and does not have to know the dimensions.
struct GramMatrix {
  let embeddings: EmbeddingMatrix
  let count: Int
  private let values: [Double]

  /// O(count² · dimension).
  init(_ embeddings: EmbeddingMatrix) {
    self.embeddings = embeddings
    count = embeddings.count
    var values = [Double](repeating: 0, count: count * count)
    for first in 0..<count {
      for second in first..<count {
        let product = zip(embeddings[first], embeddings[second]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        values[first * count + second] = product
        values[second * count + first] = product
      }
    }
    self.values = values
  }

  subscript(first: Int, second: Int) -> Double {
    values[first * count + second]
  }

  /// ∂L/∂embeddings from `coefficients` = ∂L/∂g, count × count, each multiplied by `scale`.
  func gradient(coefficients: [Double], scale: Double) -> EmbeddingMatrix {
    let dimension = embeddings.dimension
    var gradient = [Float](repeating: 0, count: count * dimension)
    var sums = [Double](repeating: 0, count: dimension)
    for row in 0..<count {
      for column in 0..<dimension { sums[column] = 0 }
      for other in 0..<count {
        let weight = coefficients[row * count + other] + coefficients[other * count + row]
        for (column, value) in embeddings[other].enumerated() { sums[column] += weight * Double(value) }
      }
      for column in 0..<dimension { gradient[row * dimension + column] = Float(sums[column] * scale) }
    }
    return EmbeddingMatrix(count: count, dimension: dimension, values: gradient)
  }
}
