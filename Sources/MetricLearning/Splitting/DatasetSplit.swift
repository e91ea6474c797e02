/// Which songs of a dataset are for training, validation and test: ascending indices, no song in two parts.
public struct DatasetSplit: Sendable, Hashable {
  /// The songs that the network learns from.
  public var training: [Int]
  /// The songs that decide when to stop.
  public var validation: [Int]
  /// The songs that no decision is based on.
  public var test: [Int]

  /// Creates a split; the indices are put in ascending order.
  public init(training: [Int] = [], validation: [Int] = [], test: [Int] = []) {
    self.training = training.sorted()
    self.validation = validation.sorted()
    self.test = test.sorted()
  }
}
