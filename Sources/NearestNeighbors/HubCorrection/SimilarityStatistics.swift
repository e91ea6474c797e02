/// How similar an item is to those of a collection, itself left out.
public struct SimilarityStatistics: Sendable, Hashable {
  /// The mean of its similarities.
  public var mean: Float
  /// Their standard deviation, above 0.
  public var deviation: Float

  /// A mean and a standard deviation.
  public init(mean: Float, deviation: Float) {
    self.mean = mean
    self.deviation = deviation
  }
}
