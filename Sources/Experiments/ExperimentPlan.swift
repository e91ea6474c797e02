import Datasets
import Foundation
import MetricLearning

/// One division of the songs: a repeat, or one fold of it.
public struct ExperimentSplit: Sendable, Hashable {
  /// The repeat, counted from 0.
  public var repetition: Int
  /// The fold that is tested on, counted from 0; nil for a random split.
  public var fold: Int?
  /// The seed of its trainings.
  public var randomSeed: UInt64
  /// Which song is what.
  public var parts: DatasetParts

  /// A division.
  package init(repetition: Int, fold: Int?, randomSeed: UInt64, parts: DatasetParts) {
    self.repetition = repetition
    self.fold = fold
    self.randomSeed = randomSeed
    self.parts = parts
  }

  /// The name of its folder: "repeat-01" or "repeat-01-fold-1", counted from 1 as people do.
  public var name: String {
    let number = String(repetition + 1)
    let padded = "repeat-" + String(repeating: "0", count: max(0, 2 - number.count)) + number
    return fold.map { "\(padded)-fold-\($0 + 1)" } ?? padded
  }
}

/// One piece of work of an experiment, with a folder of its own.
public struct ExperimentRun: Sendable, Hashable {
  /// What is done.
  public enum Kind: Sendable, Hashable {
    /// Cross-entropy, from which the strategies go on.
    case pretraining
    /// A feature set is made, by training where it needs that, and judged.
    case featureSet(FeatureSet)

    /// The name of the folder.
    public var name: String {
      switch self {
      case .pretraining: "pretraining"
      case .featureSet(let featureSet): featureSet.rawValue
      }
    }
  }

  /// The split, as an index of the plan's.
  public var split: Int
  /// What is done.
  public var kind: Kind
}

/// Everything that an experiment does, in order: it follows from the songs and the configuration alone.
///
/// A repeat depends on the seed and its number only, so an experiment can be given more repeats later.
public struct ExperimentPlan: Sendable, Hashable {
  /// The divisions of the songs.
  public let splits: [ExperimentSplit]
  /// The work; a split's pre-training comes before what goes on from it.
  public let runs: [ExperimentRun]

  /// Plans an experiment on songs that all can be heard.
  ///
  /// - Throws: `StratifiedSplitError` for fewer than three folds, `DatasetError` where a part would be empty.
  public init(_ configuration: ExperimentConfiguration, songs: Manifest) throws {
    var splits: [ExperimentSplit] = []
    for repetition in 0..<configuration.repeats {
      let seed = configuration.randomSeed &+ UInt64(repetition)
      let splitting = DatasetSplitting(groupingKey: configuration.groupingKey, randomSeed: seed)
      guard let count = configuration.folds else {
        let parts = splitting.parts(of: songs, shares: try StratifiedSplit())
        splits.append(ExperimentSplit(repetition: repetition, fold: nil, randomSeed: seed, parts: parts))
        continue
      }
      let folds = splitting.folds(of: songs, folds: try StratifiedFolds(count: count))
      splits += folds.indices.map { fold in
        // Other weights and batches in every fold: in the high half, so that no other repeat draws the same.
        ExperimentSplit(
          repetition: repetition, fold: fold, randomSeed: seed ^ UInt64(fold) << 32,
          parts: DatasetParts(folds: folds, test: fold))
      }
    }
    for split in splits {
      for (name, part) in split.parts.named where part.songs.isEmpty {
        throw DatasetError(
          path: songs.folder.path, reason: "\(split.name) would have no \(name) song",
          remedy: "Give more songs, or fewer --folds.")
      }
    }
    self.splits = splits
    let kinds =
      (configuration.hasPretraining ? [.pretraining] : [])
      + configuration.featureSets.map(ExperimentRun.Kind.featureSet)
    runs = splits.indices.flatMap { split in kinds.map { ExperimentRun(split: split, kind: $0) } }
  }
}
