/// The cosine similarity x·y / (‖x‖ ‖y‖), in −1...1, larger when closer (paper 2.5).
///
/// 0 if one of the vectors is zero; NaN if an element is not finite. Computed in double precision and rounded
/// once, so that it is symmetric and equal vectors get equal similarities.
public struct CosineSimilarity: Sendable {
  /// Creates the similarity.
  public init() {}

  /// The similarity of two vectors of equal length.
  public func callAsFunction(_ first: ArraySlice<Float>, _ second: ArraySlice<Float>) -> Float {
    precondition(first.count == second.count, "vectors of \(first.count) and \(second.count) elements")
    let (product, firstSquares, secondSquares) = first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in Self.sums(first, second) }
    }
    guard firstSquares != 0 && secondSquares != 0 else { return 0 }
    return Float(product / (firstSquares.squareRoot() * secondSquares.squareRoot()))
  }

  /// Writes the similarity of one song to each reference into `row`: `references.count` elements.
  public func write(from query: ArraySlice<Float>, to references: EmbeddingMatrix, into row: inout [Float]) {
    precondition(row.count == references.count, "a row of \(row.count) for \(references.count) similarities")
    for reference in 0..<references.count {
      row[reference] = self(query, references[reference])
    }
  }

  /// x·y, x·x and y·y.
  private static func sums(
    _ first: UnsafeBufferPointer<Float>, _ second: UnsafeBufferPointer<Float>
  ) -> (Double, Double, Double) {
    var product = SIMD4<Double>.zero
    var firstSquares = SIMD4<Double>.zero
    var secondSquares = SIMD4<Double>.zero
    let whole = first.count - first.count % 4
    for index in stride(from: 0, to: whole, by: 4) {
      let x = SIMD4<Double>(first.lanes(at: index))
      let y = SIMD4<Double>(second.lanes(at: index))
      product += x * y
      firstSquares += x * x
      secondSquares += y * y
    }
    // The remainder goes to the first lane.
    for index in whole..<first.count {
      let (x, y) = (Double(first[index]), Double(second[index]))
      product[0] += x * y
      firstSquares[0] += x * x
      secondSquares[0] += y * y
    }
    return (product.sum(), firstSquares.sum(), secondSquares.sum())
  }
}
