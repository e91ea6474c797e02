extension EarlyStopping {
  private enum CodingKeys: String, CodingKey {
    case goal, patience, minimumImprovement, epochCount, bestEpoch, bestValue
  }

  /// Reads a watch from a checkpoint.
  ///
  /// - Throws: `DecodingError` where values are missing or contradict each other.
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
