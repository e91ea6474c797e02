/// The mean and deviation of an item's similarities to the other items of a collection.
public struct SimilarityStatistics: Sendable, Hashable {
  /// The mean of the similarities.
  public var mean: Float
  /// Their standard deviation, above 0.
  public var deviation: Float

  /// A mean and a standard deviation.
  public init(mean: Float, deviation: Float) {
    self.mean = mean
    self.deviation = deviation
  }
}
