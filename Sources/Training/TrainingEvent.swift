import MetricLearning

/// What a training reports while it runs.
public enum TrainingEvent: Sendable {
  /// `done` of the songs are in the cache.
  case preparing(done: Int, of: Int)
  /// A song was left out.
  case skipped(path: String, reason: String)
  /// The training continues an interrupted one, after so many epochs.
  case resumed(epochs: Int)
  /// A batch is done.
  case progress(TrainingProgress, TrainingConfiguration.Phase)
  /// An epoch is done.
  case epoch(EpochRecord, TrainingConfiguration.Phase)
}
