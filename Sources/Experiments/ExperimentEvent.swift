/// What an experiment reports while it runs.
public enum ExperimentEvent: Sendable {
  /// `done` of the songs have been listened to.
  case preparing(done: Int, of: Int)
  /// A song was left out.
  case leftOut(LeftOutSong)
  /// The trainings that are still to be done, and the largest number of epochs that they take in all.
  case planned(trainings: Int, epochs: Int)
  /// The map of a feature set is being made.
  case mapping(FeatureSet)
  /// An earlier start of the same experiment has already done some of the runs.
  case resumed(runs: Int, of: Int)
  /// A training has made progress.
  case progress(ExperimentProgress)
  /// A run is done; a pre-training has no result.
  case finished(split: ExperimentSplit, kind: ExperimentRun.Kind, RunResult?, ExperimentProgress)
}
