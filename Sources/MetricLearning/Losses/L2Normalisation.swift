/// Scales each row of a batch to length 1: y = x / ‖x‖.
///
/// A zero row stays zero and passes no gradient on. Lengths are computed in double precision, so that rows of any
/// finite size neither overflow nor vanish. A number that is not finite makes its row NaN.
public struct L2Normalisation: Sendable, Hashable {
  /// The result of `forward`, as `backward` needs it.
  public struct Output: Sendable, Hashable {
    /// The rows y, each of length 1 or 0: count × dimension.
    public let embeddings: EmbeddingMatrix
    /// ‖x‖ of each row.
    public let lengths: [Double]
  }

  /// Creates the layer; it has no parameters.
  public init() {}

  /// The rows scaled to length 1, and their original lengths. O(count · dimension).
  public func forward(_ embeddings: EmbeddingMatrix) -> Output {
    var values = embeddings.values
    let lengths = (0..<embeddings.count).map { row in
      let length = embeddings[row].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      guard length != 0 else { return length }
      for index in embeddings[row].indices { values[index] = Float(Double(values[index]) / length) }
      return length
    }
    return Output(
      embeddings: EmbeddingMatrix(count: embeddings.count, dimension: embeddings.dimension, values: values),
      lengths: lengths)
  }

  /// ∂loss/∂x = (g − (g · y) y) / ‖x‖ from `gradient` g = ∂loss/∂y, both count × dimension.
  public func backward(_ gradient: EmbeddingMatrix, of output: Output) -> EmbeddingMatrix {
    let unit = output.embeddings
    precondition(
      gradient.count == unit.count && gradient.dimension == unit.dimension,
      "a gradient of \(gradient.count) × \(gradient.dimension) for \(unit.count) × \(unit.dimension)")
    var values = [Float](repeating: 0, count: gradient.values.count)
    for (row, length) in output.lengths.enumerated() where length != 0 {
      let along = zip(gradient[row], unit[row]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      for index in unit[row].indices {
        values[index] = Float((Double(gradient.values[index]) - along * Double(unit.values[index])) / length)
      }
    }
    return EmbeddingMatrix(count: unit.count, dimension: unit.dimension, values: values)
  }
}
