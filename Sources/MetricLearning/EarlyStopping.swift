/// Says when training has stopped getting better, and which epoch was the best.
///
/// `Codable`, so that a resumed run stops at the epoch at which the uninterrupted one would have.
public struct EarlyStopping: Sendable, Hashable, Codable {
  /// Which way is better.
  public enum Goal: String, Codable, Sendable {
    /// A loss.
    case lowest
    /// A quality, such as MAP.
    case highest
  }

  /// Which way is better.
  public let goal: Goal
  /// After how many epochs in a row without improvement to stop.
  public let patience: Int
  /// By how much an epoch must be better than the best one to count as an improvement.
  public let minimumImprovement: Double
  /// The number of epochs recorded.
  public internal(set) var epochCount = 0
  /// The epoch of the best value, counted from 0; nil before the first that is finite.
  public internal(set) var bestEpoch: Int?
  /// The best value; nil before the first that is finite.
  public internal(set) var bestValue: Double?

  /// Creates a watch that has seen no epoch. `patience` is at least 1, `minimumImprovement` at least 0.
  public init(goal: Goal, patience: Int, minimumImprovement: Double = 0) {
    precondition(patience > 0 && minimumImprovement >= 0, "patience \(patience), improvement \(minimumImprovement)")
    self.goal = goal
    self.patience = patience
    self.minimumImprovement = minimumImprovement
  }

  /// Records an epoch's value and says whether it is the new best: the moment to keep the parameters.
  ///
  /// A value that is not finite is never an improvement.
  public mutating func record(_ value: Double) -> Bool {
    defer { epochCount += 1 }
    guard value.isFinite else { return false }
    if let bestValue {
      let improvement = goal == .lowest ? bestValue - value : value - bestValue
      guard improvement > minimumImprovement else { return false }
    }
    bestEpoch = epochCount
    bestValue = value
    return true
  }

  /// Whether `patience` epochs in a row have brought no improvement.
  public var shouldStop: Bool {
    epochCount - (bestEpoch.map { $0 + 1 } ?? 0) >= patience
  }
}
