/// The progress of a training, for display.
public struct TrainingProgress: Sendable {
  /// The phase, counted from 0.
  public var phase: Int
  /// The current epoch in its phase, counted from 1.
  public var epoch: Int
  /// Batches done in this epoch.
  public var batch: Int
  /// Batches of this epoch.
  public var batchCount: Int
  /// Batches done since the training began or resumed.
  public var batchesDone: Int
  /// Songs trained on since the training began or resumed; a song counts once for each time.
  public var songs: Int
  /// The mean loss of the epoch so far; nil before its first term.
  public var loss: Double?
  /// The share of active triplets of the epoch so far; nil for other losses than triplet loss.
  public var activeTripletFraction: Double?
}
