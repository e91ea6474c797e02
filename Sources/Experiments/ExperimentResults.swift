import Datasets
import MetricLearning

/// The results of an experiment: everything that its report is made of.
public struct ExperimentResults: Sendable, Hashable {
  /// What was compared.
  public var configuration: ExperimentConfiguration
  /// The songs; answers refer to them by index.
  public var songs: Manifest
  /// The songs that took no part.
  public var leftOut: [LeftOutSong]
  /// The results of all runs.
  public var results: [RunResult]
  /// The maps of the songs by each feature set.
  public var maps: [FeatureMap] = []

  /// Results without maps.
  public init(
    configuration: ExperimentConfiguration, songs: Manifest, leftOut: [LeftOutSong], results: [RunResult]
  ) {
    self.configuration = configuration
    self.songs = songs
    self.leftOut = leftOut
    self.results = results
  }

  /// The results of a feature set, in the order of the splits.
  func results(of featureSet: FeatureSet) -> [RunResult] { results.filter { $0.featureSet == featureSet } }

  /// The answers of a feature set in each repeat; those of all folds are joined.
  func answers(of featureSet: FeatureSet) -> [[RunResult.Answer]] {
    Dictionary(grouping: results(of: featureSet), by: \.repetition).sorted { $0.key < $1.key }
      .map { $0.value.flatMap(\.answers) }
  }
}

extension ExperimentResults {
  /// The measures of a feature set, as means over the repeats; nil if no query could be measured.
  public func mean(of featureSet: FeatureSet) -> QueryMeasures? {
    QueryMeasures(
      meanOf: answers(of: featureSet).compactMap { QueryMeasures(meanOf: $0.compactMap(\.measures)) })
  }
}
