/// The cosine similarity x·y / (‖x‖ ‖y‖), in −1...1, larger when closer (paper 2.5).
///
/// 0 where one of the vectors is zero; NaN where an element is not finite. Computed in double precision and rounded
/// once, so that it is symmetric and equal vectors get equal similarities.
public struct CosineSimilarity: Sendable {
  /// Creates the similarity.
  public init() {}

  /// The similarity of two vectors of equal length.
  public func callAsFunction(_ first: ArraySlice<Float>, _ second: ArraySlice<Float>) -> Float {
    precondition(first.count == second.count, "vectors of \(first.count) and \(second.count) elements")
    var product = 0.0
    var firstSquares = 0.0
    var secondSquares = 0.0
    for (x, y) in zip(first, second) {
      product += Double(x) * Double(y)
      firstSquares += Double(x) * Double(x)
      secondSquares += Double(y) * Double(y)
    }
    guard firstSquares != 0 && secondSquares != 0 else { return 0 }
    return Float(product / (firstSquares.squareRoot() * secondSquares.squareRoot()))
  }

  /// Writes the similarity of one song to each reference into `row`: `references.count` elements.
  public func write(from query: ArraySlice<Float>, to references: EmbeddingMatrix, into row: inout [Float]) {
    precondition(row.count == references.count, "\(row.count) places for \(references.count) similarities")
    for reference in 0..<references.count {
      row[reference] = self(query, references[reference])
    }
  }
}
