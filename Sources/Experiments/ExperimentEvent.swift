/// What an experiment tells while it runs.
public enum ExperimentEvent: Sendable {
  /// So many of the songs have been listened to.
  case preparing(done: Int, of: Int)
  /// A song was left out.
  case leftOut(LeftOutSong)
  /// What is still to be trained, and the most epochs that it takes in all.
  case planned(trainings: Int, epochs: Int)
  /// Where songs lie by a feature set is being drawn.
  case mapping(FeatureSet)
  /// So many of the runs are done already, by an earlier start of the same experiment.
  case resumed(runs: Int, of: Int)
  /// A training goes on.
  case progress(ExperimentProgress)
  /// A run is done; without a result where it is a pre-training.
  case finished(split: ExperimentSplit, kind: ExperimentRun.Kind, RunResult?, ExperimentProgress)
}
