import MetricLearning

/// What one run came to: all that the report needs of it, stored in its folder.
public struct RunResult: Sendable, Hashable, Codable {
  /// One song of the test part that asked among all others.
  public struct Answer: Sendable, Hashable, Codable {
    /// The song that asked, by its place among the experiment's songs.
    public var song: Int
    /// How well it found its class; nil where no other song belongs to it.
    public var measures: QueryMeasures?
    /// The same with songs by its own artist taken out; nil where its artist is not known, or none of the class is left.
    public var otherArtists: QueryMeasures?
    /// The measures by the Euclidean distance; nil where songs have distances only.
    public var euclidean: QueryMeasures?
    /// The measures by the Manhattan distance; nil where songs have distances only.
    public var manhattan: QueryMeasures?
    /// The nearest other songs, the nearest first: `neighbourCount` of them, or all.
    public var neighbours: [Int]

    /// An answer.
    package init(song: Int, measures: QueryMeasures?, neighbours: [Int]) {
      self.song = song
      self.measures = measures
      self.neighbours = neighbours
    }
  }

  /// How unevenly songs come up among the nearest `neighbourCount` of all others; see `Hubness`.
  public struct Hubs: Sendable, Hashable, Codable {
    /// The skewness of how often songs come up.
    public var skewness: Double
    /// How often the largest hub comes up.
    public var largestOccurrence: Int
    /// The share of songs that never come up.
    public var antiHubShare: Double

    init(_ hubness: Hubness) {
      skewness = hubness.skewness
      largestOccurrence = hubness.largestOccurrence
      antiHubShare = hubness.antiHubShare
    }
  }

  /// How many neighbours of a query are kept: as many as the largest cutoff of the measures asks for, and one.
  static let neighbourCount = 10

  /// The version of this form.
  static let version = 2

  /// The version of this form.
  public var version = Self.version
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
  /// How unevenly songs come up; nil where there are no neighbours.
  public var hubs: Hubs?
  /// Why there are no answers: a training that diverged, or songs that no axes can be fitted to.
  public var failure: String?
  /// Every query.
  public var answers: [Answer] = []

  /// A result without answers.
  package init(featureSet: FeatureSet, split: ExperimentSplit) {
    self.featureSet = featureSet
    repetition = split.repetition
    fold = split.fold
    randomSeed = split.randomSeed
  }

  /// What went wrong in the last epoch, if anything.
  public var collapse: CollapseDetector.Finding? { history.last?.collapse }
}
