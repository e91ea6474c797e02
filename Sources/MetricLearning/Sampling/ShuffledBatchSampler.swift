/// Cuts a training set into batches, in a new random order every epoch: for cross-entropy.
public struct ShuffledBatchSampler: Sendable {
  /// The number of songs in the training set.
  public let songCount: Int
  /// The number of songs in a batch; the last one of an epoch may be smaller.
  public let batchSize: Int

  /// Creates a sampler over the songs 0..<`songCount`.
  public init(songCount: Int, batchSize: Int) {
    precondition(songCount >= 0 && batchSize > 0, "\(songCount) songs in batches of \(batchSize)")
    self.songCount = songCount
    self.batchSize = batchSize
  }

  /// The batches of one epoch, as indices of the training set: every song exactly once.
  public func batches(using generator: inout some RandomNumberGenerator) -> [[Int]] {
    let order = (0..<songCount).shuffled(using: &generator)
    return stride(from: 0, to: songCount, by: batchSize).map { start in
      Array(order[start..<min(start + batchSize, songCount)])
    }
  }
}
