/// The distances between all pairs of a batch: smaller is closer.
///
/// Shape: `count` × `count`, row-major.
public struct DistanceMatrix: Sendable, Hashable {
  /// The number of songs in the batch.
  public let count: Int
  /// The `count * count` distances, row after row.
  public let values: [Float]

  /// Wraps row-major distances of shape `count` × `count`.
  public init(count: Int, values: [Float]) {
    precondition(count >= 0, "a batch of \(count) songs")
    precondition(values.count == count * count, "\(values.count) distances between \(count) songs")
    self.count = count
    self.values = values
  }

  /// The distance between two songs by their rows.
  public subscript(first: Int, second: Int) -> Float {
    precondition((0..<count).contains(second), "row \(second) of \(count)")
    return values[first * count + second]
  }
}
