/// Decides when training has stopped improving, and knows the best epoch.
///
/// `Codable`, so that a resumed run stops at the same epoch as an uninterrupted one.
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
  /// The number of consecutive epochs without improvement after which to stop.
  public let patience: Int
  /// By how much an epoch must be better than the best one to count as an improvement.
  public let minimumImprovement: Double
  /// The number of epochs recorded.
  public private(set) var epochCount = 0
  /// The epoch of the best value, counted from 0; nil before the first that is finite.
  public private(set) var bestEpoch: Int?
  /// The best value; nil before the first that is finite.
  public private(set) var bestValue: Double?

  /// Creates early stopping before the first epoch. `patience` is at least 1, `minimumImprovement` at least 0.
  public init(goal: Goal, patience: Int, minimumImprovement: Double = 0) {
    precondition(patience > 0 && minimumImprovement >= 0, "patience \(patience), improvement \(minimumImprovement)")
    self.goal = goal
    self.patience = patience
    self.minimumImprovement = minimumImprovement
  }

  /// Records an epoch's value and returns whether it is the new best, so that the parameters should be kept.
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

  /// Whether `patience` consecutive epochs have brought no improvement.
  public var shouldStop: Bool {
    epochCount - (bestEpoch.map { $0 + 1 } ?? 0) >= patience
  }
}

extension EarlyStopping {
  private enum CodingKeys: String, CodingKey {
    case goal, patience, minimumImprovement, epochCount, bestEpoch, bestValue
  }

  /// Reads a state from a checkpoint.
  ///
  /// - Throws: `DecodingError` if values are missing or contradict each other.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let patience = try container.decode(Int.self, forKey: .patience)
    let minimumImprovement = try container.decode(Double.self, forKey: .minimumImprovement)
    let epochCount = try container.decode(Int.self, forKey: .epochCount)
    let bestEpoch = try container.decodeIfPresent(Int.self, forKey: .bestEpoch)
    let bestValue = try container.decodeIfPresent(Double.self, forKey: .bestValue)
    guard
      patience > 0, minimumImprovement >= 0, (0...Self.mostEpochs).contains(epochCount),
      bestEpoch.map({ (0..<epochCount).contains($0) }) ?? true, (bestEpoch == nil) == (bestValue == nil)
    else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: container.codingPath, debugDescription: "the state of early stopping contradicts itself"))
    }
    self.init(
      goal: try container.decode(Goal.self, forKey: .goal), patience: patience,
      minimumImprovement: minimumImprovement)
    self.epochCount = epochCount
    self.bestEpoch = bestEpoch
    self.bestValue = bestValue
  }

  /// More epochs than any training has; keeps a corrupted checkpoint from overflowing the count.
  private static var mostEpochs: Int { Int(Int32.max) }
}
