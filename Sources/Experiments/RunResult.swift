import MetricLearning

/// The result of one run: everything that the report needs of it, stored in the run's folder.
public struct RunResult: Sendable, Hashable, Codable {
  /// A test song that asked among all other songs, and what it found.
  public struct Answer: Sendable, Hashable, Codable {
    /// The song that asked, by its index among the experiment's songs.
    public var song: Int
    /// How well it found its class; nil if no other song has that class.
    public var measures: QueryMeasures?
    /// The same without songs by its own artist; nil if its artist is not known, or if no other song of the class is
    /// left.
    public var otherArtists: QueryMeasures?
    /// The measures by the Euclidean distance; nil if songs have no coordinates.
    public var euclidean: QueryMeasures?
    /// The measures by the Manhattan distance; nil if songs have no coordinates.
    public var manhattan: QueryMeasures?
    /// The nearest other songs, the nearest first: `neighbourCount` of them, or all if there are fewer.
    public var neighbours: [Int]

    /// An answer.
    package init(song: Int, measures: QueryMeasures?, neighbours: [Int]) {
      self.song = song
      self.measures = measures
      self.neighbours = neighbours
    }
  }

  /// How unevenly songs come up among the nearest `neighbourCount` neighbours of all songs; see `Hubness`.
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

  /// The number of neighbours that are kept of a query: one more than the measures need.
  static let neighbourCount = 10

  /// The version of the stored form.
  static let version = 3

  /// The version of the stored form.
  public var version = Self.version
  /// The feature set.
  public var featureSet: FeatureSet
  /// The repeat, counted from 0.
  public var repetition: Int
  /// The fold, counted from 0; nil for a random split.
  public var fold: Int?
  /// The seed of the training.
  public var randomSeed: UInt64
  /// The mean over the queries; nil if no query could be measured.
  public var metrics: QueryMeasures?
  /// What the phases of the training minimised.
  public var phases: [String] = []
  /// Every epoch, including those of a shared pre-training; empty if nothing was trained.
  public var history: [EpochRecord] = []
  /// How unevenly songs come up; nil if it was not measured in this run.
  public var hubs: Hubs?
  /// Why there are no answers: the training diverged, or no axes could be fitted to the songs; nil if there are
  /// answers.
  public var failure: String?
  /// The answers to every query.
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
