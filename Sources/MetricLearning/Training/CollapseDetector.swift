/// Notices that a training with triplets has collapsed: the network maps every song to the same embedding.
///
/// All distances are then 0 and every triplet's loss is the margin, a saddle point that gradient descent seldom leaves
/// (the paper met it with hard mining, section 3). There are two signs, which count after `patience` consecutive
/// epochs, since an untrained network may show either at first:
/// - the embeddings are alike: `EmbeddingMatrix.relativeSpread` of the validation set is below `leastSpread`;
/// - the loss stays at the margin: the mean over all triplets of an epoch is within `marginTolerance · α` of α.
///
/// A loss or spread that is not finite is reported at once.
public struct CollapseDetector: Sendable, Hashable, Codable {
  /// What went wrong.
  public enum Finding: String, Codable, Sendable, CustomStringConvertible {
    /// Parameters have overflowed.
    case notFinite
    /// All embeddings are nearly the same.
    case embeddingsAlike
    /// The mean loss does not leave the margin.
    case lossAtMargin

    /// What is wrong and what to do about it.
    public var description: String {
      switch self {
      case .notFinite:
        "the training diverged: the loss is no longer a number; lower the learning rate"
      case .embeddingsAlike:
        """
        the training collapsed: all embeddings are nearly the same; pre-train for longer, lower the learning rate \
        or choose semi-hard mining
        """
      case .lossAtMargin:
        """
        the training seems to have collapsed: the loss stays at the margin; pre-train for longer, change the \
        learning rate or choose semi-hard mining
        """
      }
    }
  }

  /// α of the loss.
  public let margin: Double
  /// The number of consecutive epochs after which a sign counts.
  public let patience: Int
  /// The relative spread below which embeddings are alike.
  public let leastSpread: Double
  /// How far from the margin a mean loss may be to count as at it, relative to the margin.
  public let marginTolerance: Double
  /// Consecutive epochs with each sign, counted up to `patience`.
  private var alikeEpochs = 0
  private var atMarginEpochs = 0

  /// Creates a detector that has seen no epoch.
  public init(margin: Float, patience: Int = 3, leastSpread: Double = 0.01, marginTolerance: Double = 0.01) {
    precondition(patience > 0, "patience \(patience)")
    self.margin = Double(margin)
    self.patience = patience
    self.leastSpread = leastSpread
    self.marginTolerance = marginTolerance
  }

  /// Records an epoch and says what is wrong, if anything.
  ///
  /// - Parameters:
  ///   - meanLoss: the loss divided by the number of triplets; nil if the epoch had none.
  ///   - spread: `relativeSpread` of the validation set's embeddings, in 0...1.
  public mutating func record(meanLoss: Double?, spread: Double) -> Finding? {
    guard spread.isFinite && meanLoss?.isFinite ?? true else { return .notFinite }
    alikeEpochs = spread < leastSpread ? counted(alikeEpochs) : 0
    if let meanLoss {
      let isAtMargin = abs(meanLoss - margin) <= marginTolerance * margin
      atMarginEpochs = isAtMargin ? counted(atMarginEpochs) : 0
    }
    if alikeEpochs >= patience { return .embeddingsAlike }
    return atMarginEpochs >= patience ? .lossAtMargin : nil
  }

  private func counted(_ epochs: Int) -> Int {
    epochs < patience ? epochs + 1 : epochs
  }
}
