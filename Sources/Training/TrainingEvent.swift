import MetricLearning

/// What a training tells while it runs.
public enum TrainingEvent: Sendable {
  /// So many of the songs are in the cache.
  case preparing(done: Int, of: Int)
  /// A song was left out.
  case skipped(path: String, reason: String)
  /// The training goes on behind so many epochs of an interrupted one.
  case resumed(epochs: Int)
  /// A batch is done.
  case progress(TrainingProgress, TrainingConfiguration.Phase)
  /// An epoch is done.
  case epoch(EpochRecord, TrainingConfiguration.Phase)
}
