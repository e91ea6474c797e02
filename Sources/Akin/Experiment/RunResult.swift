import MetricLearning

/// What one run came to: all that the report needs of it, stored in its folder.
public struct RunResult: Sendable, Hashable, Codable {
  /// One song of the test part that asked among all others.
  public struct Answer: Sendable, Hashable, Codable {
    /// The song that asked, by its place among the experiment's songs.
    public var song: Int
    /// How well it found its class; nil where no other song belongs to it.
    public var measures: QueryMeasures?
    /// The nearest other songs, the nearest first: `neighbourCount` of them, or all.
    public var neighbours: [Int]
  }

  /// How many neighbours of a query are kept: as many as the largest cutoff of the measures asks for, and one.
  static let neighbourCount = 10

  /// The version of this form.
  public var version = 1
  /// The feature set.
  public var featureSet: FeatureSet
  /// The repeat, counted from 0.
  public var repetition: Int
  /// The fold, counted from 0; nil for a random split.
  public var fold: Int?
  /// The seed of the training.
  public var randomSeed: UInt64
  /// The mean over the queries; nil where there was none that could be measured.
  public var metrics: QueryMeasures?
  /// What the phases of the training minimised.
  public var phases: [String] = []
  /// Every epoch, those of a shared pre-training included; empty where nothing was trained.
  public var history: [EpochRecord] = []
  /// Why there are no answers: a training that diverged.
  public var failure: String?
  /// Every query.
  public var answers: [Answer] = []

  /// A result without answers.
  init(featureSet: FeatureSet, split: ExperimentSplit) {
    self.featureSet = featureSet
    repetition = split.repetition
    fold = split.fold
    randomSeed = split.randomSeed
  }

  /// What went wrong in the last epoch, if anything.
  public var collapse: CollapseDetector.Finding? { history.last?.collapse }
}
