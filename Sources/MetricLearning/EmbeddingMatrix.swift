/// The embeddings of several songs, one per row.
///
/// Shape: `count` × `dimension`, row-major and contiguous.
public struct EmbeddingMatrix: Sendable, Hashable {
  /// The number of rows, one per song.
  public let count: Int
  /// The number of columns, the latent factors of a song.
  public let dimension: Int
  /// The elements, row after row: `count * dimension` of them.
  public let values: [Float]

  /// Wraps row-major values of shape `count` × `dimension`.
  public init(count: Int, dimension: Int, values: [Float]) {
    precondition(count >= 0 && dimension >= 0, "a matrix of \(count) × \(dimension)")
    precondition(
      values.count == count * dimension,
      "\(values.count) values do not fill a matrix of \(count) × \(dimension)")
    self.count = count
    self.dimension = dimension
    self.values = values
  }

  /// Joins rows of equal length; without rows, the matrix is 0 × 0.
  public init(rows: [[Float]]) {
    let dimension = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == dimension }, "rows differ in length")
    self.init(count: rows.count, dimension: dimension, values: Array(rows.joined()))
  }

  /// The embedding of one song: `dimension` elements. The slice has the indices of `values`.
  public subscript(row: Int) -> ArraySlice<Float> {
    precondition((0..<count).contains(row), "row \(row) of \(count)")
    return values[row * dimension..<(row + 1) * dimension]
  }

  /// A matrix of the given rows, in the given order.
  public func selecting(_ rows: some Collection<Int>) -> EmbeddingMatrix {
    var selected: [Float] = []
    selected.reserveCapacity(rows.count * dimension)
    for row in rows {
      selected.append(contentsOf: self[row])
    }
    return EmbeddingMatrix(count: rows.count, dimension: dimension, values: selected)
  }
}
