import NeuralNetwork

/// A change of vectors along a few directions; all others stay as they are:
///
///     y = x + Σ gᵢ (uᵢ · x) uᵢ
///
/// Differences along uᵢ count more if gᵢ is positive, and less if it is negative; with orthonormal directions, 1 + gᵢ
/// times as much.
public struct LowRankChange: Sendable, Hashable {
  /// The length of the vectors.
  public let dimension: Int
  /// uᵢ, one per row: `count` × `dimension`.
  public let directions: [Float]
  /// gᵢ, one for each direction.
  public let gains: [Float]
  /// The number of directions.
  public var count: Int { gains.count }

  /// A change of vectors of `dimension` values along some directions.
  public init(dimension: Int, directions: [Float], gains: [Float]) {
    precondition(
      dimension > 0 && directions.count == gains.count * dimension,
      "\(directions.count) values and \(gains.count) gains for directions of \(dimension)")
    self.dimension = dimension
    self.directions = directions
    self.gains = gains
  }

  /// Changes vectors in place, given row by row as a multiple of `dimension` values. O(rows · count · dimension).
  public func apply(to vectors: inout [Float]) {
    precondition(vectors.count.isMultiple(of: dimension), "\(vectors.count) values in rows of \(dimension)")
    guard count > 0 else { return }
    // In blocks whose products stay in the cache.
    let block = 256
    let products = FloatBuffer(count: block * count)
    directions.withUnsafeBufferPointer { directions in
      vectors.withUnsafeMutableBufferPointer { vectors in
        guard let directions = directions.baseAddress, let start = vectors.baseAddress else { return }
        let matrix = Matrix(directions, rows: count, columns: dimension)
        for first in stride(from: 0, to: vectors.count / dimension, by: block) {
          let rows = min(block, vectors.count / dimension - first)
          let values = start + first * dimension
          products.zero()
          addProduct(of: Matrix(values, rows: rows, columns: dimension), matrix.transposed, to: products.pointer)
          for row in 0..<rows {
            for (column, gain) in gains.enumerated() { products.pointer[row * count + column] *= gain }
          }
          addProduct(of: Matrix(products.pointer, rows: rows, columns: count), matrix, to: values)
        }
      }
    }
  }
}
